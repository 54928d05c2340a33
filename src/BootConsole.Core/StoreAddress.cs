// Where a store is: a folder of this machine, a folder behind SFTP, or what has to be mounted first.
namespace BootConsole.Core;

/// <summary>The address of a store: <see cref="DirectoryAddress"/>, <see cref="SftpAddress"/> or a <see cref="MountAddress"/>.</summary>
public abstract record StoreAddress
{
    private const string Kinds = "a folder, sftp://user@host/path, nfs://host/export, smb://host/share or label:NAME";

    private protected StoreAddress() { }

    /// <summary>Reads a folder path, <c>sftp://[user@]host[:port][/path]</c>, <c>label:NAME</c>, <c>nfs://host/export</c> or <c>smb://host/share[/path]</c>. In an sftp URL, <c>/~/x</c> means x below the login folder and any other path is absolute.</summary>
    /// <exception cref="UsageFault">Empty, an unknown scheme, a password in the URL, or a host or port that cannot be one.</exception>
    public static StoreAddress Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new UsageFault("the store's address is empty") { Expected = Kinds };
        if (text.Contains('\0', StringComparison.Ordinal)) throw new UsageFault("the store's address holds a NUL character");
        if (MountAddress.Find(text) is { } mount) return mount;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return new DirectoryAddress(text);
        if (!text.StartsWith("sftp://", StringComparison.Ordinal))
            throw new UsageFault($"unknown kind of store '{text[..scheme]}'") { Which = text, Expected = Kinds };
        return ParseSftp(text);
    }

    private static SftpAddress ParseSftp(string text)
    {
        var rest = text["sftp://".Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? "" : Uri.UnescapeDataString(rest[slash..]);
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? "" : Uri.UnescapeDataString(authority[..at]);
        if (user.Contains(':', StringComparison.Ordinal))
            throw new UsageFault("a password may not stand in a store's address") { Which = "sftp://…", Remedy = "Use a key (--identity) instead." };
        var (host, port) = SplitPort(authority[(at + 1)..], text);
        // A host or user that starts with '-' could be read by ssh as an option; spaces and control characters are never part of one.
        if (!IsPlain(host) || (user.Length > 0 && !IsPlain(user)))
            throw new UsageFault("not a host name") { Which = text, Expected = "sftp://user@host:port/path" };
        if (path.Any(char.IsControl)) throw new UsageFault("the path holds a control character") { Which = text };
        return new SftpAddress(user, host, port, path);
    }

    private static (string Host, int Port) SplitPort(string text, string whole)
    {
        var bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        var host = bracket > 0 ? text[1..bracket] : text.Split(':')[0];
        var rest = bracket > 0 ? text[(bracket + 1)..] : text[host.Length..];
        if (rest.Length == 0) return (host, 0);
        if (!rest.StartsWith(':') || !ushort.TryParse(rest.AsSpan(1), out var port) || port == 0)
            throw new UsageFault("not a port number") { Which = whole, Expected = "1 to 65535", Found = rest };
        return (host, port);
    }

    private static bool IsPlain(string text) =>
        text.Length is > 0 and <= 255 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '%' or '\\' or '+');
}

/// <summary>A folder of this machine.</summary>
/// <param name="Path">Its path as given; may be relative.</param>
public sealed record DirectoryAddress(string Path) : StoreAddress
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>A folder behind SFTP.</summary>
/// <param name="User">Login name; empty for ssh's own default.</param>
/// <param name="Host">Host name, address, or a name of the user's ssh configuration; never empty, never starting with '-'.</param>
/// <param name="Port">1 to 65535, or 0 for ssh's own default.</param>
/// <param name="Path">Absolute path on the server; empty or <c>/~</c> for the login folder, <c>/~/x</c> for x below it.</param>
public sealed record SftpAddress(string User, string Host, int Port, string Path) : StoreAddress
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"sftp://{(User.Length > 0 ? User + "@" : "")}{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}{(Port > 0 ? $":{Port}" : "")}{Path}";
}
