// The whole console as one value, and how a message changes it.
using System.Collections.Immutable;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>The state of the console.</summary>
/// <param name="Screens">Open screens, the first one at the bottom; never empty.</param>
/// <param name="Facts">The surroundings.</param>
/// <param name="Size">The terminal's size.</param>
internal sealed record ConsoleModel(ImmutableList<Screen> Screens, Facts Facts, TerminalSize Size)
{
    private const int MostLogLines = 5000;

    /// <summary>True while help lies over the screen.</summary>
    public bool ShowsHelp { get; init; }

    /// <summary>The screen that takes the keys.</summary>
    internal Screen Top => Screens[^1];

    /// <summary>The console at its menu.</summary>
    internal static ConsoleModel Of(Facts facts, TerminalSize size) => new([new WelcomeScreen()], facts, size);

    /// <summary>The console at its start: the menu, or above it how an unattended job ended, or the way to the key that is missing, or what the settings offer first.</summary>
    internal static (ConsoleModel Model, IReadOnlyList<Effect> Effects) Begin(Facts facts, TerminalSize size)
    {
        var model = Of(facts, size);
        if (facts.Ended is { } ended) return (model with { Screens = model.Screens.Add(new EndScreen(WorkKind.Backup, "", ended)), Facts = facts with { Log = [.. facts.Log, .. ended.Lines.Select(line => LogLine.Of(facts.Now, line))] } }, []);
        if (facts.Assistant is not null) model = model with { Screens = model.Screens.Add(new AssistantScreen(facts.Assistant)) };
        // What needs the server begins when there is a key, or nobody wants one.
        if (facts.Enrolment is not null) model = model with { Screens = model.Screens.Add(new EnrolScreen(facts.Enrolment)) };
        return (model, model.Top.Begin());
    }

    /// <summary>The console after a message, and what is to be done.</summary>
    internal (ConsoleModel Model, IReadOnlyList<Effect> Effects) Take(Message message) => message switch
    {
        Resized resized => (this with { Size = resized.Size }, [new Repaint()]),
        KeyPressed { Key.Code: KeyCode.Redraw } => (this, [new Repaint()]),
        KeyPressed when ShowsHelp => (this with { ShowsHelp = false }, []),
        KeyPressed { Key.Code: KeyCode.F1 } => (this with { ShowsHelp = true }, []),
        KeyPressed => Step(Screens.Count - 1, message),
        _ => TakeByAll(message),
    };

    // Answers go to every open screen, from the top: a list below wants its answer although something was opened above it.
    private (ConsoleModel, IReadOnlyList<Effect>) TakeByAll(Message message)
    {
        var model = this with { Facts = Note(message) };
        List<Effect> effects = [];
        for (var index = Screens.Count - 1; index >= 0; index--)
        {
            if (index >= model.Screens.Count) continue;
            var (next, asked) = model.Step(index, message);
            model = next;
            effects.AddRange(asked);
        }

        return (model, effects);
    }

    private (ConsoleModel, IReadOnlyList<Effect>) Step(int index, Message message)
    {
        var turn = Screens[index].Take(message, Facts);
        var model = this with { Screens = Screens.SetItem(index, turn.Self) };
        // Only the uppermost screen leads anywhere: nothing moves under a person's fingers.
        if (turn.Way == Way.Stay || index != Screens.Count - 1) return (model, turn.Effects);
        return turn.Way switch
        {
            Way.Open => (model with { Screens = model.Screens.Add(turn.Next!) }, [.. turn.Effects, .. turn.Next!.Begin()]),
            Way.Replace => (model with { Screens = model.Screens.SetItem(index, turn.Next!) }, [.. turn.Effects, .. turn.Next!.Begin()]),
            Way.Back when index > 0 => model.Uncovered(index, turn.Effects),
            Way.StartOver when Screens.FindIndex(screen => screen.StartsOver) is var first && first > 0 && first < index => model.Uncovered(first + 1, turn.Effects),
            Way.StartOver or Way.Home => model.Uncovered(1, turn.Effects),
            _ => (model, turn.Effects),
        };
    }

    private (ConsoleModel, IReadOnlyList<Effect>) Uncovered(int count, IReadOnlyList<Effect> effects)
    {
        var left = Screens.RemoveRange(count, Screens.Count - count);
        var again = left[^1].Again();
        return (this with { Screens = left.SetItem(left.Count - 1, again.Self) }, [.. effects, .. again.Effects]);
    }

    private Facts Note(Message message)
    {
        if (message is Ticked tick) return Facts with { Now = tick.Now };
        var facts = message is EnrolmentSeen { Pc: not null } ? Facts with { Enrolment = null } : Facts;
        IEnumerable<string> lines = message switch
        {
            WorkProgressed progress => progress.Events,
            WorkEnded end => [.. end.End.Lines, .. end.End.Report is { } report ? (string[])[$"{end.End.Outcome}: {report.What}"] : []],
            EffectFailed failed => [$"{failed.Report.What}"],
            EnrolmentSeen { Pc: { } pc } => [$"{pc.Pc} has its key, until it is switched off."],
            _ => [],
        };
        var noted = lines.Select(line => LogLine.Of(Facts.Now, line)).ToList();
        return noted.Count == 0 ? facts : facts with { Log = [.. facts.Log.Concat(noted).TakeLast(MostLogLines)] };
    }
}
