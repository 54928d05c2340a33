// --store and what belongs to it: from the command line, or by name from a settings file.
using System.CommandLine;
using BootConsole.Appliance.Secrets;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Where the store is and how it is reached.</summary>
internal static class StoreOptions
{
    private static readonly Option<string> Store = new("--store") { HelpName = "S", Description = "a folder, sftp://user@host:port/path, label:NAME, nfs://host/export, smb://host/share, or with --config 'server' or the name of a [[storage]]", Required = true };
    private static readonly Option<string?> Config = new("--config") { HelpName = "FILE", Description = "settings file; only its values count for the store then" };
    private static readonly Option<string[]> Identity = new("--identity") { HelpName = "F", Description = "private key for ssh (a certificate lies beside it), or an age identity that opens encrypted images; may be repeated", AllowMultipleArgumentsPerToken = false };
    private static readonly Option<string?> KnownHosts = new("--known-hosts") { HelpName = "F", Description = "file of known hosts for ssh" };
    private static readonly Option<string?> Jump = new("--jump") { HelpName = "H", Description = "jump host for ssh, user@host:port" };

    /// <summary>Adds the options to a command.</summary>
    internal static void AddTo(Command command)
    {
        foreach (var option in (Option[])[Store, Config, Identity, KnownHosts, Jump]) command.Options.Add(option);
    }

    /// <summary>Opens the store for reading.</summary>
    internal static Task<IReadStore> OpenForReadingAsync(CommandSession session) => OpenAsync(session, opener => opener.OpenForReadingAsync(session.Cancel));

    /// <summary>Opens the store for a new image. A missing folder is made when the one above it is there; more than one would be a mistyped path or a medium that is not mounted.</summary>
    internal static Task<IDeleteStore> OpenForBackupAsync(CommandSession session) => OpenForImageAsync(session, session.Cancel);

    /// <summary>As <see cref="OpenForBackupAsync(CommandSession)"/>; a connection that is lost later is made again.</summary>
    internal static async Task<RenewableStore> OpenForBackupAsync(CommandSession session, RetryPolicy retry)
    {
        var first = true;
        return await RenewableStore.OpenAsync(
            async cancel =>
            {
                // A folder that vanished while the job ran is not made anew.
                var store = first ? await OpenForImageAsync(session, cancel) : await OpenAsync(session, opener => opener.OpenForDeletingAsync(IfMissing.Refuse, cancel));
                first = false;
                return store;
            },
            retry,
            session.Cancel);
    }

    /// <summary>Opens the store for deleting.</summary>
    internal static Task<IDeleteStore> OpenForDeletingAsync(CommandSession session) => OpenAsync(session, opener => opener.OpenForDeletingAsync(IfMissing.Refuse, session.Cancel));

    /// <summary>Opens the store for a restore: with room for a lease where it takes one, and then made again when the connection is lost; else for reading alone.</summary>
    internal static async Task<IReadStore> OpenForRestoreAsync(CommandSession session, RetryPolicy retry)
    {
        try
        {
            return await RenewableStore.OpenAsync(cancel => OpenAsync(session, opener => opener.OpenForDeletingAsync(IfMissing.Refuse, cancel)), retry, session.Cancel);
        }
        catch (StoreFault refusal) when (refusal.Problem is StoreProblem.Denied or StoreProblem.Full)
        {
            return await OpenForReadingAsync(session);
        }
    }

    /// <summary>The PC's name by the settings file; null without one.</summary>
    internal static string? PcName(CommandSession session) => Settings(session)?.Pc.Name;

    /// <summary>The settings file; null without one.</summary>
    internal static ApplianceSettings? Settings(CommandSession session) => session.Arguments.GetValue(Config) is { } file ? SettingsFile.Load(file) : null;

    /// <summary>Files given by <c>--identity</c> that hold age identities; the other one is ssh's.</summary>
    internal static IEnumerable<string> AgeIdentities(CommandSession session) => (session.Arguments.GetValue(Identity) ?? []).Where(SecretFiles.IsAgeIdentity);

    /// <summary>A missing folder is made when the one above it is there.</summary>
    internal static IfMissing MayMake(StoreAddress address) =>
        address is DirectoryAddress folder && !Directory.Exists(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)))) ? IfMissing.Refuse : IfMissing.Create;

    // A server whose contract has ended refuses to be written to; why, its contract.json says better.
    private static async Task<IDeleteStore> OpenForImageAsync(CommandSession session, CancellationToken cancel)
    {
        try
        {
            return await OpenAsync(session, opener => opener.OpenForDeletingAsync(MayMake(opener.Address), cancel));
        }
        catch (StoreFault refusal) when (refusal.Problem is StoreProblem.Denied)
        {
            await using (var readable = await OpenForReadingAsync(session)) await StoreContract.RequireRoomAsync(readable, isNew: true, cancel);
            throw;
        }
    }

    private static async Task<T> OpenAsync<T>(CommandSession session, Func<StoreOpener, Task<T>> open)
    {
        try
        {
            return await open(Opener(session));
        }
        catch (StoreFault missing) when (missing is { Problem: StoreProblem.Missing, Remedy.Length: 0 })
        {
            throw new StoreFault(StoreProblem.Missing, missing.Message, missing) { Which = missing.Which, Found = missing.Found, Remedy = "Mount the medium it is on, or make the folder first (mkdir)." };
        }
    }

    private static string? SshIdentity(System.CommandLine.ParseResult arguments) => (arguments.GetValue(Identity) ?? []).Where(path => !SecretFiles.IsAgeIdentity(path)).ToList() switch
    {
        [] => null,
        [var one] => one,
        _ => throw new UsageFault("more than one key for ssh was given") { Which = "--identity", Expected = "one for ssh; any number that start with AGE-SECRET-KEY-1" },
    };

    private static StoreOpener Opener(CommandSession session)
    {
        var arguments = session.Arguments;
        if (arguments.GetValue(Config) is { } config)
        {
            var given = ((Option<string?>[])[KnownHosts, Jump]).FirstOrDefault(option => arguments.GetValue(option) is not null)?.Name ?? (SshIdentity(arguments) is not null ? Identity.Name : null);
            if (given is not null)
                throw new UsageFault("with --config only the values of the file count for the store") { Found = given, Remedy = $"Put it into {config}, or leave --config out." };
            return SettingsStore.Opener(config, arguments.GetValue(Store)!, session.Services.Programs);
        }

        return new StoreOpener(
            StoreAddress.Parse(arguments.GetValue(Store)!),
            new SshSettings
            {
                IdentityFile = SshIdentity(arguments) ?? "",
                KnownHostsFile = arguments.GetValue(KnownHosts) ?? "",
                Jump = arguments.GetValue(Jump) ?? "",
            },
            session.Services.Programs);
    }
}
