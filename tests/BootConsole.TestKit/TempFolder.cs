// A folder of one test, gone when the test is.
namespace BootConsole.TestKit;

/// <summary>A fresh folder below the system's temporary folder, removed with all it holds on dispose.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("bootconsole-test-").FullName;

    public string Path { get; }

    /// <summary>The path of a name in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it itself.
        }
    }
}
