// A boot entry of UEFI firmware: EFI_LOAD_OPTION (UEFI specification 2.10, 3.1.3), and the partition and file that its device path names (10.3.5.1).
using System.Buffers.Binary;
using System.Text;

namespace BootConsole.Host.Efi;

/// <summary>A load option: what the firmware shows, and where the loader lies. Bytes that nobody here understands are kept as they are.</summary>
/// <param name="Attributes">LOAD_OPTION_ACTIVE and others.</param>
/// <param name="Description">The name in the firmware's menu.</param>
/// <param name="DevicePath">The device path list, end nodes included.</param>
/// <param name="OptionalData">What is handed to the loader.</param>
public sealed record EfiLoadOption(uint Attributes, string Description, byte[] DevicePath, byte[] OptionalData)
{
    /// <summary>Longest option that is read; firmware holds much shorter ones.</summary>
    public const int MaxBytes = 64 << 10;

    private const int HeadBytes = 6, NodeHeadBytes = 4, HardDriveBytes = 42, SignatureAt = 24, FormatAt = 40, SignatureTypeAt = 41;
    private const byte Media = 4, HardDrive = 1, FilePath = 4, End = 0x7F, Gpt = 2, GuidSignature = 2;

    /// <summary>Reads a load option.</summary>
    /// <returns>Null when the bytes are none: from firmware or an image anything may come.</returns>
    public static EfiLoadOption? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < HeadBytes + 2 or > MaxBytes) return null;
        var pathBytes = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        var end = HeadBytes;
        while (end + 2 <= bytes.Length && bytes[end..(end + 2)].ContainsAnyExcept((byte)0)) end += 2;
        var path = end + 2;
        if (path + pathBytes > bytes.Length) return null;
        var option = new EfiLoadOption(BinaryPrimitives.ReadUInt32LittleEndian(bytes), Encoding.Unicode.GetString(bytes[HeadBytes..end]), bytes.Slice(path, pathBytes).ToArray(), bytes[(path + pathBytes)..].ToArray());
        return option.Nodes() is null ? null : option;
    }

    /// <summary>The bytes as firmware keeps them.</summary>
    public byte[] ToBytes()
    {
        var name = Encoding.Unicode.GetBytes(Description + '\0');
        var bytes = new byte[HeadBytes + name.Length + DevicePath.Length + OptionalData.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Attributes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), checked((ushort)DevicePath.Length));
        name.CopyTo(bytes, HeadBytes);
        DevicePath.CopyTo(bytes, HeadBytes + name.Length);
        OptionalData.CopyTo(bytes, HeadBytes + name.Length + DevicePath.Length);
        return bytes;
    }

    /// <summary>The GUID of the GPT partition that the loader lies on; null when the path names none.</summary>
    public Guid? Partition => HardDriveAt() is { } at ? new Guid(DevicePath.AsSpan(at + SignatureAt, 16)) : null;

    /// <summary>The file that is started, as the path names it (10.3.5.4): <c>\EFI\debian\shimx64.efi</c>; empty when it names none.</summary>
    public string File => string.Concat((Nodes() ?? []).Where(node => DevicePath[node.At] == Media && DevicePath[node.At + 1] == FilePath)
        .Select(node => Encoding.Unicode.GetString(DevicePath, node.At + NodeHeadBytes, node.Length - NodeHeadBytes).TrimEnd('\0')));

    /// <summary>The same entry for a partition of another GUID, such as that of a disk restored with new ids.</summary>
    public EfiLoadOption OnPartition(Guid partition)
    {
        if (HardDriveAt() is not { } at) return this;
        var path = (byte[])DevicePath.Clone();
        partition.TryWriteBytes(path.AsSpan(at + SignatureAt, 16));
        return this with { DevicePath = path };
    }

    /// <summary>True when both start the same file of the same partition, whatever they are called.</summary>
    public bool StartsSameAs(EfiLoadOption other) => DevicePath.AsSpan().SequenceEqual(other.DevicePath);

    private int? HardDriveAt()
    {
        foreach (var (at, length) in Nodes() ?? [])
            if (length == HardDriveBytes && DevicePath[at] == Media && DevicePath[at + 1] == HardDrive && DevicePath[at + FormatAt] == Gpt && DevicePath[at + SignatureTypeAt] == GuidSignature) return at;
        return null;
    }

    // Where each node of the first path begins and how long it is; null for a path that runs out of its bytes.
    private List<(int At, int Length)>? Nodes()
    {
        var nodes = new List<(int, int)>();
        for (var at = 0; at < DevicePath.Length;)
        {
            if (at + NodeHeadBytes > DevicePath.Length) return null;
            var length = BinaryPrimitives.ReadUInt16LittleEndian(DevicePath.AsSpan(at + 2));
            if (length < NodeHeadBytes || at + length > DevicePath.Length) return null;
            if (DevicePath[at] == End) return nodes;
            nodes.Add((at, length));
            at += length;
        }

        return DevicePath.Length == 0 ? nodes : null;
    }
}
