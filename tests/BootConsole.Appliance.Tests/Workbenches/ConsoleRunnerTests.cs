// The loop of the console: on every way out the terminal is as it was, and what comes in heaps is painted once.
using System.Collections.Concurrent;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;
using BootConsole.Appliance.Tests.Screens;
using BootConsole.Appliance.Workbench;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Workbenches;

public sealed class ConsoleRunnerTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();
    private readonly Bench _bench = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _shellEnds = new();
    private int _halts;

    [Fact]
    public async Task Leaving_by_the_menu_gives_the_terminal_back()
    {
        _terminal.Press("8");
        await Eventually.EndsAsync(RunAsync());
        AssertGivenBack();
    }

    [Fact]
    public async Task A_cancelled_token_gives_the_terminal_back_without_complaint()
    {
        var running = RunAsync();
        await Eventually.BecomesTrueAsync(() => _terminal.Pictures.Count > 0, "a picture");
        await _cancel.CancelAsync();
        await Eventually.EndsAsync(running);
        AssertGivenBack();
    }

    [Fact]
    public async Task A_line_that_is_hung_up_ends_it()
    {
        var running = RunAsync();
        await Eventually.BecomesTrueAsync(() => _terminal.IsIdle, "a wait for keys");
        _terminal.HangUp();
        await Eventually.EndsAsync(running);
        AssertGivenBack();
    }

    [Fact]
    public async Task A_workbench_that_throws_gives_the_terminal_back_before_it_is_heard_of()
    {
        _bench.Failure = new InvalidOperationException("a defect");
        _terminal.Press("1");
        Assert.Equal("a defect", (await Assert.ThrowsAsync<InvalidOperationException>(() => Eventually.EndsAsync(RunAsync()))).Message);
        AssertGivenBack();
    }

    [Fact]
    public async Task A_screen_that_throws_does_too()
    {
        var running = RunAsync();
        _terminal.Press("1");
        await Eventually.BecomesTrueAsync(() => _bench.Posts.Count == 1, "the disks are asked for");
        // Nothing that the workbench ever says.
        _bench.Posts.Single()(new DisksFound([null!]));
        await Assert.ThrowsAnyAsync<Exception>(() => Eventually.EndsAsync(running));
        AssertGivenBack();
    }

    [Fact]
    public async Task A_keyboard_that_fails_ends_it_with_the_reason()
    {
        _terminal.Break(new IOException("the keyboard is on fire"));
        Assert.Equal("the keyboard is on fire", (await Assert.ThrowsAsync<IOException>(() => Eventually.EndsAsync(RunAsync()))).Message);
        AssertGivenBack();
    }

    [Fact]
    public async Task A_shell_has_the_terminal_to_itself_and_the_picture_is_whole_afterwards()
    {
        var running = RunAsync();
        _terminal.Press("6");
        await Eventually.BecomesTrueAsync(() => _terminal.Notes.Contains("leave"), "the shell runs");
        var notes = _terminal.Notes.Count;
        // The shell's keys are not the console's.
        _terminal.Press("8");
        _bench.Post?.Invoke(new Ticked(SampleFacts.Now));
        _terminal.Size = new TerminalSize(100, 30);
        Assert.Equal(notes, _terminal.Notes.Count);
        _shellEnds.SetResult();
        await Eventually.EndsAsync(running);
        var after = _terminal.Notes.Skip(notes).ToList();
        Assert.Equal("enter", after[0]);
        AssertGivenBack();
    }

    [Fact]
    public async Task A_line_that_is_hung_up_during_the_last_keys_holds_nobody_up()
    {
        // The shell is asked for when nobody reads the keyboard any more.
        _shellEnds.SetResult();
        _terminal.Press("6");
        _terminal.HangUp();
        await Eventually.EndsAsync(RunAsync());
        AssertGivenBack();
    }

    [Fact]
    public async Task Another_size_is_painted_whole()
    {
        var running = RunAsync();
        await Eventually.BecomesTrueAsync(() => _terminal.Pictures.Count > 0, "a picture");
        foreach (var size in (TerminalSize[])[new(1, 1), new(120, 40)])
        {
            var before = _terminal.Pictures.Count;
            _terminal.Size = size;
            await Eventually.BecomesTrueAsync(() => _terminal.Pictures.Skip(before).Any(picture => IsWhole(picture, size)), $"a whole picture of {size}");
        }

        _terminal.Press("8");
        await Eventually.EndsAsync(running);
        Assert.Contains("BootConsole", _terminal.Pictures.Last(picture => picture.Contains("\e[2J", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_piles_up_behind_a_slow_line_is_painted_once()
    {
        var running = RunAsync();
        _terminal.Press("1");
        await Eventually.BecomesTrueAsync(() => _bench.Posts.Count == 1, "the disks are asked for");
        _terminal.MayWrite.Reset();
        await Eventually.BecomesTrueAsync(() => _terminal.Pictures.Count >= 2, "a picture that is on its way");
        var before = _terminal.Pictures.Count;
        for (var count = 0; count < 10_000; count++) _bench.Posts.Single()(new DisksFound(SampleFacts.Disks));
        _terminal.MayWrite.Set();
        await Eventually.BecomesTrueAsync(() => _terminal.Pictures.Any(picture => picture.Contains("nvme0n1", StringComparison.Ordinal)), "the disks");
        // One for what was under way, one for the heap, and at most a few for the clock.
        Assert.InRange(_terminal.Pictures.Count - before, 1, 6);
        await _cancel.CancelAsync();
        await Eventually.EndsAsync(running);
    }

    [Fact]
    public async Task Stopped_and_continued_the_terminal_was_free_meanwhile_and_the_picture_is_whole()
    {
        using var runner = Make();
        var running = runner.RunAsync(SampleFacts.Facts, _cancel.Token);
        await Eventually.BecomesTrueAsync(() => _terminal.Pictures.Count > 0, "a picture");
        runner.Halt();
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref _halts) == 1, "the halt");
        // A thread may run on for a moment after the signal: the terminal is free all the same, whatever comes in.
        var notes = _terminal.Notes;
        Assert.Equal("leave", notes[^1]);
        _bench.Post?.Invoke(new Ticked(SampleFacts.Now));
        await Task.Yield();
        Assert.Equal(notes.Count, _terminal.Notes.Count);
        runner.GoOn();
        await Eventually.BecomesTrueAsync(() => _terminal.Notes.Count > notes.Count + 1, "a picture after the halt");
        Assert.Equal("enter", _terminal.Notes[notes.Count]);
        Assert.Contains("\e[2J", _terminal.Notes[notes.Count + 1], StringComparison.Ordinal);
        // One that was stopped without being asked (SIGSTOP) takes the terminal again all the same.
        runner.GoOn();
        await Eventually.BecomesTrueAsync(() => _terminal.Notes.Count(note => note == "enter") == 3 && _terminal.Notes.SkipWhile(note => note != "leave").Count(note => note.Contains("\e[2J", StringComparison.Ordinal)) == 2, "another whole picture");
        await _cancel.CancelAsync();
        await Eventually.EndsAsync(running);
        AssertGivenBack();
    }

    public void Dispose()
    {
        _cancel.Dispose();
        _terminal.MayWrite.Dispose();
    }

    private static bool IsWhole(string picture, TerminalSize size) =>
        picture.Contains("\e[2J", StringComparison.Ordinal) && System.Text.RegularExpressions.Regex.Matches(picture, @"\e\[(\d+);").Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty(1).Max() is var rows && rows <= size.Rows && (size.Rows == 1 || rows > 20);

    private ConsoleRunner Make() => new(_terminal, _bench, Look.Unicode, TimeProvider.System, () => _shellEnds.Task, () => _halts++);

    private async Task RunAsync()
    {
        using var runner = Make();
        await runner.RunAsync(SampleFacts.Facts, _cancel.Token);
    }

    private void AssertGivenBack()
    {
        Assert.Equal("enter", _terminal.Notes[0]);
        Assert.True(_terminal.IsGivenBack, $"the terminal is not given back: {_terminal.Notes[^1].Replace('\e', '^')}");
    }

    /// <summary>Notes what was asked for, and how to answer.</summary>
    private sealed class Bench : IWorkbench
    {
        internal Exception? Failure { get; set; }

        internal ConcurrentQueue<Action<Message>> Posts { get; } = new();

        internal Action<Message>? Post => Posts.LastOrDefault();

        public void Begin(Effect effect, Action<Message> post)
        {
            if (Failure is { } failure) throw failure;
            Posts.Enqueue(post);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
