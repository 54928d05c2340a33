// The console for those who cannot see it, and for lines that cannot show it: the same screens, one question after another.
using System.Globalization;
using System.Threading.Channels;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;

namespace BootConsole.Appliance.Workbench;

/// <summary>Asks in lines. An empty answer is Enter, <c>&lt;</c> goes back, <c>?</c> helps; a letter is the key of that name.</summary>
/// <param name="ask">Writes a question and reads a line, unseen where it says so; null at the end of the input.</param>
/// <param name="write">Writes a line.</param>
/// <param name="bench">Does what the screens ask for.</param>
/// <param name="clock">The clock.</param>
/// <param name="shell">Runs a shell.</param>
internal sealed class PlainRunner(Func<Action, bool, string?> ask, Action<string> write, IWorkbench bench, TimeProvider clock, Func<Task> shell)
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(5);
    private static readonly TerminalSize Size = new(200, 60);

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();
    private ConsoleModel _model = null!;
    private CancellationToken _cancel;
    private bool _isOver;

    /// <summary>True when the console was ended by <see cref="BeginJob"/>.</summary>
    internal bool WantsJob { get; private set; }

    /// <summary>Runs until the person leaves, the input ends, or the token is given.</summary>
    internal async Task RunAsync(Facts facts, CancellationToken cancel)
    {
        (_model, var effects) = ConsoleModel.Begin(facts with { Now = clock.GetLocalNow() }, Size);
        _cancel = cancel;
        try
        {
            await DoAsync(effects);
            await RunAsync();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Asked to end by a signal: what runs is stopped and kept by the workbench.
        }
    }

    private async Task RunAsync()
    {
        Screen? asked = null;
        while (!_isOver)
        {
            _cancel.ThrowIfCancellationRequested();
            await TakeAnswersAsync();
            var (screen, prompt) = (_model.Top, _model.Top.Ask(View));
            if (prompt is WaitPrompt wait)
            {
                await WaitAsync(wait);
                continue;
            }

            if (!ReferenceEquals(screen, asked)) Say(screen, prompt);
            asked = screen;
            await AnswerAsync(prompt);
        }
    }

    private View View => new(Look.Ascii, _model.Facts with { Now = clock.GetLocalNow() }, Size.Columns - 2, Size.Rows - 4);

    // Until the screen asks for something again. What a job is at is said every few seconds, its events at once.
    private async Task WaitAsync(WaitPrompt wait)
    {
        write($"{wait.What} ...");
        var said = clock.GetTimestamp();
        while (_model.Top.Ask(View) is WaitPrompt now)
        {
            if (clock.GetElapsedTime(said) >= SayEvery && now.What != wait.What)
            {
                write(now.What);
                (wait, said) = (now, clock.GetTimestamp());
            }

            using var soon = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
            soon.CancelAfter(SayEvery);
            try
            {
                await _messages.Reader.WaitToReadAsync(soon.Token);
            }
            catch (OperationCanceledException) when (!_cancel.IsCancellationRequested)
            {
                // Nothing new; it is said that it still goes on.
            }

            await TakeAnswersAsync();
        }
    }

    private void Say(Screen screen, Prompt prompt)
    {
        write("");
        write($"== {screen.Title}");
        if (prompt is PickPrompt pick)
        {
            if (pick.Question != screen.Title) write(pick.Question);
            foreach (var (index, row) in pick.Rows.Index()) write($"{index + 1}. {row}");
            if (pick.Rows.Count == 0) write("There is nothing to choose from.");
        }
        else if (prompt is KeyPrompt or LinePrompt { HasPage: true })
        {
            foreach (var line in screen.Show(View).Lines) write(line.Text.TrimEnd());
        }

        if (prompt is PickPrompt or FormPrompt or LinePrompt { HasPage: false } && screen.Obstacle is { } obstacle) foreach (var line in PageText.Trouble(obstacle, View.Width)) write(line.Text);
        write(string.Join("; ", Choices(screen, prompt)));
    }

    private IEnumerable<string> Choices(Screen screen, Prompt prompt)
    {
        if (prompt is PickPrompt pick) yield return pick.MayMark ? "a number, or several such as 1 3" : "a number, also with a letter such as 2 V";
        foreach (var (key, does) in screen.Show(View).Keys)
        {
            if (key == "Enter" && prompt is KeyPrompt) yield return $"empty line: {does}";
            else if (key == "Esc") yield return $"<: {does}";
            else if (key.Length == 1) yield return $"{key}: {does}";
        }

        yield return "?: help";
    }

    private async Task AnswerAsync(Prompt prompt)
    {
        if (prompt is FormPrompt form)
        {
            await FillAsync(form.Form);
            return;
        }

        if (await AskAsync(prompt is LinePrompt line ? $"{line.Question}:" : ">", prompt is LinePrompt { IsSecret: true }) is not { } answer) return;
        switch (prompt, answer.Trim())
        {
            case (_, "<"):
                await PressAsync(KeyCode.Escape);
                break;
            case (_, "?"):
                foreach (var paragraph in _model.Top.Help) write(paragraph);
                break;
            case (LinePrompt { IsSecret: true }, _):
                await PressAsync(new Key(KeyCode.Paste, answer), KeyCode.Enter);
                break;
            case (LinePrompt, var text):
                await ReplaceAsync(text);
                await PressAsync(KeyCode.Enter);
                break;
            case (PickPrompt pick, { Length: > 0 } text):
                await PickAsync(pick, text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                break;
            case (_, ""):
                await PressAsync(KeyCode.Enter);
                break;
            case (_, [var letter]):
                await PressAsync(new Key(KeyCode.Character, letter.ToString()));
                break;
            default:
                write("That is none of them.");
                break;
        }
    }

    private async Task PickAsync(PickPrompt pick, string[] words)
    {
        List<int> numbers = [];
        foreach (var word in words.TakeWhile(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _))) numbers.Add(int.Parse(word, CultureInfo.InvariantCulture));
        var letters = words.Skip(numbers.Count).ToList();
        if (numbers.Any(number => number < 1 || number > pick.Rows.Count) || letters.Count > 1 || letters.Any(letter => letter.Length != 1) || (numbers.Count > 1 && !pick.MayMark))
        {
            write("That is none of them.");
            return;
        }

        foreach (var number in numbers)
        {
            await PressAsync([KeyCode.Home, .. Enumerable.Repeat((Key)KeyCode.Down, number - 1)]);
            if (numbers.Count > 1) await PressAsync(new Key(KeyCode.Character, " "));
        }

        if (letters is [var key]) await PressAsync(new Key(KeyCode.Character, key));
        else await PressAsync(KeyCode.Enter);
    }

    // Each field in turn; an empty answer leaves it as it is.
    private async Task FillAsync(Form form)
    {
        await PressAsync(Enumerable.Repeat((Key)KeyCode.Up, form.Fields.Length));
        foreach (var (index, field) in form.Fields.Index())
        {
            var choices = field is ChoiceField choice ? $" ({string.Join(", ", choice.Choices.Select((value, number) => $"{number + 1} {value}"))})" : "";
            while (true)
            {
                if (await AskAsync($"{field.Label}{choices} [{field.Value}]:", isSecret: false) is not { } answer) return;
                if (answer.Trim() == "<")
                {
                    await PressAsync(KeyCode.Escape);
                    return;
                }

                if (answer.Trim() == "?") write(field.Hint);
                else if (answer.Trim().Length == 0 || await SetAsync(field, answer.Trim())) break;
                else write("That is none of them.");
            }

            if (index < form.Fields.Length - 1) await PressAsync(KeyCode.Down);
        }

        await PressAsync(KeyCode.Enter);
    }

    private async Task<bool> SetAsync(Field field, string answer)
    {
        if (field is not ChoiceField choice)
        {
            await ReplaceAsync(answer == "-" ? "" : answer);
            return true;
        }

        var wanted = int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number - 1 : choice.Choices.IndexOf(answer);
        if (wanted < 0 || wanted >= choice.Choices.Length) return false;
        await PressAsync(Enumerable.Repeat((Key)KeyCode.Right, (wanted - choice.Index + choice.Choices.Length) % choice.Choices.Length));
        return true;
    }

    // As if it were typed: what is there goes first.
    private async Task ReplaceAsync(string text)
    {
        await PressAsync([KeyCode.End, .. Enumerable.Repeat((Key)KeyCode.Backspace, TextField.MaxLength)]);
        await PressAsync(text.EnumerateRunes().Select(rune => new Key(KeyCode.Character, rune.ToString())));
    }

    private async Task<string?> AskAsync(string question, bool isSecret)
    {
        // Reading a line cannot be cancelled; nobody waits for it any more then.
        var line = await Task.Run(() => ask(() => write(question), isSecret), CancellationToken.None).WaitAsync(_cancel);
        // Nobody is there any more.
        if (line is null) _isOver = true;
        return line;
    }

    private Task PressAsync(params IEnumerable<Key> keys) => TakeAsync(keys.Select(key => new KeyPressed(key)));

    private async Task TakeAnswersAsync()
    {
        while (_messages.Reader.TryRead(out var message)) await TakeAsync([message]);
    }

    private async Task TakeAsync(IEnumerable<Message> messages)
    {
        foreach (var message in messages)
        {
            if (message is WorkProgressed progress) foreach (var line in progress.Events) write(PlainText.Of($"- {line}"));
            (_model, var effects) = _model.Take(message);
            await DoAsync(effects);
        }
    }

    private async Task DoAsync(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is Leave or BeginJob) (_isOver, WantsJob) = (true, effect is BeginJob);
            else if (effect is RunShell) await shell();
            else if (effect is not Repaint) bench.Begin(effect, answer => _messages.Writer.TryWrite(answer));
        }
    }
}
