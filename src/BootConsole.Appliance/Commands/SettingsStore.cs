// tmp
using BootConsole.Core; using BootConsole.Stores;
namespace BootConsole.Appliance.Commands;
internal static class SettingsStore { internal static StoreOpener Opener(string config, string name) => throw new UsageFault("x"); }
