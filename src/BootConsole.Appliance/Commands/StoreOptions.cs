// --store and what belongs to it: from the command line, or by name from a settings file.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Where the store is and how it is reached.</summary>
internal static class StoreOptions
{
    private static readonly Option<string> Store = new("--store") { HelpName = "S", Description = "a folder, sftp://user@host:port/path, or with --config 'server' or the name of a [[storage]]", Required = true };
    private static readonly Option<string?> Config = new("--config") { HelpName = "FILE", Description = "settings file; only its values count for the store then" };
    private static readonly Option<string?> Identity = new("--identity") { HelpName = "F", Description = "private key for ssh; a certificate lies beside it" };
    private static readonly Option<string?> KnownHosts = new("--known-hosts") { HelpName = "F", Description = "file of known hosts for ssh" };
    private static readonly Option<string?> Jump = new("--jump") { HelpName = "H", Description = "jump host for ssh, user@host:port" };

    /// <summary>Adds the options to a command.</summary>
    internal static void AddTo(Command command)
    {
        foreach (var option in (Option[])[Store, Config, Identity, KnownHosts, Jump]) command.Options.Add(option);
    }

    /// <summary>Opens the store for reading.</summary>
    internal static async Task<IReadStore> OpenForReadingAsync(CommandSession session) => await Opener(session).OpenForReadingAsync(session.Cancel);

    /// <summary>Opens the store for a new image. A missing folder is made when the one above it is there.</summary>
    internal static async Task<IDeleteStore> OpenForBackupAsync(CommandSession session) => await Opener(session).OpenForDeletingAsync(IfMissing.Create, session.Cancel);

    /// <summary>Opens the store for deleting.</summary>
    internal static async Task<IDeleteStore> OpenForDeletingAsync(CommandSession session) => await Opener(session).OpenForDeletingAsync(IfMissing.Refuse, session.Cancel);

    /// <summary>Opens the store for a restore: with room for a lease where it takes one, else for reading alone.</summary>
    internal static async Task<IReadStore> OpenForRestoreAsync(CommandSession session)
    {
        try
        {
            return await Opener(session).OpenForDeletingAsync(IfMissing.Refuse, session.Cancel);
        }
        catch (StoreFault refusal) when (refusal.Problem is StoreProblem.Denied or StoreProblem.Full)
        {
            return await Opener(session).OpenForReadingAsync(session.Cancel);
        }
    }

    private static StoreOpener Opener(CommandSession session)
    {
        var arguments = session.Arguments;
        if (arguments.GetValue(Config) is { } config) return SettingsStore.Opener(config, arguments.GetValue(Store)!);
        return new StoreOpener(
            StoreAddress.Parse(arguments.GetValue(Store)!),
            new SshSettings
            {
                IdentityFile = arguments.GetValue(Identity) ?? "",
                KnownHostsFile = arguments.GetValue(KnownHosts) ?? "",
                Jump = arguments.GetValue(Jump) ?? "",
            });
    }
}
