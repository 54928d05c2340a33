// Keys as screens know them.
namespace BootConsole.Appliance.Terminal;

/// <summary>A key, or what a terminal reports as one.</summary>
internal enum KeyCode
{
    /// <summary>A character; see <see cref="Key.Text"/>.</summary>
    Character,

    /// <summary>Text that was pasted.</summary>
    Paste,

    Enter,
    Escape,
    Tab,
    BackTab,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    Delete,
    Backspace,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,

    /// <summary>Ctrl-C.</summary>
    Interrupt,

    /// <summary>Ctrl-L.</summary>
    Redraw,

    /// <summary>Anything else, which nothing listens to.</summary>
    Unknown,
}

/// <summary>A key press.</summary>
/// <param name="Code">Which key.</param>
/// <param name="Text">The character, or the pasted text; empty for all other keys.</param>
internal readonly record struct Key(KeyCode Code, string Text = "")
{
    public static implicit operator Key(KeyCode code) => new(code);

    /// <summary>True for this character, in either case.</summary>
    internal bool Is(char character) => Code == KeyCode.Character && Text.Length == 1 && char.ToLowerInvariant(Text[0]) == char.ToLowerInvariant(character);
}
