// Files and folders of a memory store, with what of them a crash would leave.
namespace BootConsole.TestKit.Memory;

/// <summary>A file or a folder.</summary>
internal abstract class MemoryNode
{
    internal DateTimeOffset Modified { get; set; }
}

/// <summary>A file: what was flushed is safe, the rest is in the page cache.</summary>
internal sealed class MemoryFile : MemoryNode
{
    private byte[] _bytes = [];
    private int _flushedLength;
    private byte[]? _beforeRewrite;

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(Length + bytes.Length, _bytes.Length * 2));
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    internal void Rewrite(ReadOnlySpan<byte> bytes)
    {
        _beforeRewrite ??= Bytes.ToArray();
        if (bytes.Length > Length) Append(new byte[bytes.Length - Length]);
        bytes.CopyTo(_bytes);
    }

    /// <summary>Puts other bytes in the file's place, as a bad medium would: nothing notices.</summary>
    internal void Damage(byte[] bytes) => (_bytes, Length, _flushedLength) = (bytes, bytes.Length, bytes.Length);

    internal void Flush() => (_flushedLength, _beforeRewrite) = (Length, null);

    /// <summary>A rewrite in place is kept or not; appended bytes are kept up to a random point, of which the last may have a length but no content.</summary>
    internal void Crash(Random random)
    {
        if (_beforeRewrite is { } before && random.Next(2) == 0) Damage(before);
        if (Length > _flushedLength)
        {
            Length = random.Next(_flushedLength, Length + 1);
            if (random.Next(2) == 0) _bytes.AsSpan(random.Next(_flushedLength, Length + 1)..Length).Clear();
        }

        Flush();
    }
}

/// <summary>A folder: a journal holds the changes of its names since it was last flushed.</summary>
internal sealed class MemoryFolder : MemoryNode
{
    private readonly List<Action> _undo = [];

    internal SortedDictionary<string, MemoryNode> Names { get; } = new(StringComparer.Ordinal);

    internal void Add(string name, MemoryNode node)
    {
        Names.Add(name, node);
        _undo.Add(() => Names.Remove(name));
    }

    internal void Remove(string name)
    {
        var node = Names[name];
        Names.Remove(name);
        _undo.Add(() => Names.Add(name, node));
    }

    /// <summary>Renames in one step, over whatever has the new name.</summary>
    internal void Move(string from, string to)
    {
        var (moved, replaced) = (Names[from], Names.GetValueOrDefault(to));
        Names.Remove(from);
        Names[to] = moved;
        _undo.Add(() =>
        {
            Names.Remove(to);
            if (replaced is not null) Names[to] = replaced;
            Names[from] = moved;
        });
    }

    internal void Flush() => _undo.Clear();

    /// <summary>Keeps the changes up to a random one, as a journaling file system would; then the same below.</summary>
    internal void Crash(Random random)
    {
        var kept = random.Next(_undo.Count + 1);
        for (var index = _undo.Count - 1; index >= kept; index--) _undo[index]();
        _undo.Clear();
        foreach (var node in Names.Values)
        {
            if (node is MemoryFolder folder) folder.Crash(random);
            else ((MemoryFile)node).Crash(random);
        }
    }

    internal long TotalBytes() => Names.Values.Sum(node => node is MemoryFolder folder ? folder.TotalBytes() : ((MemoryFile)node).Length);
}
