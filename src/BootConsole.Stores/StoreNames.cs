// Passing names of files, and the rule that a rename stays in its folder.
using System.Security.Cryptography;

namespace BootConsole.Stores;

/// <summary>Names that stores make themselves.</summary>
internal static class StoreNames
{
    /// <summary>A name beside <paramref name="path"/> that nobody else uses: its own with 64 random bits behind it.</summary>
    internal static StorePath PassingNameFor(StorePath path)
    {
        // A part of a path has at most 200 characters; a long name gives way to the random part.
        var name = path.Name.Length > 150 ? path.Name[..150] : path.Name;
        return path.Folder / $"{name}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.part";
    }

    /// <summary>Refuses a rename between folders: only within one folder is it one step on every store.</summary>
    internal static void RequireOneFolder(StorePath from, StorePath to)
    {
        if (from.Folder != to.Folder) throw new ArgumentException($"'{from}' and '{to}' are not in one folder", nameof(to));
    }
}
