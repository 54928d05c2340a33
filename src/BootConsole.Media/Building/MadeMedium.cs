// A medium that is whole and on the disk, and has no name yet: so that it can be written down before it counts.
using System.Security.Cryptography;

namespace BootConsole.Media.Building;

/// <summary>A finished medium in its workplace. Dispose removes it, unless it was published.</summary>
public sealed class MadeMedium : IDisposable
{
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

    /// <summary>SHA-256 of the file in hexadecimal digits; empty for a tree.</summary>
    public async Task<string> HashAsync(CancellationToken cancel)
    {
        if (IsTree) return "";
        await using var file = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }

    /// <summary>Gives it its final name.</summary>
    /// <exception cref="Core.RefusedFault">Somebody else took the name meanwhile.</exception>
    public void Publish() => _place.Publish();

    /// <summary>Takes the name away again, for a caller that could not finish what belongs to it.</summary>
    public void Withdraw() => _place.Withdraw();

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();
}
