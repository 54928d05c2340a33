// Enum values as people type and read them.
using BootConsole.Images;

namespace BootConsole.Appliance.Commands;

/// <summary>Names shared by options, tables and JSON.</summary>
internal static class Names
{
    internal static string Of(ImageKind kind) => kind switch
    {
        ImageKind.Full => "full",
        ImageKind.Copy => "copy",
        ImageKind.Differential => "differential",
        _ => "incremental",
    };
}
