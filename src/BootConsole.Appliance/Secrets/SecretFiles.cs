// Reads secrets from files into memory that is zeroed after use: passwords, age identities, table keys.
using System.Security.Cryptography;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Appliance.Secrets;

/// <summary>Files that hold secrets. Nothing of them appears in a message.</summary>
internal static class SecretFiles
{
    private const int MaxBytes = 64 << 10, MaxPasswordBytes = 1024;

    /// <summary>Reads a password: the file's first line, as it stands.</summary>
    /// <exception cref="KeyFault">It is empty, or not one line.</exception>
    internal static SecretBytes ReadPassword(string path)
    {
        var bytes = Read(path, "--password-file");
        try
        {
            var line = bytes.AsSpan();
            if (line.EndsWith("\n"u8)) line = line[..^1];
            if (line.EndsWith("\r"u8)) line = line[..^1];
            if (line.IsEmpty) throw new KeyFault("the password file is empty") { Which = path };
            if (line.Contains((byte)'\n') || line.Length > MaxPasswordBytes) throw new KeyFault("the password file holds more than one line, or a very long one") { Which = path, Expected = $"one line of at most {MaxPasswordBytes} bytes" };
            return new SecretBytes(line);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>True for a file that holds age identities, and not a key for ssh.</summary>
    internal static bool IsAgeIdentity(string path)
    {
        // What cannot be read is left to ssh, which says so in its own words.
        if (!File.Exists(path)) return false;
        // A pipe can be read once alone, and ssh takes none.
        if (IsPipe(path)) return true;
        var bytes = Read(path, "--identity");
        try
        {
            return bytes.AsSpan().StartsWith("AGE-SECRET-KEY-"u8) || bytes.AsSpan().IndexOf("\nAGE-SECRET-KEY-"u8) >= 0;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Reads age identities.</summary>
    internal static IReadOnlyList<AgeIdentity> ReadIdentities(string path) => Use(path, "--identity", bytes => (IReadOnlyList<AgeIdentity>)AgeIdentityFile.Parse(bytes));

    /// <summary>Reads a table key.</summary>
    internal static KeySet ReadTableKey(string path) => Use(path, "--table-key", bytes => KeySetText.ReadTableKey(bytes));

    /// <summary>Writes a secret to a new file that only its owner can read.</summary>
    /// <exception cref="RefusedFault">A file of that name is there.</exception>
    internal static void WriteNew(string path, ReadOnlySpan<byte> secret)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(secret);
            file.Flush(flushToDisk: true);
        }
        catch (IOException cause) when (File.Exists(path))
        {
            throw new RefusedFault("a file of that name is there already", cause) { Which = path, Remedy = "Choose another name, or remove that file." };
        }
    }

    private static T Use<T>(string path, string option, Func<byte[], T> use)
    {
        var bytes = Read(path, option);
        try
        {
            return use(bytes);
        }
        catch (KeyFault fault)
        {
            throw new KeyFault(fault.Message, fault) { Which = $"{path} {fault.Which}".Trim(), Expected = fault.Expected, Remedy = fault.Remedy };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static bool IsPipe(string path)
    {
        try
        {
            using var file = Open(path);
            return !file.CanSeek;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Without a buffer of its own, which nobody would zero.
    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    private static byte[] Read(string path, string option)
    {
        try
        {
            using var file = Open(path);
            // To the end, and not by length: '<(pass show backup)' of a shell is a pipe, and has none.
            var bytes = GC.AllocateArray<byte>(MaxBytes + 1, pinned: true);
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count > MaxBytes) throw new UsageFault("the file is too long to hold a secret") { Which = $"{option} {path}", Expected = $"at most {MaxBytes} bytes" };
            var result = GC.AllocateUninitializedArray<byte>(count, pinned: true);
            bytes.AsSpan(0, count).CopyTo(result);
            CryptographicOperations.ZeroMemory(bytes);
            return result;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageFault("a file cannot be read", cause) { Which = $"{option} {path}", Found = cause.Message };
        }
    }
}
