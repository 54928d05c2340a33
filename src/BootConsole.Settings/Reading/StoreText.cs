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

    private const string PasswordProblem = "holds a user or password: they belong in the file named by credentials";

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
        value = null;
        if (!text.StartsWith("sftp://", StringComparison.Ordinal)) return "is not an SFTP address";
        try
        {
            value = StoreAddress.Parse(text) as SftpAddress;
            return value is null ? "is not an SFTP address" : null;
        }
        catch (UsageFault fault)
        {
            return $"is not an SFTP address ({fault.Message})";
        }
    }

    /// <summary>Any place for images; what only tables can say (keys, credentials) is left empty.</summary>
    public static string? Any(string text, out StorageTarget? value)
    {
        value = null;
        if (text.Length > 4096 || text.Any(char.IsControl)) return "cannot be the address of a store";
        if (text.StartsWith("label:", StringComparison.Ordinal)) return Label(text["label:".Length..], out value);
        if (text.StartsWith("nfs://", StringComparison.Ordinal)) return Share(text["nfs://".Length..], isSmb: false, out value);
        if (text.StartsWith("smb://", StringComparison.Ordinal)) return Share(text["smb://".Length..], isSmb: true, out value);
        if (text.StartsWith('/') && text.Length > 1) value = new FolderStorage(new DirectoryAddress(text));
        if (value is not null) return null;
        var problem = Sftp(text, out var sftp);
        if (sftp is not null) value = new SftpStorage(sftp, new SshSettings { OnlyTheseValues = true });
        return text.StartsWith("sftp://", StringComparison.Ordinal) ? problem : value is null ? "is not the address of a store" : null;
    }

    private static string? Label(string label, out StorageTarget? value)
    {
        value = new LabelStorage(label);
        return label.Length is > 0 and <= 255 && label.Trim() == label && !label.Contains('/', StringComparison.Ordinal) ? null : "is not a file system label";
    }

    private static string? Share(string rest, bool isSmb, out StorageTarget? value)
    {
        value = null;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        if (authority.Contains('@', StringComparison.Ordinal)) return PasswordProblem;
        if (!HostText.TrySplit(authority, out var host, out var port)) return "has no host name or a wrong port";
        var path = slash < 0 ? "" : Uri.UnescapeDataString(rest[slash..]).TrimEnd('/');
        var isOdd = path.Any(char.IsControl) || path.Split('/').Skip(1).Any(part => part is "" or "." or "..");
        if (isOdd) return "has a path with empty parts, '.', '..' or control characters";
        if (path.Length == 0) return isSmb ? "names no share" : "names no exported path";
        if (!isSmb)
        {
            value = new NfsStorage(host, port, path);
            return null;
        }

        var share = path.Split('/')[1];
        value = new SmbStorage(host, port, share, path[(share.Length + 1)..], "");
        return null;
    }
}
