// The files that a PC's settings name, read from a tree of the administrator that is laid over the PC's root.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Settings;

namespace BootConsole.Media.Contents;

/// <summary>Collects the files that go onto a boot medium with the settings.</summary>
internal static class PcFiles
{
    /// <summary>Where the booted PC has its files. Nothing else of its root can be replaced through settings.</summary>
    internal const string Folder = "/etc/bootconsole/";

    private const int MaxBytes = 1 << 20;

    /// <summary>Reads every file that the settings name, and the certificates beside ssh's keys.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="sources">Where the files are.</param>
    /// <exception cref="RefusedFault">A file is not there, cannot be read, or is not what the settings take it for.</exception>
    internal static IReadOnlyList<PcFile> Collect(ApplianceSettings settings, PcFileSources sources)
    {
        var files = new SortedDictionary<string, PcFile>(StringComparer.Ordinal);
        foreach (var named in NamedPath.In(settings).Where(named => !sources.Withheld.Contains(named.Path)))
        {
            var file = Read(named, sources);
            // Named twice, it is the more secret of both.
            if (!files.TryGetValue(named.Path, out var known) || known.Secrecy < file.Secrecy) files[named.Path] = file;
            if (!named.NamedBy.EndsWith("identity", StringComparison.Ordinal) || named.Secrecy == Secrecy.Opens) continue;
            CheckIsSshKey(file);
            var certificate = new NamedPath(named.Path + "-cert.pub", named.NamedBy + " (certificate)", Secrecy.Public);
            if (Has(sources, certificate.Path, named.Path)) files.TryAdd(certificate.Path, Read(certificate, sources));
        }

        return [.. files.Values];
    }

    // A key that was made now has the certificate that was made for it, or none.
    private static bool Has(PcFileSources sources, string certificate, string key) =>
        sources.Made.ContainsKey(key) ? sources.Made.ContainsKey(certificate) : sources.Tree is { } tree && Path.Exists(PathIn(tree, certificate));

    private static PcFile Read(NamedPath named, PcFileSources sources)
    {
        if (!named.Path.StartsWith(Folder, StringComparison.Ordinal) || named.Path.Split('/').Skip(1).Any(part => part is "" or "." or ".."))
            throw new RefusedFault("the settings name a file that no boot medium can carry")
            {
                Which = $"{named.NamedBy} = {named.Path}",
                Expected = $"a file below {Folder}",
                Remedy = $"Name a path such as {Folder}{Path.GetFileName(named.Path)} in the settings.",
            };
        if (sources.Made.TryGetValue(named.Path, out var made)) return new PcFile(named.Path, named.NamedBy, named.Secrecy, made);
        if (sources.Tree is not { } tree)
            throw new RefusedFault("the settings name a file, and no folder was given that has it")
            {
                Which = $"{named.NamedBy} = {named.Path}",
                Remedy = $"Put the file into a folder as DIR{named.Path}, and give the folder by --files DIR.",
            };
        var content = ReadBytes(named, PathIn(tree, named.Path));
        if (content.Length == 0) throw new RefusedFault("a file that the settings name is empty") { Which = PathIn(tree, named.Path), Expected = $"what {named.NamedBy} needs" };
        return new PcFile(named.Path, named.NamedBy, SecretText.IsAgeIdentity(content) ? Secrecy.Opens : named.Secrecy, content);
    }

    private static byte[] ReadBytes(NamedPath named, string path)
    {
        try
        {
            // Looked at first: opening a pipe would wait for somebody at its other end.
            var identity = FileIdentity.Of(path);
            if (identity is null) throw Unfit("is not there", null);
            if (identity.Kind != FileKind.Regular) throw Unfit("is not a file", null);
            using var file = LinuxFile.Open(path, OpenFor.Reading);
            if (file.Length > MaxBytes) throw Unfit($"has {file.Length} bytes, more than any key or password ({MaxBytes})", null);
            var bytes = new byte[file.Length];
            return bytes[..file.ReadAt(0, bytes)];
        }
        catch (SystemCallException refusal)
        {
            throw Unfit(refusal.Message, refusal);
        }

        RefusedFault Unfit(string found, Exception? cause) => new("a file that the settings name cannot be put onto the medium", cause)
        {
            Which = path,
            Expected = $"the file of {named.NamedBy}",
            Found = $"it {found}",
            Remedy = $"Put the file there; the booted PC will have it as {named.Path}.",
        };
    }

    private static void CheckIsSshKey(PcFile file)
    {
        if (SecretText.IsSshKey(file.Content.Span)) return;
        throw new RefusedFault("a file that the settings name is no private key for ssh")
        {
            Which = $"{file.NamedBy} = {file.Path}",
            Expected = "a file that begins with -----BEGIN … PRIVATE KEY-----",
            Remedy = "Give the private key, as ssh-keygen writes it; its certificate lies beside it as …-cert.pub.",
        };
    }

    private static string PathIn(string tree, string path) => Path.Join(tree, path);
}
