// One sector with an MBR partition table: the master boot record or an extended boot record.
using System.Buffers.Binary;

namespace BootConsole.Disks.Tables;

/// <summary>One of the four entries.</summary>
/// <param name="Type">Partition type; 0 for an unused entry.</param>
/// <param name="Start">First sector; what it counts from depends on the table.</param>
/// <param name="Count">Number of sectors; 0 for an unused entry.</param>
internal readonly record struct MbrEntry(byte Type, uint Start, uint Count)
{
    internal bool IsUsed => Count > 0;

    internal bool IsExtended => Type is 0x05 or 0x0F or 0x85;
}

/// <summary>Four entries at byte 446 and the signature 55 AA at byte 510, in every sector size.</summary>
internal sealed class MbrSector
{
    internal const int EntriesOffset = 446;
    internal const int EntryBytes = 16;
    internal const byte ProtectiveType = 0xEE;

    private MbrSector(MbrEntry[] entries, uint signature) => (Entries, DiskSignature) = (entries, signature);

    internal IReadOnlyList<MbrEntry> Entries { get; }

    /// <summary>The disk signature at byte 440.</summary>
    internal uint DiskSignature { get; }

    /// <summary>True when an entry is of the type that stands for a GPT.</summary>
    internal bool NamesGpt => Entries.Any(entry => entry.Type == ProtectiveType);

    /// <summary>True when an entry says that a GPT follows (UEFI 2.10, section 5.2.3): type EE from LBA 1. Others beside it make it a hybrid.</summary>
    internal bool IsProtective => Entries.Any(entry => entry is { Type: ProtectiveType, Start: 1 });

    /// <summary>True when there are entries of other types besides that one.</summary>
    internal bool IsHybrid => NamesGpt && Entries.Any(entry => entry.Type is not (0 or ProtectiveType));

    /// <summary>Reads a table.</summary>
    /// <returns>Null when the signature is missing, a boot indicator is neither 00 nor 80, or it is an AIX disk: then this is something else.</returns>
    internal static MbrSector? Parse(ReadOnlySpan<byte> sector)
    {
        if (sector[510] != 0x55 || sector[511] != 0xAA || sector.StartsWith((ReadOnlySpan<byte>)[0xC9, 0xC2, 0xD4, 0xC1])) return null;
        var entries = new MbrEntry[4];
        for (var i = 0; i < entries.Length; i++)
        {
            var bytes = sector.Slice(EntriesOffset + i * EntryBytes, EntryBytes);
            if ((bytes[0] & 0x7F) != 0) return null;
            entries[i] = new MbrEntry(bytes[4], BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        }

        return new MbrSector(entries, BinaryPrimitives.ReadUInt32LittleEndian(sector[440..]));
    }
}
