// The list of images as a table and as a document, for a hundred thousand of them: written row by row, without an object for each.
using System.Text;
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;

namespace BootConsole.Server.Output;

/// <summary>Writes lists of images.</summary>
internal static class ImageLists
{
    private static readonly JsonEncodedText Images = JsonEncodedText.Encode("images"), Pc = JsonEncodedText.Encode("pc"), Id = JsonEncodedText.Encode("id"), State = JsonEncodedText.Encode("state"), Reason = JsonEncodedText.Encode("reason"),
        Kind = JsonEncodedText.Encode("kind"), Parent = JsonEncodedText.Encode("parent"), Taken = JsonEncodedText.Encode("taken"), Seen = JsonEncodedText.Encode("seen"), StoredBytes = JsonEncodedText.Encode("storedBytes"),
        DiskBytes = JsonEncodedText.Encode("diskBytes"), Sealed = JsonEncodedText.Encode("sealed"), Verified = JsonEncodedText.Encode("verified"), Running = JsonEncodedText.Encode("running");

    /// <summary>The table that <see cref="Add"/> fills.</summary>
    internal static LongTable Table() => new("PC", "Image", "Kind", "Size", "Stored", "Seen", "Sealed", "Verified", "State");

    /// <summary>Adds an image to the table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="image">The image.</param>
    /// <param name="standing">How far it is, when it is unfinished; null when nobody knows.</param>
    internal static void Add(LongTable table, ListedImage image, JobStanding? standing)
    {
        table.Add(image.Pc);
        table.Add(image.Name);
        table.Add(image.Kind is { IsEmpty: false } kind ? kind : "?"u8);
        if (image.DiskBytes is > 0 and var bytes) table.Add(ByteSize.Format(bytes));
        else table.Add("?"u8);
        table.Add(ByteSize.Format(image.StoredBytes));
        AddTime(table, image.Seen);
        AddTime(table, image.Sealed);
        AddTime(table, image.Verified);
        if (image.Reason.IsEmpty && standing is null) table.Add(image.State);
        else table.Add(ImageWords.State(Encoding.UTF8.GetString(image.State), Encoding.UTF8.GetString(image.Reason), standing));
    }

    /// <summary>Begins the document: an <see cref="ImagesDocument"/>, byte for byte as the serializer would write it.</summary>
    internal static void Begin(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(Images);
    }

    /// <summary>Adds an image to the document.</summary>
    internal static void Write(Utf8JsonWriter writer, ListedImage image, JobStanding? standing)
    {
        writer.WriteStartObject();
        writer.WriteString(Pc, image.Pc);
        writer.WriteString(Id, image.Name);
        writer.WriteString(State, image.State);
        writer.WriteString(Kind, image.Kind);
        if (image.Parent is { IsEmpty: false } parent) writer.WriteString(Parent, parent);
        writer.WriteString(Taken, CatalogueRow.TimeOf(image.Taken));
        writer.WriteString(Seen, CatalogueRow.TimeOf(image.Seen));
        writer.WriteNumber(StoredBytes, image.StoredBytes);
        writer.WriteNumber(DiskBytes, image.DiskBytes);
        if (image.Sealed is { IsEmpty: false } sealedAt) writer.WriteString(Sealed, CatalogueRow.TimeOf(sealedAt));
        if (image.Verified is { IsEmpty: false } verified) writer.WriteString(Verified, CatalogueRow.TimeOf(verified));
        if (image.Reason is { IsEmpty: false } reason) writer.WriteString(Reason, reason);
        if (standing is not null)
        {
            writer.WritePropertyName(Running);
            JsonSerializer.Serialize(writer, ImageWords.Running(standing), ImageDocuments.Default.RunningDocument);
        }

        writer.WriteEndObject();
    }

    /// <summary>Ends the document with what else was found.</summary>
    internal static void End(Utf8JsonWriter writer, IReadOnlyList<RunDocument> runs, IReadOnlyList<TroubleDocument> troubles)
    {
        writer.WriteEndArray();
        writer.WritePropertyName("runs");
        JsonSerializer.Serialize(writer, runs, ImageDocuments.Default.IReadOnlyListRunDocument);
        writer.WritePropertyName("troubles");
        JsonSerializer.Serialize(writer, troubles, ImageDocuments.Default.IReadOnlyListTroubleDocument);
        writer.WriteEndObject();
    }

    // As ImageWords.Time has it: to the minute.
    private static void AddTime(LongTable table, ReadOnlySpan<byte> time)
    {
        if (time.IsEmpty)
        {
            table.Add("-"u8);
            return;
        }

        _ = CatalogueRow.TimeOf(time);
        Span<byte> text = stackalloc byte[16];
        time[..text.Length].CopyTo(text);
        text[10] = (byte)' ';
        table.Add(text);
    }
}
