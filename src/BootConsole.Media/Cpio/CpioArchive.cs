// Archives that the kernel unpacks into its root: cpio "newc" (linux Documentation/driver-api/early-userspace/buffer-format.rst).
using System.Globalization;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Media.Cpio;

/// <summary>Writes and reads archives. What is written depends on names, modes and contents alone: equal files make equal bytes.</summary>
public static class CpioArchive
{
    private const string Magic = "070701", Trailer = "TRAILER!!!";
    private const int HeaderBytes = 110, Fields = 13, MaxNameBytes = 4095;

    /// <summary>Writes files, after the folders that they are in; all dated 1970.</summary>
    /// <param name="files">Each name once.</param>
    /// <returns>The archive, a multiple of 4 bytes: another may follow it.</returns>
    /// <exception cref="UsageFault">A name cannot be in an archive.</exception>
    public static byte[] Write(IEnumerable<CpioEntry> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var entries = new SortedDictionary<string, CpioEntry>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            CheckName(file.Name);
            for (var slash = file.Name.LastIndexOf('/'); slash > 0; slash = file.Name.LastIndexOf('/', slash - 1))
                entries.TryAdd(file.Name[..slash], CpioEntry.Folder(file.Name[..slash]));
            if (!entries.TryAdd(file.Name, file) && !file.IsFolder) throw new UsageFault("an archive has every name once") { Which = file.Name };
        }

        var archive = new MemoryStream();
        // The kernel makes no folders by itself. By name alone "a-b" would come before "a/c", but every folder still comes before what is in it.
        foreach (var (number, entry) in entries.Values.OrderByDescending(entry => entry.IsFolder).ThenBy(entry => entry.Name, StringComparer.Ordinal).Index())
            Append(archive, entry, number + 1);
        Append(archive, new CpioEntry(Trailer, 0, default), 0);
        return archive.ToArray();
    }

    /// <summary>Reads an archive of plain files and folders.</summary>
    /// <exception cref="CorruptFault">It is none, or is cut short.</exception>
    public static IReadOnlyList<CpioEntry> Read(ReadOnlyMemory<byte> archive)
    {
        var entries = new List<CpioEntry>();
        var position = 0;
        while (true)
        {
            var header = Take(archive, ref position, HeaderBytes).Span;
            if (!header[..Magic.Length].SequenceEqual(Encoding.ASCII.GetBytes(Magic))) throw new CorruptFault("the archive is not cpio in the form newc");
            var nameBytes = Field(header, 11);
            if (nameBytes is < 1 or > MaxNameBytes + 1) throw new CorruptFault("a name of the archive has an impossible length");
            var name = Encoding.UTF8.GetString(Take(archive, ref position, nameBytes).Span[..^1]);
            Align(ref position);
            if (name == Trailer) return entries;
            var content = Take(archive, ref position, Field(header, 6));
            Align(ref position);
            entries.Add(new CpioEntry(name, Field(header, 1), content));
        }
    }

    private static void Append(MemoryStream archive, CpioEntry entry, int number)
    {
        var name = Encoding.UTF8.GetBytes(entry.Name + '\0');
        var links = entry.IsFolder ? 2u : 1;
        // Inode, mode, owner, group, links, time, length, device (two), device file (two), bytes of the name, checksum (none in this form).
        uint[] fields = [(uint)number, entry.Mode, 0, 0, links, 0, (uint)entry.Content.Length, 0, 0, 0, 0, (uint)name.Length, 0];
        archive.Write(Encoding.ASCII.GetBytes(Magic + string.Concat(fields.Select(field => field.ToString("X8", CultureInfo.InvariantCulture)))));
        archive.Write(name);
        Pad(archive);
        archive.Write(entry.Content.Span);
        Pad(archive);
    }

    private static void Pad(MemoryStream archive)
    {
        while (archive.Length % 4 != 0) archive.WriteByte(0);
    }

    private static void Align(ref int position) => position = (position + 3) & ~3;

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> archive, ref int position, uint count)
    {
        if (position > archive.Length || count > archive.Length - position) throw new CorruptFault("the archive is cut short");
        var taken = archive.Slice(position, (int)count);
        position += (int)count;
        return taken;
    }

    private static uint Field(ReadOnlySpan<byte> header, int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Fields);
        return uint.TryParse(header.Slice(Magic.Length + 8 * number, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new CorruptFault("the archive has a header that is not hexadecimal");
    }

    private static void CheckName(string name)
    {
        var isOdd = name.Length == 0 || name == Trailer || name.Contains('\0', StringComparison.Ordinal) || name.Split('/').Any(part => part is "" or "." or "..");
        if (isOdd || Encoding.UTF8.GetByteCount(name) > MaxNameBytes) throw new UsageFault("a name cannot be in an archive") { Which = name };
    }
}
