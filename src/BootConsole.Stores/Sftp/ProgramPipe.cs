// A running program as the pipe of a channel.
using BootConsole.Host;

namespace BootConsole.Stores.Sftp;

/// <summary>The standard streams of a child program.</summary>
/// <param name="program">The child; owned by the pipe.</param>
/// <param name="explain">Makes the reason for the end of the child's exit code, where it has ended, and of what it wrote on standard error.</param>
internal sealed class ProgramPipe(PipedProgram program, Func<int?, string, SftpEnd> explain) : ISftpPipe
{
    /// <summary>How long a program may take to say its last words after its output has ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public Stream Input => program.Input;

    /// <inheritdoc/>
    public Stream Output => program.Output;

    /// <summary>What the program has written on standard error so far.</summary>
    internal string Errors => program.Errors;

    /// <inheritdoc/>
    public void Kill() => program.Kill();

    /// <inheritdoc/>
    public SftpEnd ExplainEnd() => explain(WaitForLastWords(), program.Errors);

    /// <summary>Waits for the end of the program, for a second at most. On the receiving thread, which has nothing else to do.</summary>
    /// <returns>The exit code; null when it still runs.</returns>
    internal int? WaitForLastWords() => program.WaitForEndAsync(LastWords).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => program.DisposeAsync();
}
