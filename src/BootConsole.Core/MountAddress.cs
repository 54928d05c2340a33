// Where a store is when its file system has to be mounted first: a medium by its label, an NFS export, an SMB share.
namespace BootConsole.Core;

/// <summary>A store that is mounted for the job and unmounted after it: <see cref="LabelAddress"/>, <see cref="NfsAddress"/> or <see cref="SmbAddress"/>.</summary>
public abstract record MountAddress : StoreAddress
{
    private protected MountAddress() { }

    /// <summary>Reads <c>label:NAME</c>, <c>nfs://host[:port]/export</c> or <c>smb://host[:port]/share[/path]</c>.</summary>
    /// <returns>Null for a text of another kind.</returns>
    /// <exception cref="UsageFault">It is one of them and cannot be an address. The message does not repeat the text: people write passwords into it.</exception>
    internal static MountAddress? Find(string text) => text switch
    {
        _ when text.StartsWith("label:", StringComparison.Ordinal) => Label(text["label:".Length..]),
        _ when text.StartsWith("nfs://", StringComparison.Ordinal) => Nfs(text["nfs://".Length..]),
        _ when text.StartsWith("smb://", StringComparison.Ordinal) => Smb(text["smb://".Length..]),
        _ => null,
    };

    private static LabelAddress Label(string label) =>
        label.Length is > 0 and <= 255 && label.Trim() == label && !label.Contains('/', StringComparison.Ordinal) && !label.Any(char.IsControl)
            ? new LabelAddress(label) : throw new UsageFault("is not a file system label") { Expected = "label:NAME" };

    private static NfsAddress Nfs(string rest)
    {
        var (host, port, path) = Share(rest);
        return path.Length > 0 ? new NfsAddress(host, port, path) : throw new UsageFault("names no exported path") { Expected = "nfs://host/export" };
    }

    private static SmbAddress Smb(string rest)
    {
        var (host, port, path) = Share(rest);
        if (path.Length == 0) throw new UsageFault("names no share") { Expected = "smb://host/share" };
        var share = path.Split('/')[1];
        return new SmbAddress(host, port, share, path[(share.Length + 1)..]);
    }

    private static (string Host, int Port, string Path) Share(string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        if (authority.Contains('@', StringComparison.Ordinal)) throw new UsageFault("holds a user or password: they belong in the file named by credentials");
        if (!HostText.TrySplit(authority, out var host, out var port)) throw new UsageFault("has no host name or a wrong port");
        var path = slash < 0 ? "" : Uri.UnescapeDataString(rest[slash..]).TrimEnd('/');
        var isOdd = path.Any(char.IsControl) || path.Split('/').Skip(1).Any(part => part is "" or "." or "..");
        return isOdd ? throw new UsageFault("has a path with empty parts, '.', '..' or control characters") : (host, port, path);
    }
}

/// <summary>A partition of this PC or of a medium attached to it, found by its file system's label.</summary>
/// <param name="Label">The label, as <c>blkid</c> shows it.</param>
public sealed record LabelAddress(string Label) : MountAddress
{
    /// <inheritdoc/>
    public override string ToString() => $"label:{Label}";
}

/// <summary>An NFS export.</summary>
/// <param name="Host">Host name or address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535, or 0 for the usual one.</param>
/// <param name="Path">Absolute path of the export.</param>
public sealed record NfsAddress(string Host, int Port, string Path) : MountAddress
{
    /// <inheritdoc/>
    public override string ToString() => $"nfs://{HostText.Bracketed(Host)}{(Port > 0 ? $":{Port}" : "")}{Path}";
}

/// <summary>An SMB share.</summary>
/// <param name="Host">Host name or address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535, or 0 for the usual one.</param>
/// <param name="Share">Name of the share.</param>
/// <param name="Path">Path below the share, starting with '/'; empty for the share itself.</param>
public sealed record SmbAddress(string Host, int Port, string Share, string Path) : MountAddress
{
    /// <summary>Absolute path of a file as <c>mount.cifs</c> reads it; empty to come as guest. Holds no comma, which would end the mount option.</summary>
    public string CredentialsFile { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"smb://{HostText.Bracketed(Host)}{(Port > 0 ? $":{Port}" : "")}/{Share}{Path}";
}
