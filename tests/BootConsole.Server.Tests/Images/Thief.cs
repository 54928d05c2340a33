// What a thief tries who has a PC's key and nothing else: OpenSSH's sftp, and single requests, on the real way in.
namespace BootConsole.Server.Tests.Images;

/// <summary>Somebody with the key of a PC, at a <see cref="LiveServer"/>.</summary>
/// <param name="server">The server.</param>
/// <param name="key">The private key; its certificate lies beside it.</param>
/// <param name="raw">A session of single requests.</param>
/// <param name="loot">A file of the thief's own.</param>
internal sealed class Thief(LiveServer server, string key, RawSftp raw, string loot)
{
    private const byte Mkdir = 14, Rename = 18;
    private const uint BySize = 1, ByOwner = 2, ByMode = 4, ByTimes = 8;

    /// <summary>All attacks. The first number of a name is what the image is to be attacked by: a path such as <c>/images/…</c>, and a segment of it.</summary>
    /// <remarks><c>IsFutile</c> is true for what no server lets a PC do, sealed or not.</remarks>
    internal static (string Name, bool IsFutile, Func<Thief, Target, Task<bool>> Try)[] Attacks { get; } =
    [
        // sftp, as anybody has it.
        ("rm of the manifest", false, Sftp("rm {0}/image.json")),
        ("rm of a segment", false, Sftp("rm {1}")),
        ("rm of everything, file by file", false, Sftp("rm {0}/disk-0/tables/*", "rmdir {0}/disk-0/tables", "rm {0}/disk-0/*", "rmdir {0}/disk-0", "rm {0}/*", "rmdir {0}")),
        ("rename of the image", false, Sftp("rename {0} {0}-gone")),
        ("rename -l of the image", false, Sftp("rename -l {0} {0}-gone")),
        ("rename of the manifest, as a deletion begins", false, Sftp("rename {0}/image.json {0}/deleted.json")),
        ("rename of a folder in it", false, Sftp("rename {0}/disk-0 {0}/disk-1")),
        ("rename of a file over the manifest", false, Sftp("put {2} /leases/loot", "rename /leases/loot {0}/image.json")),
        ("rename of a folder into it", false, Sftp("mkdir /leases/folder", "rename /leases/folder {0}/disk-7")),
        ("put over the manifest", false, Sftp("put {2} {0}/image.json")),
        ("put over a segment", false, Sftp("put {2} {1}")),
        ("reput to the end of a file", false, Sftp("reput {2} {0}/image.json.sha256")),
        ("put of a new file", false, Sftp("put {2} {0}/disk-0/new")),
        ("put of a state record, as of an unfinished image", false, Sftp("put {2} {0}/state.json")),
        ("mkdir in it", false, Sftp("mkdir {0}/new")),
        ("symlink for the manifest", false, Sftp("rm {0}/image.json", "symlink /contract.json {0}/image.json")),
        ("symlink in it", false, Sftp("symlink /contract.json {0}/new")),
        ("symlink for the image", false, Sftp("rename {0} {0}-gone", "symlink /shared {0}")),
        ("hard link into it", false, Sftp("put {2} /leases/linked", "ln /leases/linked {0}/new")),
        ("chmod of the image", false, Sftp("chmod 700 {0}")),
        ("chmod of the manifest", false, Sftp("chmod 600 {0}/image.json")),
        ("chmod of a folder in it", false, Sftp("chmod 777 {0}/disk-0")),
        ("chown of the manifest", true, Sftp("chown 12345 {0}/image.json")),
        ("chgrp of the image", true, Sftp("chgrp 12345 {0}")),
        ("mkdir of the image's name", true, Sftp("mkdir {0}")),
        ("rename of the images' folder", true, Sftp("rename /images /pictures")),
        ("rename -l of the images' folder", true, Sftp("rename -l /images /pictures")),
        ("rmdir of the images' folder", true, Sftp("rmdir /images")),
        ("rename over the images' folder", true, Sftp("mkdir /leases/images", "rename /leases/images /images")),
        ("chmod of the images' folder", true, Sftp("chmod 777 /images")),
        // Requests that sftp does not send.
        ("open for writing", false, async (thief, image) => await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Write) is { } handle && await thief.Raw.WriteAsync(handle, 100, "XXXX")),
        ("open and truncate", false, async (thief, image) => await thief.Raw.OpenFileAsync(image.Path + "/image.json", RawSftp.Write | RawSftp.Truncate) is not null),
        ("open and truncate, for reading", false, async (thief, image) => await thief.Raw.OpenFileAsync(image.Path + "/image.json", RawSftp.Read | RawSftp.Write | RawSftp.Create | RawSftp.Truncate) is not null),
        ("open for appending", false, async (thief, image) => await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Write | RawSftp.Append) is { } handle && await thief.Raw.WriteAsync(handle, 0, "XXXX")),
        ("write through a handle for reading", true, async (thief, image) => await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Read) is { } handle && await thief.Raw.WriteAsync(handle, 100, "XXXX")),
        ("setstat of the length", false, (thief, image) => thief.Raw.SetAsync(image.Segment, BySize, 0ul)),
        ("setstat of the mode", false, (thief, image) => thief.Raw.SetAsync(image.Segment, ByMode, 0x1B6u)),
        ("setstat of the owner", true, (thief, image) => thief.Raw.SetAsync(image.Segment, ByOwner, 0u, 0u)),
        ("setstat of the times", false, (thief, image) => thief.Raw.SetAsync(image.Path + "/image.json", ByTimes, 1u, 1u)),
        ("setstat of the image's own times", false, (thief, image) => thief.Raw.SetAsync(image.Path, ByTimes, 1u, 1u)),
        ("fsetstat of the mode through a handle for reading", false, async (thief, image) => await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Read) is { } handle && await thief.Raw.SetAsync(handle, ByMode, 0x1B6u)),
        ("fsetstat of the times through a handle for reading", false, async (thief, image) => await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Read) is { } handle && await thief.Raw.SetAsync(handle, ByTimes, 1u, 1u)),
        ("fsetstat of the length through a handle for reading", true, async (thief, image) => await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Read) is { } handle && await thief.Raw.SetAsync(handle, BySize, 0ul)),
        ("lsetstat of the mode", true, (thief, image) => thief.Raw.ExtendedAsync("lsetstat@openssh.com", image.Path + "/image.json", ByMode, 0x1B6u)),
        ("lsetstat of the times", false, (thief, image) => thief.Raw.ExtendedAsync("lsetstat@openssh.com", image.Path + "/image.json", ByTimes, 1u, 1u)),
        ("posix-rename of a file over a segment", false, async (thief, image) => await thief.LootAsync("/leases/other") && await thief.Raw.ExtendedAsync("posix-rename@openssh.com", "/leases/other", image.Segment)),
        ("posix-rename of the image out of its folder", false, (thief, image) => thief.Raw.ExtendedAsync("posix-rename@openssh.com", image.Path, "/leases/" + image.Path.Split('/')[^1])),
        ("posix-rename of a folder over the image", true, async (thief, image) => await thief.Raw.DoAsync(Mkdir, "/images/empty", 0u) && await thief.Raw.ExtendedAsync("posix-rename@openssh.com", "/images/empty", image.Path)),
        ("rename of a segment out of it", false, (thief, image) => thief.Raw.DoAsync(Rename, image.Segment, "/leases/stolen-" + image.Path.Split('/')[^1])),
        ("hardlink into it", false, async (thief, image) => await thief.LootAsync("/leases/third") && await thief.Raw.ExtendedAsync("hardlink@openssh.com", "/leases/third", image.Path + "/disk-0/third")),
        ("copy-data into a segment", false, async (thief, image) => await thief.LootAsync("/leases/fourth") && await thief.Raw.OpenFileAsync("/leases/fourth", RawSftp.Read) is { } from
            && await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Write) is { } to && await thief.Raw.ExtendedAsync("copy-data", from, 0ul, 0ul, to, 0ul)),
        ("copy-data into a segment that is open for reading", true, async (thief, image) => await thief.LootAsync("/leases/fifth") && await thief.Raw.OpenFileAsync("/leases/fifth", RawSftp.Read) is { } from
            && await thief.Raw.OpenFileAsync(image.Segment, RawSftp.Read) is { } to && await thief.Raw.ExtendedAsync("copy-data", from, 0ul, 0ul, to, 0ul)),
    ];

    private RawSftp Raw => raw;

    private static Func<Thief, Target, Task<bool>> Sftp(params string[] commands) => (thief, image) => Task.FromResult(thief.Run(image, commands));

    private bool Run(Target image, string[] commands) =>
        server.Sftp(key, "bc-office-pc", [.. commands.Select(command => string.Format(System.Globalization.CultureInfo.InvariantCulture, command, image.Path, image.Segment, loot))]).ExitCode == 0;

    private async Task<bool> LootAsync(string path) => await Raw.OpenFileAsync(path, RawSftp.Write | RawSftp.Create) is { } handle && await Raw.WriteAsync(handle, 0, "loot");

    /// <summary>An image as its PC sees it.</summary>
    /// <param name="Path">Its folder.</param>
    /// <param name="Segment">A segment of it.</param>
    internal sealed record Target(string Path, string Segment);
}
