// Makes a file system old: random files come, grow, shrink and go, and what is left is remembered.
using BootConsole.Core;

namespace BootConsole.TestKit;

/// <summary>Seeded random use of a file system.</summary>
public sealed class Ageing
{
    private const int Folders = 6;
    private readonly Random _random;
    private readonly long _capacityBytes;
    private readonly int _largestBytes;
    private readonly SortedDictionary<string, (ChunkHash Hash, int Length)> _files = new(StringComparer.Ordinal);
    private int _number;
    private long _totalBytes;

    /// <param name="seed">Equal seeds give equal trees.</param>
    /// <param name="capacityBytes">How much the files may hold together.</param>
    public Ageing(int seed, long capacityBytes)
    {
        _random = new Random(seed);
        _capacityBytes = capacityBytes;
        _largestBytes = (int)(capacityBytes / 10);
    }

    /// <summary>Fills the tree, deletes a third, rewrites, truncates and fills the holes again.</summary>
    /// <param name="tree">Where the files go.</param>
    /// <param name="steps">How many files are made in each of the two fillings.</param>
    public void Run(IFileTree tree, int steps = 120)
    {
        for (var i = 0; i < Folders; i++) tree.MakeFolder($"folder {i}");
        for (var i = 0; i < steps; i++) Create(tree);
        foreach (var name in _files.Keys.ToList())
        {
            switch (_random.Next(9))
            {
                case < 3:
                    Remove(tree, name);
                    break;
                case 3:
                    Put(tree, name, RandomBytes());
                    break;
                case 4:
                    Put(tree, name, tree.Get(name)[..(_files[name].Length / 2)]);
                    break;
            }
        }

        for (var i = 0; i < steps; i++) Create(tree);
    }

    /// <summary>Says which files are not what was last written.</summary>
    /// <returns>Names; none when all is well.</returns>
    public IReadOnlyList<string> Damaged(IFileTree tree) => [.. _files.Where(file => !Same(tree, file.Key, file.Value.Hash)).Select(file => file.Key)];

    private static bool Same(IFileTree tree, string name, ChunkHash hash)
    {
        try
        {
            return ChunkHash.Of(tree.Get(name)) == hash;
        }
        catch (IOException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Create(IFileTree tree)
    {
        var content = RandomBytes();
        if (_totalBytes + content.Length > _capacityBytes) return;
        Put(tree, $"folder {_random.Next(Folders)}/file number {_number++}.data", content);
    }

    private void Put(IFileTree tree, string name, byte[] content)
    {
        if (_files.TryGetValue(name, out var old)) _totalBytes -= old.Length;
        tree.Put(name, content);
        _files[name] = (ChunkHash.Of(content), content.Length);
        _totalBytes += content.Length;
    }

    private void Remove(IFileTree tree, string name)
    {
        tree.Remove(name);
        _totalBytes -= _files[name].Length;
        _files.Remove(name);
    }

    // Sizes from nothing to the largest, small ones as often as large ones.
    private byte[] RandomBytes()
    {
        var bytes = new byte[(int)Math.Pow(_largestBytes, _random.NextDouble()) - 1];
        _random.NextBytes(bytes);
        return bytes;
    }
}
