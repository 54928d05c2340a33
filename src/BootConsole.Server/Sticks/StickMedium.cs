// What a file must look like to be written to a stick: something that firmware would find a way into.
using System.Buffers.Binary;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Sticks;

/// <summary>Tells boot media for sticks from other files, by their first sectors.</summary>
internal static class StickMedium
{
    private const int SectorBytes = 512, EntriesAt = 446, EntryBytes = 16, SignatureAt = 510;
    // ECMA-119, 8.1: the first volume descriptor is in sector 16 of 2,048 bytes, "CD001" after its first byte.
    private const int IsoAt = 16 * 2048 + 1;

    /// <summary>Looks at a file before it is written over a stick.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="UsageFault">There is no such file, or nothing in it.</exception>
    /// <exception cref="RefusedFault">No PC would boot from it.</exception>
    internal static long Check(string path)
    {
        var bytes = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (bytes == 0) throw new UsageFault("there is no medium in this file") { Which = path, Remedy = "'bootserver media build' and 'bootserver bootimage build' make media." };
        using var file = LinuxFile.Open(path, OpenFor.Reading);
        Span<byte> sector = stackalloc byte[SectorBytes], iso = stackalloc byte[5];
        sector = sector[..file.ReadAt(0, sector)];
        iso = iso[..file.ReadAt(IsoAt, iso)];
        if (sector.Length == SectorBytes && sector[SignatureAt] == 0x55 && sector[SignatureAt + 1] == 0xAA && (iso.SequenceEqual("CD001"u8) || HasPartition(sector, bytes) || IsFat(sector))) return bytes;
        throw new RefusedFault("the file is no boot medium for a stick")
        {
            Which = path,
            Expected = "an image whose first sector ends with the boot signature 55 AA, with a partition table, an ISO 9660 volume or a FAT file system in it",
            Found = Describe(sector, iso),
            Remedy = "'bootserver media build --medium usb' (or iso) and 'bootserver bootimage build' make media for sticks; a compressed one is unpacked first.",
        };
    }

    // Of a GPT this is the protective entry.
    private static bool HasPartition(ReadOnlySpan<byte> sector, long bytes)
    {
        for (var at = EntriesAt; at < SignatureAt; at += EntryBytes)
        {
            var (status, type, start) = (sector[at], sector[at + 4], BinaryPrimitives.ReadUInt32LittleEndian(sector[(at + 8)..]));
            if (type != 0 && (status & 0x7F) == 0 && start * (long)SectorBytes < bytes) return true;
        }

        return false;
    }

    // Microsoft's FAT specification, section 3.1: a jump, and a power of two as bytes of a sector.
    private static bool IsFat(ReadOnlySpan<byte> sector) => sector[0] is 0xEB or 0xE9 && BinaryPrimitives.ReadUInt16LittleEndian(sector[11..]) is 512 or 1024 or 2048 or 4096 && sector[16] is 1 or 2;

    private static string Describe(ReadOnlySpan<byte> sector, ReadOnlySpan<byte> iso) => sector switch
    {
        [0x4D, 0x5A, ..] => "a program for UEFI (such as a uki), which belongs into a stick's file system",
        [0x1F, 0x8B, ..] => "a file compressed by gzip",
        [0xFD, 0x37, 0x7A, 0x58, 0x5A, ..] => "a file compressed by xz",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "a file compressed by zstd",
        [0x50, 0x4B, 0x03, 0x04, ..] => "a zip archive",
        _ when iso.SequenceEqual("CD001"u8) => "an ISO 9660 volume without a boot sector, which boots from a CD alone",
        { Length: < SectorBytes } => "less than one sector",
        _ => "none of these",
    };
}
