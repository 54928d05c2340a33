// The firmware's boot entries, as Linux shows them: one file a variable in efivarfs, four bytes of attributes before its content.
using System.Buffers.Binary;
using System.Globalization;

namespace BootConsole.Host.Efi;

/// <summary>Reads and adds boot entries.</summary>
/// <param name="folder">The folder of variables.</param>
public sealed class EfiBootEntries(string folder = EfiBootEntries.SystemFolder)
{
    /// <summary>Where the kernel shows the variables; not there on a PC that was not started by UEFI.</summary>
    public const string SystemFolder = "/sys/firmware/efi/efivars";

    // EFI_GLOBAL_VARIABLE (UEFI 3.3), and NON_VOLATILE | BOOTSERVICE_ACCESS | RUNTIME_ACCESS (8.2).
    private const string Vendor = "-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private const uint Attributes = 7;
    private const int MostEntries = 256;

    /// <summary>True where the firmware can be asked.</summary>
    public bool Exists => Directory.Exists(folder);

    /// <summary>The entries: those of BootOrder in its order, then the others by number. What cannot be read is left out.</summary>
    public IReadOnlyList<(ushort Number, EfiLoadOption Option)> Read()
    {
        if (!Exists) return [];
        var present = Directory.GetFiles(folder, "Boot????" + Vendor).Select(path => TryNumber(Path.GetFileName(path)[4..8])).OfType<ushort>().Order().ToList();
        return [.. Order().Where(present.Contains).Concat(present).Distinct().Take(MostEntries).Select(number => (number, Option: Read(Name(number)) is { } bytes ? EfiLoadOption.TryParse(bytes) : null)).Where(entry => entry.Option is not null).Select(entry => (entry.number, entry.Option!))];
    }

    /// <summary>Adds entries in front of the order.</summary>
    /// <exception cref="IOException">The firmware takes no more, or refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void AddFirst(IReadOnlyList<EfiLoadOption> options)
    {
        List<ushort> added = [];
        foreach (var option in options)
        {
            var number = Enumerable.Range(0, ushort.MaxValue).Select(candidate => (ushort)candidate).First(candidate => !File.Exists(PathOf(Name(candidate))));
            Write(Name(number), option.ToBytes());
            added.Add(number);
        }

        if (added.Count == 0) return;
        var order = added.Concat(Order()).Distinct().ToList();
        var bytes = new byte[order.Count * 2];
        foreach (var (index, number) in order.Index()) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(index * 2), number);
        Write("BootOrder", bytes);
    }

    private static string Name(ushort number) => string.Create(CultureInfo.InvariantCulture, $"Boot{number:X4}");

    private static ushort? TryNumber(string text) => text.All(char.IsAsciiHexDigit) && ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string PathOf(string name) => Path.Combine(folder, name + Vendor);

    private List<ushort> Order()
    {
        var bytes = Read("BootOrder") ?? [];
        List<ushort> order = [];
        for (var at = 0; at + 2 <= bytes.Length; at += 2) order.Add(BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)));
        return order;
    }

    private byte[]? Read(string name)
    {
        try
        {
            using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var bytes = new byte[4 + EfiLoadOption.MaxBytes];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count < 4 ? null : bytes[4..count];
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // One write: the kernel takes each for the whole variable.
    private void Write(string name, byte[] content)
    {
        var bytes = new byte[4 + content.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Attributes);
        content.CopyTo(bytes, 4);
        using var file = new FileStream(PathOf(name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(bytes);
    }
}
