// URLs of stores.
using BootConsole.Core;

namespace BootConsole.Settings.Reading;

/// <summary>Kinds of stores by the other keys that they take.</summary>
internal enum StoreScheme
{
    /// <summary>Not to be told.</summary>
    Unknown,

    /// <summary>SFTP: keys of SSH.</summary>
    Sftp,

    /// <summary>SMB: a file of credentials.</summary>
    Smb,

    /// <summary>NFS, a label or a folder: no other key.</summary>
    Plain,
}

/// <summary>Parsers of store URLs. Problems never repeat the URL: people write passwords into them.</summary>
internal static class StoreText
{
    public const string SftpExpected = "sftp://user@host:port/path";
    public const string AnyExpected = "nfs://host/export, smb://host/share, label:NAME, sftp://user@host/path, or an absolute path";

    /// <summary>What kind of store a URL means, even where the rest of it is wrong.</summary>
    public static StoreScheme SchemeOf(string text) => text switch
    {
        _ when text.StartsWith("sftp://", StringComparison.Ordinal) => StoreScheme.Sftp,
        _ when text.StartsWith("smb://", StringComparison.Ordinal) => StoreScheme.Smb,
        _ when text.StartsWith("nfs://", StringComparison.Ordinal) || text.StartsWith("label:", StringComparison.Ordinal) || text.StartsWith('/') => StoreScheme.Plain,
        _ => StoreScheme.Unknown,
    };

    /// <summary>An SFTP address.</summary>
    public static string? Sftp(string text, out SftpAddress? value)
    {
        var problem = Parse(text, "sftp://", out var address);
        value = address as SftpAddress;
        return problem is { Length: > 0 } ? $"is not an SFTP address ({problem})" : value is null ? "is not an SFTP address" : null;
    }

    /// <summary>Any place for images; what only tables can say (keys, credentials) is left empty.</summary>
    public static string? Any(string text, out StorageTarget? value)
    {
        value = null;
        if (text.Length > 4096 || text.Any(char.IsControl)) return "cannot be the address of a store";
        if (text.StartsWith("sftp://", StringComparison.Ordinal))
        {
            var wrong = Sftp(text, out var sftp);
            if (sftp is not null) value = new SftpStorage(sftp, new SshSettings { OnlyTheseValues = true });
            return wrong;
        }

        var problem = Parse(text, "", out var address);
        value = address switch
        {
            MountAddress mount => new MountStorage(mount),
            DirectoryAddress folder when text.StartsWith('/') && text.Length > 1 => new FolderStorage(folder),
            _ => null,
        };
        return value is not null ? null : SchemeOf(text) != StoreScheme.Unknown && problem is not null ? problem : "is not the address of a store";
    }

    // What is wrong with it; empty when it does not begin as it should.
    private static string? Parse(string text, string beginning, out StoreAddress? address)
    {
        address = null;
        if (!text.StartsWith(beginning, StringComparison.Ordinal)) return "";
        try
        {
            address = StoreAddress.Parse(text);
            return null;
        }
        catch (UsageFault fault)
        {
            return fault.Message;
        }
    }
}
