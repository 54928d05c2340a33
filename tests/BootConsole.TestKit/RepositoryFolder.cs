// Where the repository is, for tests that read its files.
namespace BootConsole.TestKit;

/// <summary>The folder of the solution.</summary>
public static class RepositoryFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "BootConsole.sln"))) folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}
