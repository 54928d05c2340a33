// A disk in memory that does what a test wants: bad sectors, a fault or a lie at one write, a record of everything.
using BootConsole.Core;
using BootConsole.Disks;

namespace BootConsole.Jobs.Tests;

/// <summary>What was done to a <see cref="TestDisk"/>.</summary>
internal enum DiskDeed
{
    Read,
    Write,
    Zero,
    Flush,
    Discard,
}

/// <summary>One call.</summary>
/// <param name="Deed">What.</param>
/// <param name="Range">Where; empty for a flush.</param>
/// <param name="IsZero">True for a write of zeros.</param>
internal sealed record DiskCall(DiskDeed Deed, ByteRange Range, bool IsZero);

/// <summary>A disk that is an array of bytes.</summary>
internal sealed class TestDisk(byte[] bytes, int sectorBytes = 512) : IWritableDisk
{
    private readonly Lock _lock = new();
    private readonly List<DiskCall> _calls = [];
    private int _writes;

    public DiskInfo Info { get; init; } = new()
    {
        Path = "/test/disk",
        CanonicalPath = "/test/disk",
        Length = bytes.Length,
        SectorBytes = sectorBytes,
        PhysicalSectorBytes = sectorBytes,
        IsImageFile = true,
        Serial = "S1",
        Attachment = "file",
    };

    internal byte[] Bytes => bytes;

    /// <summary>Reads that touch these bytes fail.</summary>
    internal RangeSet Bad { get; set; } = RangeSet.Empty;

    /// <summary>How they fail.</summary>
    internal DiskProblem Problem { get; init; } = DiskProblem.BadSectors;

    /// <summary>The write or zeroing with this number, counted from 1, fails; 0 for none.</summary>
    internal int FailAtWrite { get; set; }

    /// <summary>The write or zeroing with this number says that it worked, and does something else.</summary>
    internal int LieAtWrite { get; set; }

    /// <summary>What a lying write does with the bytes at its place, instead of writing the new ones.</summary>
    internal Action<byte[], ByteRange> Lie { get; set; } = static (_, _) => { };

    /// <summary>Called before every call.</summary>
    internal Action<DiskCall>? Before { get; set; }

    /// <summary>Writes and zeroings so far.</summary>
    internal int Writes => _writes;

    internal IReadOnlyList<DiskCall> Calls
    {
        get { lock (_lock) return [.. _calls]; }
    }

    /// <summary>The same bytes, opened anew for reading.</summary>
    internal IDisk Again() => new AgainDisk(this);

    public void Read(long offset, Span<byte> buffer)
    {
        var range = new ByteRange(offset, buffer.Length);
        Note(new DiskCall(DiskDeed.Read, range, false));
        if (range.End > bytes.Length) throw new DiskFault("past the end") { Range = range };
        if (Bad.Overlaps(range)) throw new DiskFault("bad") { Which = Info.Path, Problem = Problem, Range = range };
        bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        var range = new ByteRange(offset, content.Length);
        Assert.True(range.Start % sectorBytes == 0 && range.Length % sectorBytes == 0, $"{range} is not made of whole sectors");
        Assert.InRange(range.End, 0, bytes.Length);
        Note(new DiskCall(DiskDeed.Write, range, !content.ContainsAnyExcept((byte)0)));
        if (IsDone(range)) content.CopyTo(bytes.AsSpan((int)offset));
    }

    public void Zero(ByteRange range)
    {
        Assert.True(range.Start % sectorBytes == 0 && range.Length % sectorBytes == 0, $"{range} is not made of whole sectors");
        Note(new DiskCall(DiskDeed.Zero, range, true));
        if (IsDone(range)) bytes.AsSpan((int)range.Start, (int)range.Length).Clear();
    }

    /// <summary>What a discarded byte reads as; null for a disk that cannot discard.</summary>
    internal byte? Discarded { get; init; }

    public bool TryDiscard(ByteRange range)
    {
        Assert.True(range.Start % sectorBytes == 0 && range.Length % sectorBytes == 0, $"{range} is not made of whole sectors");
        Note(new DiskCall(DiskDeed.Discard, range, false));
        if (Discarded is { } value) bytes.AsSpan((int)range.Start, (int)range.Length).Fill(value);
        return Discarded is not null;
    }

    public void Flush() => Note(new DiskCall(DiskDeed.Flush, default, false));

    public bool TryRereadPartitions() => true;

    public void Dispose() { }

    // False when the write is the one that lies.
    private bool IsDone(ByteRange range)
    {
        _writes++;
        if (_writes == FailAtWrite) throw new DiskFault("the disk could not be written") { Which = Info.Path, Range = range };
        if (_writes != LieAtWrite) return true;
        Lie(bytes, range);
        return false;
    }

    private void Note(DiskCall call)
    {
        Before?.Invoke(call);
        lock (_lock) _calls.Add(call);
    }

    private sealed class AgainDisk(TestDisk disk) : IDisk
    {
        public DiskInfo Info => disk.Info;

        public void Read(long offset, Span<byte> buffer) => disk.Read(offset, buffer);

        public void Dispose() { }
    }
}
