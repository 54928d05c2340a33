// How an image is restored: everything or what differs, which partitions, free space, ids, growth.
using System.Globalization;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Screens;

/// <summary>The choices of a restore.</summary>
internal sealed record RestoreFormScreen(RestoreOrder Order, Form Form, string Complaint = "") : Screen
{
    private const string What = "Write", Partitions = "Partitions", Free = "Unused space", Ids = "Disk ids", Grow = "Larger disk";

    internal override string Title => "How?";

    internal override IReadOnlyList<string> Help =>
    [
        "'only what differs' reads the target first and fetches only what is not there already: quick when the disk was restored from an earlier image, and the way to go on with a restore that was cut off.",
        "New ids: for a copy that will be in one PC with the original. A system that finds its disk by id may then not start without repair.",
        "A larger disk: the last partition and its file system (ext2/3/4, NTFS) can be grown to the end.",
    ];

    internal static RestoreFormScreen Of(RestoreOrder order) => new(order, Form.Of(
        new ChoiceField(What, "Everything, or only the chunks in which the target differs from the image.", ["everything", "only what differs"]),
        new TypedField(Partitions, "Numbers such as 1 3, to restore these alone; empty for the whole disk. The target must have the same partitions.", new TextField()),
        new ChoiceField(Free, "What becomes of space that nothing uses.", ["leave as it is", "tell the disk (discard)", "overwrite with zeros"]),
        new ChoiceField(Ids, "New ids for a copy beside the original.", ["as in the image", "new ones"]),
        new ChoiceField(Grow, "Grow the last partition into the room of a larger disk.", ["leave the rest empty", "grow the last partition"])));

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed { Key.Code: KeyCode.Enter } => Enter(),
        KeyPressed pressed => Turn.Stay(this with { Form = Form.Take(pressed.Key), Complaint = "" }),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Complaint.Length > 0 ? new FaultReport(Complaint, "Nothing was written.", "") : null;

    internal override Prompt Ask(View view) => new FormPrompt(Form);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [.. PageText.Wrapped($"{Order.Image.Id} onto {string.Join(", ", Order.Pairs.Select(pair => $"{pair.Target.Info.CanonicalPath} ({ByteSize.Format(pair.Target.Info.Length)})"))}", view.Width, Role.Strong), TextLine.Empty];
        var first = lines.Count;
        var (shown, focus, cursor) = Form.Show(view);
        lines.AddRange(shown);
        if (Complaint.Length > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(Complaint, view.Width, Role.Bad)]);
        return new Page
        {
            Lines = lines,
            Focus = first + focus,
            Cursor = cursor is { } place ? (first + place.Line, place.Column) : null,
            Keys = [("Left/Right", "Change"), ("Enter", "Go on"), ("Esc", "Back")],
        };
    }

    private Turn Enter()
    {
        List<int> numbers = [];
        foreach (var word in Form[Partitions].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || numbers.Contains(number))
                return Turn.Stay(this with { Complaint = $"'{word}' is no partition number, or is there twice. Give numbers from 1, such as 1 3." });
            numbers.Add(number);
        }

        var options = new RestoreOptions
        {
            OnlyDifferences = Form.IndexOf(What) == 1,
            Partitions = numbers,
            Unused = (UnusedSpace)Form.IndexOf(Free),
            NewIds = Form.IndexOf(Ids) == 1,
            GrowLast = Form.IndexOf(Grow) == 1,
        };
        if (numbers.Count > 0 && (options.NewIds || options.GrowLast)) return Turn.Stay(this with { Complaint = "New ids and growing change the whole disk's table; they do not go with single partitions." });
        if (numbers.Count > 0 && Order.Pairs.Count > 1) return Turn.Stay(this with { Complaint = "Single partitions can be restored onto one disk at a time." });
        return Turn.Open(this, new OverwriteScreen(Order with { Options = options }));
    }
}
