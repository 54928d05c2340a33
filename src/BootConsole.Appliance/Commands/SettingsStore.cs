// A store by its name in a settings file.
using BootConsole.Core;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Turns <c>--config FILE --store NAME</c> into a store; only the file's values count.</summary>
internal static class SettingsStore
{
    /// <exception cref="UsageFault">The file has errors, has no store of that name, or the store is of a kind that comes with a later version.</exception>
    internal static StoreOpener Opener(string file, string name)
    {
        var settings = SettingsFile.Load(file);
        if (!settings.StoreNames.Contains(name))
            throw new UsageFault("the settings file has no store of that name") { Which = file, Found = name, Expected = settings.StoreNames.Count > 0 ? string.Join(" or ", settings.StoreNames) : "a [server] or [[storage]] table" };
        return settings.Store(name) switch
        {
            SftpStorage sftp => new StoreOpener(sftp.Address, sftp.Ssh),
            FolderStorage folder => new StoreOpener(folder.Address, new SshSettings()),
            var other => throw LaterOptions.NotYet($"the store {other}"),
        };
    }
}
