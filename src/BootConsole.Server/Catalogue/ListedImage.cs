// An image as lists show it, read without a string for each of its values.
namespace BootConsole.Server.Catalogue;

/// <summary>The image that a reading of the list stands at. Texts are UTF-8 and hold until the next image.</summary>
internal readonly ref struct ListedImage(CatalogueRow row)
{
    /// <summary>What the statement has to select, in this order.</summary>
    internal const string Columns = "pc.name, image.name, image.state, image.reason, image.kind, image.parent, image.taken, image.seen, image.stored_bytes, image.disk_bytes, image.sealed, image.verified";

    internal ReadOnlySpan<byte> Pc => row.Utf8(0);

    internal ReadOnlySpan<byte> Name => row.Utf8(1);

    internal ReadOnlySpan<byte> State => row.Utf8(2);

    /// <summary>Empty unless it is damaged.</summary>
    internal ReadOnlySpan<byte> Reason => row.Utf8(3);

    /// <summary>Empty when unknown.</summary>
    internal ReadOnlySpan<byte> Kind => row.Utf8(4);

    /// <summary>Empty for none.</summary>
    internal ReadOnlySpan<byte> Parent => row.Utf8(5);

    /// <summary>A time as the catalogue has it (<see cref="CatalogueRow.TimeOf"/>).</summary>
    internal ReadOnlySpan<byte> Taken => row.Utf8(6);

    /// <inheritdoc cref="Taken"/>
    internal ReadOnlySpan<byte> Seen => row.Utf8(7);

    internal long StoredBytes => row.Number(8);

    internal long DiskBytes => row.Number(9);

    /// <summary>A time as the catalogue has it; empty for never.</summary>
    internal ReadOnlySpan<byte> Sealed => row.Utf8(10);

    /// <inheritdoc cref="Sealed"/>
    internal ReadOnlySpan<byte> Verified => row.Utf8(11);
}
