// A store by its name in a settings file.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Turns <c>--config FILE --store NAME</c> into a store; only the file's values count.</summary>
internal static class SettingsStore
{
    /// <exception cref="UsageFault">The file has errors, or has no store of that name.</exception>
    internal static StoreOpener Opener(string file, string name, IProgramRunner programs)
    {
        var settings = SettingsFile.Load(file);
        if (!settings.StoreNames.Contains(name))
            throw new UsageFault("the settings file has no store of that name") { Which = file, Found = name, Expected = settings.StoreNames.Count > 0 ? string.Join(" or ", settings.StoreNames) : "a [server] or [[storage]] table" };
        var target = settings.Store(name);
        return new StoreOpener(target.Place, target.Login, programs);
    }
}
