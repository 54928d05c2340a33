// Signatures that claim a whole disk, as the tools that make them write them.
using System.Buffers.Binary;

namespace BootConsole.TestKit;

/// <summary>Writes the few bytes by which RAID and LVM members are known. Their tools want real arrays and device-mapper, which test machines lack.</summary>
public static class WholeDiskSigns
{
    private const uint MdMagic = 0xA92B4EFC;

    // lvm2, lib/misc/crc.c: a reflected CRC-32, four bits a step, with a start value of its own.
    private static readonly uint[] CrcNibbles =
    [
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    ];

    /// <summary>Linux RAID, version 1.0: 8 KiB before the end (Linux, <c>include/uapi/linux/raid/md_p.h</c>, struct mdp_superblock_1).</summary>
    public static void WriteMd10(string file)
    {
        var sector = ((new FileInfo(file).Length / 512) - 16) & ~7;
        var record = new byte[256];
        Put(record, (0, MdMagic), (4, 1), (72, 1), (80, 1000), (92, 2), (128 + 8, 2000), (144, (uint)sector), (200, 1));
        record.AsSpan(16, 16).Fill(0x11);
        var sum = 0UL;
        for (var i = 0; i < record.Length; i += 4) sum += BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(i));
        Put(record, (216, (uint)sum + (uint)(sum >> 32)));
        Write(file, sector * 512, record);
    }

    /// <summary>Linux RAID, version 0.90: in the last whole 64 KiB but one (the same file, struct mdp_superblock_s).</summary>
    public static void WriteMd090(string file)
    {
        var record = new byte[4096];
        Put(record, (0, MdMagic), (8, 90), (20, 0x11223344), (24, 1_234_567), (28, 1), (32, 1000), (36, 2), (40, 2), (52, 0x11223344), (56, 0x55667788), (60, 0x99AABBCC));
        Write(file, (new FileInfo(file).Length & ~65535L) - 65536, record);
    }

    /// <summary>An LVM physical volume: the label in the second sector (lvm2, <c>lib/label/label.h</c>).</summary>
    public static void WriteLvm(string file)
    {
        var label = new byte[512];
        "LABELONE"u8.CopyTo(label);
        Put(label, (8, 1), (20, 32));
        "LVM2 001"u8.CopyTo(label.AsSpan(24));
        label.AsSpan(32, 32).Fill((byte)'A');
        var crc = 0xF597A6CF;
        foreach (var value in label.AsSpan(20))
        {
            crc ^= value;
            crc = (crc >> 4) ^ CrcNibbles[crc & 15];
            crc = (crc >> 4) ^ CrcNibbles[crc & 15];
        }

        Put(label, (16, crc));
        Write(file, 512, label);
    }

    private static void Put(byte[] record, params (int Offset, uint Value)[] fields)
    {
        foreach (var (offset, value) in fields) BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(offset), value);
    }

    private static void Write(string file, long offset, byte[] bytes)
    {
        using var stream = File.OpenWrite(file);
        stream.Position = offset;
        stream.Write(bytes);
    }
}
