// The base that all boot media share: a kernel and a root in memory, made once per release, checked before every use.
using System.Security.Cryptography;
using System.Text.Json;
using BootConsole.Core;

namespace BootConsole.Media.Bases;

/// <summary>A folder with <c>vmlinuz</c>, <c>base.img</c> and <c>base.json</c>, whose files are what base.json says.</summary>
public sealed record BaseFolder
{
    /// <summary>The name of the record.</summary>
    public const string Record = "base.json";

    private const int MaxRecordBytes = 16 << 20;

    /// <summary>The names of all files of a base.</summary>
    public static IReadOnlyList<string> Files { get; } = ["vmlinuz", "base.img", Record];

    /// <summary>The kernel.</summary>
    public required string KernelFile { get; init; }

    /// <summary>The root: a compressed cpio archive, a multiple of 4 bytes.</summary>
    public required string RootFile { get; init; }

    /// <summary>Bytes of both.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of both, in hexadecimal, one after the other.</summary>
    public required string Hashes { get; init; }

    /// <summary>Version of BootConsole in the base.</summary>
    public required string Version { get; init; }

    /// <summary>Release of the kernel; empty when base.json does not say it.</summary>
    public required string KernelRelease { get; init; }

    /// <summary>When the base was made; boot media made from it have the same date.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>Opens a base and holds its files against their checksums.</summary>
    /// <exception cref="RefusedFault">Something is missing or damaged.</exception>
    public static BaseFolder Open(string folder)
    {
        var record = ReadRecord(Path.Join(folder, Record));
        var (kernel, root) = (Path.Join(folder, "vmlinuz"), Path.Join(folder, "base.img"));
        var (kernelHash, kernelBytes) = Check(kernel, record);
        var (rootHash, rootBytes) = Check(root, record);
        // The kernel passes over an archive that does not begin at a multiple of 4 bytes, without a word: the PC would boot without its settings.
        if (rootBytes % 4 != 0) throw Unfit(root, "a multiple of 4 bytes, so that the settings can follow it", $"{rootBytes} bytes");
        return new BaseFolder
        {
            KernelFile = Path.GetFullPath(kernel),
            RootFile = Path.GetFullPath(root),
            Bytes = kernelBytes + rootBytes,
            Hashes = kernelHash + rootHash,
            Version = record.Version ?? "",
            KernelRelease = record.Kernel ?? "",
            Made = record.Built!.Value,
        };
    }

    private static BaseRecord ReadRecord(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxRecordBytes) throw Unfit(path, "the record of a base", "a file of more than 16 MiB");
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), BaseRecordContext.Default.BaseRecord) ?? throw Unfit(path, "the record of a base", "nothing");
            // What FAT and ISO 9660 can date: 1980 to 2107.
            if (record.Built is not { UtcDateTime.Year: > 1980 and < 2107 }) throw Unfit(path, "a date in 'built'", $"{record.Built}");
            return record;
        }
        catch (JsonException damage)
        {
            throw Unfit(path, "JSON with the fields that buildroot/build writes", damage.Message);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw Missing(path, refusal);
        }
    }

    private static (string Hash, long Bytes) Check(string path, BaseRecord record)
    {
        var name = Path.GetFileName(path);
        if (record.Files?.GetValueOrDefault(name)?.Sha256 is not { } expected) throw Unfit(Path.Join(Path.GetDirectoryName(path), "base.json"), $"the SHA-256 of {name}", "none");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var found = Convert.ToHexStringLower(SHA256.HashData(file));
            return string.Equals(found, expected, StringComparison.OrdinalIgnoreCase) ? (found, file.Length) : throw Unfit(path, $"SHA-256 {expected}", found);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw Missing(path, refusal);
        }
    }

    private static RefusedFault Missing(string path, Exception cause) => new("the base is not whole: a file cannot be read", cause)
    {
        Which = path,
        Found = cause.Message,
        Remedy = "Give the folder that 'make image' wrote, with vmlinuz, base.img and base.json.",
    };

    private static RefusedFault Unfit(string path, string expected, string found) => new("the base is damaged, or its files do not belong together")
    {
        Which = path,
        Expected = expected,
        Found = found,
        Remedy = "Take another copy of the base, or make it anew with 'make image'.",
    };
}
