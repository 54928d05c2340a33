// A small disk with real file systems, and a store with one image of it: made once for a class of tests.
using System.Globalization;
using System.Text.Json.Nodes;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>A source disk, a store, and an image in it. Tests that change a store take a copy.</summary>
public sealed class SampleStore : IDisposable
{
    /// <summary>Length of the source disk.</summary>
    internal const long DiskBytes = 64L << 20;

    /// <summary>First byte and length of the ext4 partition.</summary>
    internal const long LinuxStart = 1L << 20, LinuxBytes = 32L << 20;

    private readonly TempFolder _folder = new();
    private int _copies;

    public SampleStore()
    {
        MakeDisk(Source);
        Directory.CreateDirectory(Store);
        Image = Bootconsole.Run("backup", "--disk", Source, "--store", Store, "--pc", "test-pc", "--name", "sample", "--no-encryption", "--json").Succeeds().Document.GetProperty("image").GetString()!;
    }

    /// <summary>A disk image file: GPT with ext4 of some files and leftovers, and a partition of random bytes.</summary>
    internal string Source => _folder["source.img"];

    /// <summary>The store's folder.</summary>
    internal string Store => _folder["store"];

    /// <summary>The image's id.</summary>
    internal string Image { get; }

    /// <summary>A path that nothing has.</summary>
    internal string NewPath(string suffix = "") => _folder[string.Create(CultureInfo.InvariantCulture, $"new-{Interlocked.Increment(ref _copies)}{suffix}")];

    /// <summary>A folder of its own.</summary>
    internal string NewFolder() => Directory.CreateDirectory(NewPath()).FullName;

    /// <summary>A blank disk image file.</summary>
    internal string NewDisk(long bytes) => PartitionedImage.Sparse(NewPath(".img"), bytes);

    /// <summary>A copy of the store.</summary>
    internal StoreCopy CopyStore()
    {
        var copy = NewPath();
        SystemTool.Run("cp", "-a", Store, copy);
        return new StoreCopy(copy, Image);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Makes the source disk.</summary>
    internal static void MakeDisk(string path)
    {
        PartitionedImage.Sparse(path, DiskBytes);
        PartitionedImage.Sfdisk(path, """
            label: gpt
            size=32MiB, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name="linux"
            size=8MiB, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, name="data"
            """);
        using var files = new TempFolder();
        var random = new Random(7);
        for (var i = 0; i < 12; i++)
        {
            var content = new byte[400_000];
            random.NextBytes(content);
            File.WriteAllBytes(files[$"file {i}"], content);
        }

        SystemTool.Run("mke2fs", "-q", "-t", "ext4", "-L", "linux", "-d", files.Path, "-E", $"offset={LinuxStart}", path, $"{LinuxBytes >> 10}k");
        using var disk = File.OpenWrite(path);
        disk.Position = LinuxStart + LinuxBytes;
        var data = new byte[8 << 20];
        random.NextBytes(data);
        disk.Write(data);
    }
}

/// <summary>A store that a test may damage.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Image">The id of its image.</param>
internal sealed record StoreCopy(string Folder, string Image)
{
    internal string ImageFolder => Path.Combine(Folder, "images", Image);

    /// <summary>The path of a file of the image.</summary>
    internal string this[string file] => Path.Combine(ImageFolder, file);

    /// <summary>Turns one bit of a file.</summary>
    internal void FlipBit(string file, long position)
    {
        using var stream = new FileStream(this[file], FileMode.Open, FileAccess.ReadWrite);
        stream.Position = position < 0 ? stream.Length + position : position;
        var value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ 0x10));
    }

    /// <summary>Changes the manifest and, so that only its rules can object, its checksum.</summary>
    internal void EditManifest(Action<JsonNode> edit)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(this["image.json"]))!;
        edit(manifest);
        WriteManifest(manifest.ToJsonString());
    }

    /// <summary>Writes any text as the manifest, with its checksum.</summary>
    internal void WriteManifest(string text)
    {
        File.WriteAllText(this["image.json"], text);
        File.WriteAllText(this["image.json.sha256"], $"{Content.Hash(this["image.json"])}  image.json\n");
    }

    /// <summary>Leaves a lease of this very process, which certainly lives.</summary>
    internal void AddLease(string image, string purpose)
    {
        var self = new ProcessTable().Self;
        var record = new JsonObject
        {
            ["image"] = image,
            ["token"] = "0123456789abcdef",
            ["purpose"] = purpose,
            ["job"] = new JsonObject { ["host"] = self.Host, ["bootId"] = self.BootId, ["processId"] = self.ProcessId, ["startTicks"] = self.StartTicks },
            ["started"] = "2026-11-21T06:04:00+00:00",
        };
        File.WriteAllText(Path.Combine(Folder, "leases", $"{image}.0123456789abcdef"), record.ToJsonString());
    }

    /// <summary>The hashes of all files of the store, for "nothing was touched".</summary>
    internal IReadOnlyDictionary<string, string> Hashes() =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, Content.Hash);
}
