// Fields one below another: text that is typed, and choices that the arrow keys turn.
using System.Collections.Immutable;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>One field of a form.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Hint">What it means, shown while it has the keys.</param>
internal abstract record Field(string Label, string Hint)
{
    /// <summary>What it says now.</summary>
    internal abstract string Value { get; }

    /// <summary>The field after a key.</summary>
    internal abstract Field Take(Key key);
}

/// <summary>A field that is typed.</summary>
internal sealed record TypedField(string Label, string Hint, TextField Text) : Field(Label, Hint)
{
    internal override string Value => Text.Text;

    internal override Field Take(Key key) => this with { Text = Text.Take(key) };
}

/// <summary>A field with a few values.</summary>
internal sealed record ChoiceField(string Label, string Hint, ImmutableArray<string> Choices, int Index = 0) : Field(Label, Hint)
{
    internal override string Value => Choices[Index];

    internal override Field Take(Key key) => key switch
    {
        { Code: KeyCode.Right } or { Code: KeyCode.Character, Text: " " } => this with { Index = (Index + 1) % Choices.Length },
        { Code: KeyCode.Left } => this with { Index = (Index + Choices.Length - 1) % Choices.Length },
        _ => this,
    };
}

/// <summary>Fields, and which of them has the keys.</summary>
internal sealed record Form(ImmutableArray<Field> Fields, int Focus = 0)
{
    private const int LabelCells = 18;

    internal static Form Of(params ReadOnlySpan<Field> fields) => new([.. fields]);

    /// <summary>What a field says.</summary>
    internal string this[string label] => Fields.First(field => field.Label == label).Value;

    /// <summary>The place of a choice field's value.</summary>
    internal int IndexOf(string label) => ((ChoiceField)Fields.First(field => field.Label == label)).Index;

    /// <summary>The form after a key.</summary>
    internal Form Take(Key key) => key.Code switch
    {
        KeyCode.Up or KeyCode.BackTab => this with { Focus = Math.Max(0, Focus - 1) },
        KeyCode.Down or KeyCode.Tab => this with { Focus = Math.Min(Fields.Length - 1, Focus + 1) },
        _ => this with { Fields = Fields.SetItem(Focus, Fields[Focus].Take(key)) },
    };

    /// <summary>The form in lines, with the line and column of the cursor.</summary>
    internal (IReadOnlyList<TextLine> Lines, int Focus, (int Line, int Column)? Cursor) Show(View view)
    {
        List<TextLine> lines = [];
        (int, int)? cursor = null;
        var focus = 0;
        foreach (var (index, field) in Fields.Index())
        {
            var isChosen = index == Focus;
            if (isChosen) focus = lines.Count;
            var line = TextLine.Of(isChosen ? $"{view.Look.Pointer} " : "  ", Role.Strong).And(field.Label, isChosen ? Role.Strong : Role.Normal).To(LabelCells + 2);
            var width = Math.Max(4, view.Width - line.Width - 2);
            switch (field)
            {
                case TypedField typed:
                    var (text, column) = typed.Text.Window(width - 1);
                    if (isChosen) cursor = (lines.Count, line.Width + 1 + column);
                    line = line.And("[").And(text + new string(' ', Math.Max(0, width - TextCells.Width(text))), isChosen ? Role.Chosen : Role.Normal).And("]");
                    break;
                case ChoiceField choice:
                    line = line.And("< ").And(TextCells.Fit(choice.Value, width - 2, view.Look.Cut), isChosen ? Role.Chosen : Role.Normal).And(" >");
                    break;
            }

            lines.Add(line);
            if (isChosen) lines.AddRange(PageText.Wrapped(field.Hint, view.Width, Role.Dim, new string(' ', LabelCells + 2)));
        }

        return (lines, focus, cursor);
    }
}
