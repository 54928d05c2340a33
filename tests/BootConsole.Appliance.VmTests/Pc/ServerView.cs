// What a PC's backups have left on its server, seen by the server and by the program of the host.
using System.Runtime.InteropServices;
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Looks into the store of a server.</summary>
internal static class ServerView
{
    /// <summary>The folders of the images, in the order of their times.</summary>
    internal static IReadOnlyList<string> Images(this GuestServer server) =>
        Directory.Exists(Folder(server, "images")) ? [.. Directory.GetDirectories(Folder(server, "images")).Order(StringComparer.Ordinal)] : [];

    /// <summary>How many segments are committed: there is a table of each.</summary>
    internal static int Tables(this GuestServer server) => server.Images().Sum(Tables);

    /// <summary>How many segments of an image are committed.</summary>
    internal static int Tables(string image) => Directory.EnumerateFiles(image, "*.table.zst", SearchOption.AllDirectories).Count();

    /// <summary>True when an image is finished.</summary>
    internal static bool IsFinished(string image) => File.Exists(Path.Combine(image, "image.json"));

    /// <summary>The record of the newest run; empty when there is none.</summary>
    internal static string LastRecord(this GuestServer server) =>
        Directory.Exists(Folder(server, "runs")) && Directory.GetFiles(Folder(server, "runs"), "*.log").Order(StringComparer.Ordinal).LastOrDefault() is { } last ? File.ReadAllText(last) : "";

    /// <summary>Reads an image back with the program of the host, and fails unless every byte is right.</summary>
    internal static void Verify(this GuestServer server, string image) => Verify(server.Store, image);

    /// <summary>The same of an image of any store that is a folder of the host.</summary>
    internal static void Verify(string store, string image) => Bootconsole("verify", Path.GetFileName(image), "--store", store);

    /// <summary>Runs the program on the host; it has to succeed.</summary>
    internal static void Bootconsole(params string[] arguments)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        SystemTool.Run("env", [$"DOTNET_ROOT={dotnet}", Path.Combine(AppContext.BaseDirectory, "bootconsole"), .. arguments]);
    }

    private static string Folder(GuestServer server, string name) => Path.Combine(server.Store, name);
}
