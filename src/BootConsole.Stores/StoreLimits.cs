// How much a store may claim before it is called damaged: everything from a store is hostile.
namespace BootConsole.Stores;

/// <summary>Limits on what is taken from a store into memory.</summary>
internal static class StoreLimits
{
    /// <summary>Most names in one folder. A disk of 2 TiB in segments of 16 MiB has 131,072.</summary>
    internal const int EntriesPerFolder = 400_000;

    /// <summary>Most characters in all names of one folder: 40 for each entry.</summary>
    internal const int NameCharactersPerFolder = 40 * EntriesPerFolder;
}
