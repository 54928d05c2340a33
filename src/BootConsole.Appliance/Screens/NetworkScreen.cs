// The network: what it is like, what it shall be, and whether it leads to the server.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;

namespace BootConsole.Appliance.Screens;

/// <summary>Shows, sets up and tests the network.</summary>
internal sealed record NetworkScreen : Screen
{
    private const string Address = "Address", Gateway = "Gateway", Dns = "Name servers", Vlan = "VLAN";

    /// <summary>What it is like; null before it was looked at.</summary>
    public NetworkView? Seen { get; init; }

    /// <summary>What is being typed; null while nothing is.</summary>
    public Form? Typed { get; init; }

    /// <summary>What is wrong with what was typed.</summary>
    public string Complaint { get; init; } = "";

    /// <summary>What is under way; empty for nothing.</summary>
    public string Doing { get; init; } = "";

    /// <summary>How the set-up went; null before.</summary>
    public SetupReport? Report { get; init; }

    /// <summary>How the test went; null before.</summary>
    public IReadOnlyList<NetworkCheck>? Checks { get; init; }

    /// <summary>Why something was not done.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Network";

    internal override IReadOnlyList<string> Help =>
    [
        "The cards of this PC with link, address and gateway. T tries the way to the server step by step: cable, address, gateway, name, server; the first step that fails is where to look.",
        "S gives the PC another address, until it is switched off: the settings on the medium stay as they are. 'dhcp' asks the network for one; a fixed address has its prefix length, as 192.0.2.17/24. Only a PC that was started from a BootConsole medium is changed.",
    ];

    internal override IReadOnlyList<Effect> Begin() => [new LookAtNetwork()];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        NetworkSeen seen => Turn.Stay(this with { Seen = seen.View }),
        NetworkApplied applied when Doing.Length > 0 => Turn.Stay(this with { Doing = "", Report = applied.Report, Trouble = null }, new LookAtNetwork()),
        NetworkTested tested when Doing.Length > 0 => Turn.Stay(this with { Doing = "", Checks = tested.Checks, Trouble = null }),
        EffectFailed { Effect: LookAtNetwork or ApplyNetwork or TestNetwork } failed => Turn.Stay(this with { Doing = "", Trouble = failed.Report }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Typed is null ? Turn.Back(this) : Turn.Stay(this with { Typed = null, Complaint = "" }),
        KeyPressed when Doing.Length > 0 => Turn.Stay(this),
        KeyPressed pressed => Typed is { } form ? Type(pressed.Key, form, facts) : Press(pressed.Key, facts),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble ?? (Complaint.Length > 0 ? new FaultReport(Complaint, "Nothing was changed.", "") : null);

    internal override Prompt Ask(View view) => Doing.Length > 0 ? new WaitPrompt(Doing) : Seen is null && Trouble is null ? new WaitPrompt("looking at the network") : Typed is { } form ? new FormPrompt(form) : new KeyPrompt();

    internal override Page Show(View view)
    {
        List<TextLine> lines = [];
        if (Typed is { } form) return Editing(form, view);
        if (Seen is null && Trouble is null) lines.Add(PageText.Waiting(view, "Looking at the network"));
        foreach (var card in Seen?.Cards ?? []) lines.AddRange(Card(card, view));
        if (Seen is { Cards.Count: 0 }) lines.AddRange(PageText.Wrapped("This PC has no network card that the kernel knows.", view.Width, Role.Warning));
        if (Seen is { } seen) lines.Add(TextLine.Of($"Name servers: {(seen.Dns.Count > 0 ? string.Join(", ", seen.Dns) : "none")}"));
        if (Doing.Length > 0) lines.AddRange([TextLine.Empty, PageText.Waiting(view, Doing)]);
        if (Report is { } report)
        {
            lines.Add(TextLine.Empty);
            foreach (var done in report.Done) lines.AddRange(PageText.Wrapped(done, view.Width, Role.Good));
            foreach (var trouble in report.Troubles) lines.AddRange([.. PageText.Wrapped(trouble.What, view.Width, Role.Bad, "Trouble: "), .. PageText.Wrapped(trouble.Remedy, view.Width, Role.Normal, "To do:   ")]);
        }

        if (Checks is { } checks) lines.Add(TextLine.Empty);
        foreach (var check in Checks ?? []) lines.AddRange(PageText.Wrapped(check.Words, view.Width, check.IsGood ? Role.Normal : Role.Bad, $"{(check.IsGood ? "ok" : "NO"),-4}{check.Step,-9}"));
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        return new Page { Lines = lines, Focus = lines.Count - 1, Keys = [("T", "Test"), ("S", "Set up"), ("R", "Look again"), ("Esc", "Back")] };
    }

    private static IEnumerable<TextLine> Card(CardView card, View view)
    {
        yield return TextLine.Of(TextCells.Fit($"{card.Name,-10}{(card.HasLink ? "link   " : "no link")}  {card.Mac}", view.Width, view.Look.Cut), Role.Strong);
        foreach (var line in PageText.Wrapped($"{(card.Addresses.Count > 0 ? string.Join(", ", card.Addresses) : "no address")}{(card.Gateways.Count > 0 ? $", gateway {string.Join(", ", card.Gateways)}" : "")}", view.Width, Role.Normal, "          ")) yield return line;
    }

    private Page Editing(Form form, View view)
    {
        List<TextLine> lines = [.. PageText.Wrapped("What shall the network be, until this PC is switched off?", view.Width, Role.Strong), TextLine.Empty];
        var (shown, focus, cursor) = form.Show(view);
        var first = lines.Count;
        lines.AddRange(shown);
        if (Complaint.Length > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(Complaint, view.Width, Role.Bad)]);
        return new Page { Lines = lines, Focus = first + focus, Cursor = cursor is { } place ? (first + place.Line, place.Column) : null, Keys = [("Enter", "Set up"), ("Esc", "Never mind")] };
    }

    private Turn Press(Key key, Facts facts)
    {
        if (key.Is('t')) return Turn.Stay(this with { Doing = "trying the way to the server", Checks = null, Trouble = null }, new TestNetwork(facts.Stores.Select(store => store.Address).OfType<SftpAddress>().FirstOrDefault()));
        if (key.Is('r')) return Turn.Stay(this with { Trouble = null }, new LookAtNetwork());
        return key.Is('s') ? Turn.Stay(this with { Typed = Form(TypedNetwork.Of(facts.Machine)), Complaint = "", Trouble = null }) : Turn.Stay(this);
    }

    private Turn Type(Key key, Form form, Facts facts)
    {
        if (key.Code != KeyCode.Enter) return Turn.Stay(this with { Typed = form.Take(key), Complaint = "" });
        var (settings, complaint) = new TypedNetwork(form[Address], form[Gateway], form[Dns], form[Vlan]).ApplyTo(facts.Machine);
        if (settings is null) return Turn.Stay(this with { Complaint = complaint });
        return Turn.Stay(this with { Typed = null, Complaint = "", Doing = "setting the network up", Report = null, Checks = null }, new ApplyNetwork(settings));
    }

    private static Form Form(TypedNetwork typed) => Screens.Form.Of(
        new TypedField(Address, "dhcp, none, or an address with prefix length such as 192.0.2.17/24.", TextField.Of(typed.Address)),
        new TypedField(Gateway, "The way out of a fixed address's network; empty for none.", TextField.Of(typed.Gateway)),
        new TypedField(Dns, "Addresses, with commas between; empty for those of DHCP.", TextField.Of(typed.Dns)),
        new TypedField(Vlan, "1 to 4094; empty for untagged frames.", TextField.Of(typed.Vlan)));
}
