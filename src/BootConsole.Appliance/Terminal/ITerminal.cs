// The seam to the terminal: pictures out, keys in.
namespace BootConsole.Appliance.Terminal;

/// <summary>A terminal that shows full-screen pictures.</summary>
internal interface ITerminal
{
    /// <summary>Its size now.</summary>
    TerminalSize Size { get; }

    /// <summary>Takes the whole screen and the keyboard. May be called again, when somebody else had them meanwhile.</summary>
    void Enter();

    /// <summary>Gives both back as they were. May be called again.</summary>
    void Leave();

    /// <summary>Waits for bytes of the keyboard.</summary>
    /// <returns>How many; 0 when none came in time, -1 when the terminal is gone.</returns>
    int Read(Span<byte> buffer, TimeSpan wait);

    /// <summary>Writes control sequences and text.</summary>
    /// <returns>False when the terminal is gone.</returns>
    bool Write(string text);
}
