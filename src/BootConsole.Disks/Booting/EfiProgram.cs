// Whether a file is a program that x64 firmware starts: the head of a PE32+ file (Microsoft PE/COFF specification; UEFI 2.10, 2.1.1).
using System.Buffers.Binary;

namespace BootConsole.Disks.Booting;

/// <summary>Looks at the heads of EFI programs.</summary>
internal static class EfiProgram
{
    private const int HeadBytes = 4096, PeOffsetAt = 0x3C, MachineAt = 4, OptionalAt = 24, SubsystemAt = OptionalAt + 68;
    private const ushort X64 = 0x8664, Pe32Plus = 0x20B, Application = 10;

    /// <summary>True for an EFI application for x64; false for anything else, also for what is not there.</summary>
    internal static bool IsX64(string path)
    {
        if (!File.Exists(path)) return false;
        var head = new byte[HeadBytes];
        using (var file = File.OpenRead(path)) head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.Length < PeOffsetAt + 4 || !head.AsSpan().StartsWith("MZ"u8)) return false;
        var at = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(PeOffsetAt));
        if (at > head.Length - SubsystemAt - 2) return false;
        var pe = head.AsSpan((int)at);
        return pe.StartsWith("PE\0\0"u8) && U16(pe, MachineAt) == X64 && U16(pe, OptionalAt) == Pe32Plus && U16(pe, SubsystemAt) == Application;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
