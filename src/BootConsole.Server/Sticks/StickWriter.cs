// Writes a medium to a stick and reads it back. The first piece is written last: a stick that was cut off boots nothing, rather than half of something.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Host;

namespace BootConsole.Server.Sticks;

/// <summary>Copies a file to the beginning of a device.</summary>
/// <param name="target">The device, at least as long as the medium.</param>
/// <param name="progress">Told of what moves.</param>
internal sealed class StickWriter(IWritableDisk target, JobProgress progress)
{
    private const int PieceBytes = 4 << 20, EndBytes = 1 << 20;

    /// <summary>Writes and compares. Blocks.</summary>
    /// <exception cref="DiskFault">It cannot be written, or does not hold what was written.</exception>
    internal void Write(string medium, CancellationToken cancel)
    {
        using var source = LinuxFile.Open(medium, OpenFor.Reading);
        using var written = new AlignedMemory(PieceBytes);
        using var read = new AlignedMemory(PieceBytes);
        var pieces = Pieces(source.Length).ToList();

        progress.Begin("writing", source.Length);
        progress[Stage.Write].Workers = 1;
        target.Zero(pieces[0]);
        foreach (var piece in pieces.Skip(1)) WritePiece(source, written, piece, cancel);
        ForgetOldEnd(pieces[^1].End);
        target.Flush();
        WritePiece(source, written, pieces[0], cancel);
        target.Flush();

        progress.Begin("reading back", source.Length);
        progress[Stage.ReadBack].Workers = 1;
        foreach (var piece in pieces) Compare(source, written, read, piece, cancel);
        target.TryRereadPartitions();
    }

    // Whole sectors: the last piece may reach past the medium's end.
    private IEnumerable<ByteRange> Pieces(long bytes)
    {
        var end = (bytes + target.Info.SectorBytes - 1) / target.Info.SectorBytes * target.Info.SectorBytes;
        for (long start = 0; start < end; start += PieceBytes) yield return ByteRange.FromEnds(start, Math.Min(end, start + PieceBytes));
    }

    private void WritePiece(LinuxFile source, AlignedMemory buffer, ByteRange piece, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // Holes of the medium are written too: what an old file system left there would be found again.
        if (IsHole(source, piece)) target.Zero(piece);
        else target.Write(piece.Start, Fill(source, buffer, piece));
        progress[Stage.Write].Add(piece.Length);
        progress.Advance(piece.Length);
    }

    private void Compare(LinuxFile source, AlignedMemory expected, AlignedMemory found, ByteRange piece, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var back = found.GetSpan()[..(int)piece.Length];
        target.Read(piece.Start, back);
        var at = Fill(source, expected, piece).CommonPrefixLength(back);
        if (at < piece.Length)
            throw new DiskFault("the device does not hold what was written to it") { Which = target.Info.Path, Range = ByteRange.FromEnds(piece.Start + at, piece.End), Remedy = "Take another stick: this one loses data." };
        progress[Stage.ReadBack].Add(piece.Length);
        progress.Advance(piece.Length);
    }

    // A GPT has a copy at the end of the disk, from which tools would restore what was there before.
    private void ForgetOldEnd(long mediumEnd)
    {
        var start = Math.Max(mediumEnd, (target.Info.Length - EndBytes) / target.Info.SectorBytes * target.Info.SectorBytes);
        if (start < target.Info.Length) target.Zero(ByteRange.FromEnds(start, target.Info.Length));
    }

    private static Span<byte> Fill(LinuxFile source, AlignedMemory buffer, ByteRange piece)
    {
        var bytes = buffer.GetSpan()[..(int)piece.Length];
        bytes[source.ReadAt(piece.Start, bytes)..].Clear();
        return bytes;
    }

    private static bool IsHole(LinuxFile source, ByteRange piece)
    {
        try
        {
            return source.Seek(piece.Start, forData: true) is not { } data || data >= piece.End;
        }
        catch (SystemCallException)
        {
            // The file system cannot tell: then it is read.
            return false;
        }
    }
}
