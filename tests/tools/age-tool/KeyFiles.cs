// Keys and passwords from the files that the command line names.
using System.Security.Cryptography;
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.AgeTool;

internal static class KeyFiles
{
    internal static IReadOnlyList<AgeIdentity> ReadIdentities(string path) => UseSecret(path, text => AgeIdentityFile.Parse(text));

    internal static T UsePassword<T>(string path, Func<byte[], T> use) => UseSecret(path, text =>
    {
        // One line end is the editor's, not the password's.
        var length = text.Length;
        if (length > 0 && text[length - 1] == '\n') length--;
        if (length > 0 && length < text.Length && text[length - 1] == '\r') length--;
        var password = text[..length];
        var made = use(password);
        CryptographicOperations.ZeroMemory(password);
        return made;
    });

    internal static IEnumerable<X25519Recipient> ReadRecipients(string path) =>
        ReadFile(path, File.ReadAllLines).Where(line => line.Length > 0 && !line.StartsWith('#')).Select(ReadRecipient);

    internal static X25519Recipient ReadRecipient(string text)
    {
        try
        {
            return X25519Recipient.Parse(text);
        }
        catch (KeyFault fault)
        {
            throw new UsageFault(fault.Message, fault) { Expected = fault.Expected };
        }
    }

    private static T UseSecret<T>(string path, Func<byte[], T> use)
    {
        var text = ReadFile(path, File.ReadAllBytes);
        try
        {
            return use(text);
        }
        catch (KeyFault fault)
        {
            throw new UsageFault(fault.Message, fault) { Which = $"{path} {fault.Which}".TrimEnd(), Expected = fault.Expected };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static T ReadFile<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageFault("a file cannot be read", problem) { Which = path };
        }
    }
}
