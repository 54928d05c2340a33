// One ssh connection, and the channels on it.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Stores.Sftp;

namespace BootConsole.Stores.Ssh;

/// <summary>Starts ssh for the first channel, which is the connection, and small ssh clients for the others, which hand their pipes to it.</summary>
internal sealed class SshLink(SftpAddress address, SshSettings settings) : ISftpLink
{
    private RunFolder? _folder;
    private SshCommand? _command;
    private ProgramPipe? _first;

    /// <inheritdoc/>
    public string Description { get; } = address.ToString();

    /// <inheritdoc/>
    public TimeSpan OpeningLimit { get; } = TimeSpan.FromSeconds(settings.ConnectSeconds * 2);

    /// <inheritdoc/>
    public ISftpPipe OpenPipe(SftpWay way)
    {
        if (_first is null) return _first = Start(Prepare().FirstChannel());
        return Start(way == SftpWay.Shared ? _command!.NextChannel() : _command!.SeparateChannel());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder?.Dispose();
        return ValueTask.CompletedTask;
    }

    private SshCommand Prepare()
    {
        if (settings.IdentityFile.Length > 0 && !File.Exists(settings.IdentityFile))
            throw new KeyFault("the private key file is not there") { Which = settings.IdentityFile, Remedy = "Put the key there. A PC that was booted from the network gets it by Enrol in its menu, or 'bootconsole enrol'." };
        _folder = RunFolder.Create();
        _command = new SshCommand(address, settings, _folder);
        File.WriteAllText(_command.ConfigurationFile, _command.Configuration());
        if (settings.KnownHostsLines.Count > 0) File.WriteAllText(_command.KnownHostsFile, _command.KnownHosts());
        return _command;
    }

    private ProgramPipe Start(IReadOnlyList<string> arguments) => new(PipedProgram.StartInOwnSession("ssh", arguments), Explain);

    private SftpEnd Explain(int? exitCode, string errors)
    {
        // What ended a further channel was most often said by the first one.
        _first?.WaitForLastWords();
        return SshEnds.Explain(_first?.Errors is { Length: > 0 } first && first != errors ? first + "\n" + errors : errors, exitCode);
    }
}
