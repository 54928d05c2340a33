// Programs as a test wants them: some answers given, the rest run for real; every call remembered.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Tests.UsedMaps;

/// <summary>Answers calls to named programs from a script; all others go to the real ones.</summary>
internal sealed class ScriptedPrograms : IProgramRunner
{
    private readonly Dictionary<string, Func<ProgramCall, ProgramResult>> _answers = [];
    private readonly ProgramRunner _real = new();

    internal List<ProgramCall> Calls { get; } = [];

    /// <summary>Gives a program's answer; what it prints goes where the call wants it.</summary>
    internal ScriptedPrograms Answer(string program, int exitCode, string output = "") => Answer(program, _ => new ProgramResult(exitCode, output, "", TimedOut: false));

    internal ScriptedPrograms Answer(string program, Func<ProgramCall, ProgramResult> answer)
    {
        _answers[program] = answer;
        return this;
    }

    /// <summary>Says what blkid finds.</summary>
    internal ScriptedPrograms Finding(string type) => Answer("blkid", 0, $"ID_FS_TYPE={type}\n");

    /// <summary>Pretends that a read-only loop device of the given length could be had.</summary>
    internal ScriptedPrograms WithLoop(long bytes) => Answer("losetup", 0, "/dev/loop-of-a-test\n").Answer("blockdev", 0, $"1\n{bytes}\n");

    public async Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
    {
        lock (Calls) Calls.Add(call);
        if (!_answers.TryGetValue(call.Program, out var answer)) return await _real.RunAsync(call, cancel);
        var result = answer(call);
        if (call.OnOutput is not { } take) return result;
        // In pieces that end in the middle of lines, as pipes have them.
        foreach (var piece in result.Output.Chunk(7)) take(piece);
        return result with { Output = "" };
    }

    internal static ProgramResult Missing(ProgramCall call) => throw new HostFault("a program is missing") { Which = call.Program };

    internal static ProgramResult TooSlow(ProgramCall call) => new(137, "", "", TimedOut: true);
}
