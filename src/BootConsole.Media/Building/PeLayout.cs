// Where a program for UEFI has room for further sections (Microsoft PE/COFF specification, "Optional Header", "Section Table").
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Media.Building;

/// <summary>The addresses of a 64-bit PE program.</summary>
/// <param name="FreeAddress">The first one behind all sections, as objcopy counts: with the image base.</param>
/// <param name="Alignment">What addresses of sections are multiples of.</param>
internal sealed record PeLayout(long FreeAddress, long Alignment)
{
    private const int SignatureAt = 0x3C, CoffBytes = 24, SectionBytes = 40, PlusMagic = 0x20B;

    /// <summary>Reads the headers of a program.</summary>
    /// <exception cref="HostFault">It is no such program.</exception>
    internal static PeLayout Of(string path)
    {
        var program = File.ReadAllBytes(path);
        try
        {
            var coff = program.AsSpan((int)Number(program, SignatureAt, 4));
            if (!coff.StartsWith("PE\0\0"u8) || Number(coff, CoffBytes, 2) != PlusMagic) throw Unfit(path);
            var optional = coff[CoffBytes..];
            var (imageBase, alignment) = (Number(optional, 24, 8), Number(optional, 32, 4));
            var sections = optional[(int)Number(coff, 20, 2)..];
            long end = 0;
            for (var number = 0; number < Number(coff, 6, 2); number++)
            {
                var section = sections.Slice(number * SectionBytes, SectionBytes);
                end = Math.Max(end, Number(section, 12, 4) + Math.Max(Number(section, 8, 4), Number(section, 16, 4)));
            }

            var layout = new PeLayout(0, Math.Max(alignment, 4096));
            return layout with { FreeAddress = layout.Aligned(imageBase + end) };
        }
        catch (ArgumentOutOfRangeException cut)
        {
            throw Unfit(path, cut);
        }
    }

    /// <summary>The next address at which a section may begin.</summary>
    internal long Aligned(long address) => (address + Alignment - 1) / Alignment * Alignment;

    private static long Number(ReadOnlySpan<byte> bytes, int at, int length) => length switch
    {
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]),
    };

    private static HostFault Unfit(string path, Exception? cause = null) =>
        new("this is no program for 64-bit UEFI firmware", cause) { Which = path, Remedy = "Install the package systemd-boot-efi again." };
}
