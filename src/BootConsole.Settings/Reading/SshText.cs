// Host keys and jump hosts.
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Settings.Reading;

/// <summary>Reads what an SSH connection needs besides its address.</summary>
internal static class SshText
{
    public const string HostKeyExpected = "a line as in known_hosts: [@cert-authority] hosts key-type base64";
    public const string HostKeyAliasExpected = "a host name: letters, digits, . - _ (not - first), or \"\" for that of the url";
    public const string JumpExpected = "user@relay:22, several with commas, or \"\" for none";

    private static readonly string[] Markers = ["@cert-authority", "@revoked"];

    /// <summary>Host keys, identity and jump host of a table with an SFTP address.</summary>
    /// <param name="section">The table.</param>
    /// <param name="isSure">False when the address is not known to be one: then the keys may be absent, and are only checked where they stand.</param>
    public static SshSettings Read(SectionReader section, bool isSure = true)
    {
        var lines = section.List<string>("host_keys", HostKeyExpected, HostKey);
        if (isSure && !section.Has("host_keys")) section.Missing("host_keys", HostKeyExpected + "; without one the server cannot prove that it is the server");
        section.RequireItems("host_keys", HostKeyExpected);
        if (lines.Count > 0 && lines.All(line => line.Value.StartsWith("@revoked", StringComparison.Ordinal)))
            section.Fail("host_keys", "all keys are revoked", "at least one that is not");
        return new SshSettings
        {
            OnlyTheseValues = true,
            KnownHostsLines = [.. lines.Select(line => line.Value)],
            HostKeyAlias = section.Parsed<string>("host_key_alias", "", HostKeyAliasExpected, HostKeyAlias),
            IdentityFile = (isSure
                ? section.Required<string>("identity", NameText.PathExpected, NameText.AbsolutePath)
                : section.Parsed("identity", "", NameText.PathExpected, NameText.AbsolutePath)) ?? "",
            Jump = section.Parsed<string>("jump", "", JumpExpected, Jump),
        };
    }

    /// <summary>One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).</summary>
    public static string? HostKey(string text, out string value)
    {
        value = text.Trim();
        if (value.Any(char.IsControl)) return "holds a line end or another control character: one key per string";
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries).AsSpan();
        if (words.Length > 0 && words[0].StartsWith('@'))
        {
            if (!Markers.Contains(words[0])) return "begins with an unknown marker";
            words = words[1..];
        }

        if (words.Length < 3) return "is not a host key line";
        if (!words[1].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '@' or '.')) return "has no key type in its second place";
        return IsKeyOfType(words[2], words[1]) ? null : "has a damaged key: its base64 part does not begin with its key type";
    }

    /// <summary>The name by which the server's key or certificate is known.</summary>
    public static string? HostKeyAlias(string text, out string value)
    {
        value = text;
        return text.Length == 0 || HostText.IsName(text) ? null : "is not a host name";
    }

    /// <summary>Jump hosts as ssh's -J takes them.</summary>
    public static string? Jump(string text, out string value)
    {
        value = text;
        if (text.Length == 0) return null;
        foreach (var hop in text.Split(','))
        {
            // ssh reads each hop as a user, a host and a port; the address reader refuses passwords and what ssh could take for an option.
            if (hop.Length == 0 || hop.AsSpan().ContainsAny("/ ") || Sftp(hop) is not { Path: "" }) return "is not a jump host";
        }

        return null;
    }

    private static SftpAddress? Sftp(string hop) => StoreText.Sftp("sftp://" + hop, out var address) is null ? address : null;

    // The blob begins with the length of the type's name and the name (RFC 4253 §6.6).
    private static bool IsKeyOfType(string base64, string type)
    {
        if (base64.Length > 16_384 || !Base64.IsValid(base64)) return false;
        var blob = Convert.FromBase64String(base64);
        if (blob.Length <= 4 + type.Length || BinaryPrimitives.ReadUInt32BigEndian(blob) != type.Length) return false;
        return Encoding.ASCII.GetString(blob, 4, type.Length) == type;
    }
}
