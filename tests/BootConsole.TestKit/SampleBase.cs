// A base for boot media that boots nothing: random bytes as kernel and root, with a true base.json.
using System.Security.Cryptography;

namespace BootConsole.TestKit;

/// <summary>Makes folders such as buildroot/build writes.</summary>
public static class SampleBase
{
    /// <summary>Writes vmlinuz, base.img and base.json into a new folder.</summary>
    public static string Make(string folder, int kernelBytes = 300_000, int rootBytes = 700_000)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "vmlinuz"), RandomBytes.Of(1, kernelBytes));
        File.WriteAllBytes(Path.Combine(folder, "base.img"), RandomBytes.Of(2, rootBytes));
        WriteRecord(folder);
        return folder;
    }

    /// <summary>Writes base.json for the files that are there.</summary>
    public static void WriteRecord(string folder) => File.WriteAllText(Path.Combine(folder, "base.json"), $$"""
        {"version":"0.1.0","built":"2026-11-20T10:00:00Z","kernel":"6.1.0-56-amd64","bootconsole":{"sha256":"00"},
         "files":{"vmlinuz":{"sha256":"{{Hash(folder, "vmlinuz")}}","bytes":1},"base.img":{"sha256":"{{Hash(folder, "base.img")}}","bytes":1} },
         "packages":[{"name":"busybox","version":"1","sha256":"00"}]}
        """);

    private static string Hash(string folder, string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, name))));
}
