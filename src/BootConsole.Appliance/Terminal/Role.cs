// What a piece of text is for. A look turns it into colours, or into nothing: what matters is said in words besides.
namespace BootConsole.Appliance.Terminal;

/// <summary>The role of a piece of text on the screen.</summary>
internal enum Role
{
    /// <summary>Text.</summary>
    Normal,

    /// <summary>Text that matters less.</summary>
    Dim,

    /// <summary>A heading, the bar at the top.</summary>
    Title,

    /// <summary>Text that stands out.</summary>
    Strong,

    /// <summary>The row or field that takes the keys.</summary>
    Chosen,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Worth a second look.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Bad,

    /// <summary>The name of a key.</summary>
    Key,
}
