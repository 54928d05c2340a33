// A medium that is whole and on the disk, and has no name yet: so that it can be written down before it counts.
using System.Security.Cryptography;
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>A finished medium in its workplace. Dispose removes it, unless it was published.</summary>
public sealed class MadeMedium : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly Workplace _place;

    internal MadeMedium(Workplace place)
    {
        _place = place;
        Bytes = IsTree ? new DirectoryInfo(FilePath).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : new FileInfo(FilePath).Length;
    }

    /// <summary>Its bytes, or those of its files.</summary>
    public long Bytes { get; }

    /// <summary>True for a folder.</summary>
    public bool IsTree => Directory.Exists(FilePath);

    private string FilePath => _place[Workplace.Medium];

    /// <summary>SHA-256 of the file in hexadecimal digits; empty for a tree. Blocks; what is not stored (the room for backups) is not read.</summary>
    public string Hash(CancellationToken cancel)
    {
        if (IsTree) return "";
        using var file = LinuxFile.Open(FilePath, OpenFor.Reading);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (bytes, zeros) = (new byte[PieceBytes], new byte[PieceBytes]);
        for (long at = 0, data = 0; at < Bytes;)
        {
            cancel.ThrowIfCancellationRequested();
            if (data <= at) data = NextData(file, at) ?? Bytes;
            var count = (int)Math.Min(PieceBytes, Bytes - at);
            if (data > at) count = (int)Math.Min(count, data - at);
            hash.AppendData((data > at ? zeros : bytes[..file.ReadAt(at, bytes.AsSpan(0, count))]).AsSpan(0, count));
            at += count;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Gives it its final name.</summary>
    /// <exception cref="Core.RefusedFault">Somebody else took the name meanwhile.</exception>
    public void Publish() => _place.Publish();

    /// <summary>Takes the name away again, for a caller that could not finish what belongs to it.</summary>
    public void Withdraw() => _place.Withdraw();

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    private static long? NextData(LinuxFile file, long at)
    {
        try
        {
            return file.Seek(at, forData: true);
        }
        catch (SystemCallException)
        {
            // The file system cannot tell: then all is read.
            return at;
        }
    }
}
