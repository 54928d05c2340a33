// SFTP with a server program as a child of this one: no ssh, no network.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Sftp;

/// <summary>Starts one server program for each pipe.</summary>
internal sealed class ChildLink(string program, IReadOnlyList<string> arguments, string folder) : ISftpLink
{
    /// <inheritdoc/>
    public string Description => folder;

    /// <inheritdoc/>
    public TimeSpan OpeningLimit => TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public ISftpPipe OpenPipe(SftpWay way)
    {
        if (way == SftpWay.Separate) throw new RefusedFault("a server program has no connections");
        return new ProgramPipe(PipedProgram.StartInOwnSession(program, arguments),
            (_, errors) => new SftpEnd("the SFTP server program has ended", MayPass: true) { Found = PlainWords.Of(errors) });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
