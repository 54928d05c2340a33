// Where the repository's files lie.
namespace BootConsole.Architecture.Tests;

internal static class Repository
{
    internal static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "BootConsole.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
            return folder;
        }
    }
}
