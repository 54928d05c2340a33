// A disk-image file with one partition in its middle: made, filled, mounted and overwritten by tests.
using BootConsole.Core;

namespace BootConsole.TestKit;

/// <summary>A sparse file whose partition neither starts nor ends where the file does, so that a forgotten offset shows. Removed on dispose.</summary>
public sealed class PartitionImage : IDisposable
{
    private const long MarginBytes = 1 << 20;
    private readonly TempFolder _folder = new();
    private readonly int _sectorBytes;

    /// <param name="partitionBytes">Length of the partition.</param>
    /// <param name="sectorBytes">Sector size that programs see.</param>
    public PartitionImage(long partitionBytes, int sectorBytes = 512)
    {
        _sectorBytes = sectorBytes;
        Range = new ByteRange(MarginBytes, partitionBytes);
        File = _folder["disk.img"];
        using var file = System.IO.File.Create(File);
        file.SetLength(Range.End + MarginBytes);
        file.Write("not a file system"u8);
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>The partition's bytes in the file.</summary>
    public ByteRange Range { get; }

    /// <summary>The image as mtools name it.</summary>
    public string MtoolsName => $"{File}@@{Range.Start}";

    /// <summary>Runs a program whose last argument is the partition as a device (mkfs, fsck).</summary>
    public string Run(string program, params string[] arguments)
    {
        using var device = Attach();
        return SystemTool.Run(program, [.. arguments, device.Path]);
    }

    /// <summary>A writable device over the partition.</summary>
    public LoopDisk Attach() => LoopDisk.Attach(File, _sectorBytes, range: Range);

    /// <summary>Mounts the partition.</summary>
    /// <param name="type"><c>ntfs</c> and <c>exfat</c> by their programs in user space, all others by the kernel.</param>
    /// <param name="options">Mount options.</param>
    public MountedFolder Mount(string type, string options = "defaults") => MountedFolder.Mount(Attach(), type, options);

    /// <summary>Reads bytes of the partition.</summary>
    public byte[] Read(long offset, int count)
    {
        using var file = System.IO.File.OpenRead(File);
        file.Position = Range.Start + offset;
        var bytes = new byte[count];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Overwrites bytes of the partition.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        using var file = System.IO.File.OpenWrite(File);
        file.Position = Range.Start + offset;
        file.Write(bytes);
    }

    /// <summary>Overwrites every byte of the partition that the set does not hold with 0xA5: what a restore of only these bytes may leave behind.</summary>
    /// <returns>How many bytes were overwritten.</returns>
    public long DestroyAllBut(RangeSet used)
    {
        using var file = System.IO.File.OpenWrite(File);
        var junk = new byte[1 << 20];
        Array.Fill(junk, (byte)0xA5);
        var unused = used.Complement(new ByteRange(0, Range.Length));
        foreach (var range in unused.Ranges)
        {
            file.Position = Range.Start + range.Start;
            for (var left = range.Length; left > 0; left -= junk.Length) file.Write(junk, 0, (int)Math.Min(junk.Length, left));
        }

        return unused.TotalBytes;
    }

    /// <summary>A copy of the file as it is now: what a power cut would leave, when the partition is mounted.</summary>
    public PartitionImage Copy()
    {
        var copy = new PartitionImage(Range.Length, _sectorBytes);
        SystemTool.Run("cp", "--sparse=always", File, copy.File);
        return copy;
    }

    public void Dispose() => _folder.Dispose();
}
