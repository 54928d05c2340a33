// Files of this repository.
namespace BootConsole.Appliance.Tests;

/// <summary>Finds the repository that this assembly was built in.</summary>
internal static class Repository
{
    /// <summary>The path of a file of the repository.</summary>
    internal static string File(string path)
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "BootConsole.sln"))) folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException("BootConsole.sln is in no folder above"), path);
    }
}
