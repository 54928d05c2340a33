// Standard input as lines, for questions that are asked in lines.
using System.Security.Cryptography;
using System.Text;
using BootConsole.Host;
using Microsoft.Win32.SafeHandles;

namespace BootConsole.Appliance.Terminal;

/// <summary>
/// Reads lines from a pipe, or from a terminal as the terminal itself edits and shows them. <see cref="Console"/> would do both by itself, and show what is to be unseen.
/// </summary>
internal sealed class LineInput : IDisposable
{
    private readonly TerminalDevice? _device = TerminalDevice.TryOpenKeyboard();
    private readonly FileStream _input = new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="ask">Writes the question. What is secret is not shown from before it on: whoever types at once must not be seen.</param>
    /// <param name="isSecret">True for a password: a terminal does not show it.</param>
    /// <returns>The line without its end; null when there are no more, or the terminal is gone.</returns>
    internal string? Ask(Action ask, bool isSecret)
    {
        if (isSecret) _device?.Echo(false);
        try
        {
            ask();
            return ReadLine();
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            if (isSecret) _device?.Echo(true);
        }
    }

    public void Dispose()
    {
        _device?.Dispose();
        _input.Dispose();
    }

    // Byte by byte: what comes after the line is for whoever reads next, a shell perhaps.
    private string? ReadLine()
    {
        using var line = new MemoryStream();
        int next;
        while ((next = _input.ReadByte()) >= 0 && next != '\n') line.WriteByte((byte)next);
        if (next < 0 && line.Length == 0) return null;
        var text = Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
        CryptographicOperations.ZeroMemory(line.GetBuffer());
        return text.TrimEnd('\r');
    }
}
