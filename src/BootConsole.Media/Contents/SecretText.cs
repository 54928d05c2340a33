// What a key file is, by its text; only as much as a boot medium must know.
using System.Text;

namespace BootConsole.Media.Contents;

/// <summary>Tells key files apart.</summary>
internal static class SecretText
{
    /// <summary>True for a file with an age identity in a line of its own: it opens backups, whatever the settings take it for. A table key has its identity in a comment line.</summary>
    internal static bool IsAgeIdentity(ReadOnlySpan<byte> content)
    {
        foreach (var line in content.Split((byte)'\n'))
            if (content[line].Trim(" \t\r"u8).StartsWith("AGE-SECRET-KEY-"u8)) return true;
        return content.StartsWith("age-encryption.org/"u8) || content.StartsWith("-----BEGIN AGE ENCRYPTED FILE"u8);
    }

    /// <summary>True for a private key in any form that ssh reads.</summary>
    internal static bool IsSshKey(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        var head = Encoding.ASCII.GetString(end < 0 ? content : content[..end]).TrimEnd();
        return head.StartsWith("-----BEGIN ", StringComparison.Ordinal) && head.EndsWith("PRIVATE KEY-----", StringComparison.Ordinal);
    }
}
