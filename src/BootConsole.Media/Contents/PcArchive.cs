// The archive of one PC: its settings and the files that they name, unpacked by the kernel over the base.
using BootConsole.Core;
using BootConsole.Media.Cpio;
using BootConsole.Settings;

namespace BootConsole.Media.Contents;

/// <summary>What a boot medium carries for one PC besides the base that all PCs share.</summary>
/// <param name="PcName">The PC's name.</param>
/// <param name="Files">The files that the settings name.</param>
/// <param name="Bytes">The archive.</param>
public sealed record PcArchive(string PcName, IReadOnlyList<PcFile> Files, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Where the booted PC finds its settings.</summary>
    public const string SettingsPath = "/etc/bootconsole.toml";

    /// <summary>Checks settings and collects what they name.</summary>
    /// <param name="settingsText">The bytes of the settings file.</param>
    /// <param name="settingsPath">Its path, for errors.</param>
    /// <param name="tree">The tree with the files that the settings name; null for none.</param>
    /// <exception cref="UsageFault">The settings have errors: the message lists all of them.</exception>
    /// <exception cref="RefusedFault">A file is missing or is not what the settings take it for.</exception>
    public static PcArchive Make(byte[] settingsText, string settingsPath, string? tree) => Make(settingsText, settingsPath, new PcFileSources(tree));

    /// <inheritdoc cref="Make(byte[], string, string?)"/>
    /// <param name="settingsText">The bytes of the settings file.</param>
    /// <param name="settingsPath">Its path, for errors.</param>
    /// <param name="sources">Where the files are that the settings name.</param>
    public static PcArchive Make(byte[] settingsText, string settingsPath, PcFileSources sources)
    {
        var settings = SettingsFile.Load(settingsText, settingsPath);
        var files = PcFiles.Collect(settings, sources);
        IEnumerable<CpioEntry> entries = [CpioEntry.PublicFile(SettingsPath[1..], settingsText), .. files.Select(Entry)];
        return new PcArchive(settings.Pc.Name, files, CpioArchive.Write(entries));
    }

    /// <summary>Holds the secrets among the files against what was asked for.</summary>
    /// <param name="isServedOpenly">True when whoever asks gets the medium: then no private key may be on it.</param>
    /// <exception cref="RefusedFault">There are secrets that nobody asked for.</exception>
    public void RefuseSecrets(bool isServedOpenly)
    {
        var least = isServedOpenly ? Secrecy.PassesForThePc : Secrecy.Opens;
        var secrets = Files.Where(file => file.Secrecy >= least).Select(file => $"{file.NamedBy} = {file.Path}").ToList();
        if (secrets.Count == 0) return;
        var why = isServedOpenly
            ? "files for network boot go to everyone who asks, unencrypted, and these are private"
            : "whoever holds the medium could read backups, or use a password, with what would be on it";
        throw new RefusedFault(why)
        {
            Which = string.Join("; ", secrets),
            Remedy = isServedOpenly
                ? "Take them out of the settings, or use a medium of another kind; --with-secrets serves them all the same."
                : "Take them out of the settings (the console then asks, and backups can be made for recipients); --with-secrets puts them onto the medium all the same.",
        };
    }

    private static CpioEntry Entry(PcFile file) => file.Secrecy == Secrecy.Public
        ? CpioEntry.PublicFile(file.Path[1..], file.Content)
        : CpioEntry.PrivateFile(file.Path[1..], file.Content);
}
