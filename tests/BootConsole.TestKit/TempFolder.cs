// A folder of one test, gone when the test is.
namespace BootConsole.TestKit;

/// <summary>A fresh folder below the system's temporary folder, removed with all it holds on dispose.</summary>
public sealed class TempFolder : IDisposable
{
    private const int MostTries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public TempFolder() => Path = Directory.CreateTempSubdirectory("bootconsole-test-").FullName;

    public string Path { get; }

    /// <summary>The path of a name in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                // The test removed it itself.
                return;
            }
            catch (IOException) when (tries < MostTries)
            {
                // A program that was just killed may have written its last line while the folder was emptied.
                Thread.Sleep(Pause);
            }
        }
    }
}
