// A line of the screen: pieces of text with roles.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Core;

namespace BootConsole.Appliance.Terminal;

/// <summary>A piece of a line.</summary>
/// <param name="Text">Its text, free of control characters.</param>
/// <param name="Role">What it is for.</param>
internal readonly record struct Piece(string Text, Role Role);

/// <summary>A line. Whatever text is put into it, no control character of it reaches a terminal.</summary>
internal readonly record struct TextLine(ImmutableArray<Piece> Pieces)
{
    /// <summary>An empty line.</summary>
    internal static TextLine Empty { get; } = new([]);

    /// <summary>A line of one piece.</summary>
    internal static TextLine Of(string text, Role role = Role.Normal) => Empty.And(text, role);

    /// <summary>The line with a piece more.</summary>
    internal TextLine And(string text, Role role = Role.Normal) => text.Length == 0 ? this : new(Pieces.Add(new Piece(PlainText.Of(text), role)));

    /// <summary>The line with spaces until a column.</summary>
    internal TextLine To(int column) => Width < column ? And(new string(' ', column - Width)) : And(" ");

    /// <summary>The same text in one role.</summary>
    internal TextLine In(Role role) => Of(Text, role);

    /// <summary>How many cells it takes.</summary>
    internal int Width => Pieces.Sum(piece => TextCells.Width(piece.Text));

    /// <summary>Its text alone.</summary>
    internal string Text => string.Concat(Pieces.Select(piece => piece.Text));
}
