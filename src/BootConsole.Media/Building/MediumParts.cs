// What every kind of medium is put together from, as files with plain names in the workplace.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BootConsole.Media.Building;

/// <summary>The parts of one medium.</summary>
internal sealed class MediumParts
{
    /// <summary>Names in the workplace.</summary>
    internal const string Kernel = "vmlinuz", Root = "base.img", Pc = "pc.img", Menu = "grub.cfg", Marker = "marker";

    private MediumParts(string id) => Id = id;

    /// <summary>16 hexadecimal digits that stand for the content: the same parts have the same, others another.</summary>
    internal string Id { get; }

    /// <summary>The same as a serial number.</summary>
    internal uint Serial => uint.Parse(Id[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Where the marker file is on the medium, by which GRUB tells it from others in the same PC.</summary>
    internal string MarkerPath => $"{BootMenu.Folder}/{Id}.id";

    /// <summary>Puts the parts into a workplace.</summary>
    internal static MediumParts Lay(MediumOrder order, Workplace place)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{order.Kind} {order.RoomBytes} {order.Base.Hashes}\n{BootMenu.Write(order, "")}"));
        hash.AppendData(order.Pc.Bytes.Span);
        var parts = new MediumParts(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8)));
        place.Link(Kernel, order.Base.KernelFile);
        place.Link(Root, order.Base.RootFile);
        place.Write(Pc, order.Pc.Bytes.Span);
        place.Write(Marker, Encoding.ASCII.GetBytes(parts.Id + "\n"));
        place.Write(Menu, Encoding.UTF8.GetBytes(BootMenu.Write(order, order.Kind == MediumKind.Pxe ? "" : $"/{parts.MarkerPath}")));
        return parts;
    }
}
