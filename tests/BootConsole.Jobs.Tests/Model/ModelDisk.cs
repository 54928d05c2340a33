// A disk of a model run: it changes between backups as disks do.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests.Model;

/// <summary>A small disk without a partition table: 10 to 40 chunks of noise, repeats and zeros, of which some is used.</summary>
internal sealed class ModelDisk
{
    private const int Chunk = SampleDisk.ChunkBytes, Sector = 512;

    private readonly string _serial;
    private byte[] _bytes;
    private RangeSet _used;

    internal ModelDisk(string serial, Random random)
    {
        _serial = serial;
        _bytes = new byte[random.Next(10, 30) * Chunk + random.Next(3) * Sector * 7];
        for (var position = 0; position < _bytes.Length; position += Chunk) Fill(position, random);
        _used = Places(random);
    }

    /// <summary>Length in bytes.</summary>
    internal int Length => _bytes.Length;

    /// <summary>What is saved of it.</summary>
    internal RangeSet Used => _used;

    /// <summary>Changes content, used map or length.</summary>
    /// <returns>What was changed, for the log.</returns>
    internal string Change(Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                _used = Places(random);
                return "another used map";
            case 1:
                var length = Math.Clamp(_bytes.Length + random.Next(-4, 5) * Chunk + random.Next(-3, 4) * Sector, 10 * Chunk, 40 * Chunk);
                Array.Resize(ref _bytes, length);
                _used = _used.Intersect(RangeSet.Of(new ByteRange(0, length))).Union(RangeSet.Of(new ByteRange(length - Sector, Sector)));
                return $"{length} bytes long";
            case 2:
                // Content that moves is found by its hash.
                var (from, to) = (random.Next(1, _bytes.Length / Chunk), random.Next(1, _bytes.Length / Chunk));
                _bytes.AsSpan(from * Chunk, Chunk).ToArray().CopyTo(_bytes, to * Chunk);
                return $"chunk {from} copied to {to}";
            default:
                var places = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, _bytes.Length / Chunk)).ToList();
                foreach (var chunk in places) Fill(chunk * Chunk, random);
                return $"chunks {string.Join(' ', places)}";
        }
    }

    /// <summary>The bytes that an image of this moment must have.</summary>
    internal byte[] Padded(byte pad)
    {
        var bytes = _bytes.ToArray();
        foreach (var free in _used.Complement(new ByteRange(0, bytes.Length)).Ranges) bytes.AsSpan((int)free.Start, (int)free.Length).Fill(pad);
        return bytes;
    }

    /// <summary>The plan of a backup of this moment.</summary>
    internal DiskPlan Plan()
    {
        var disk = new TestDisk(_bytes.ToArray());
        return SampleDisk.PlanOf(new TestDisk(disk.Bytes) { Info = disk.Info with { Serial = _serial } }, _used);
    }

    // The first sectors stay: noise there might look like a partition table.
    private void Fill(int position, Random random)
    {
        var end = Math.Min(position + Chunk, _bytes.Length);
        var start = Math.Min(Math.Max(position + random.Next(3) * 20_000, 2 * Sector), end);
        var room = _bytes.AsSpan(start, end - start);
        switch (random.Next(6))
        {
            case 0: room.Clear(); break;
            case 1: room.Fill((byte)random.Next(256)); break;
            case 2: RandomBytes.Of(random.Next(4), room.Length).CopyTo(room); break;
            default: RandomBytes.Of(random.Next(), room.Length).CopyTo(room); break;
        }
    }

    private RangeSet Places(Random random)
    {
        if (random.Next(4) == 0) return RangeSet.Of(new ByteRange(0, _bytes.Length));
        List<ByteRange> used = [new ByteRange(0, 2 * Sector)];
        for (var sector = 0; sector < _bytes.Length / Sector;)
        {
            var count = Math.Min(random.Next(1, 500), _bytes.Length / Sector - sector);
            if (random.Next(3) > 0) used.Add(new ByteRange(sector * (long)Sector, count * (long)Sector));
            sector += count;
        }

        return RangeSet.Of(used);
    }
}
