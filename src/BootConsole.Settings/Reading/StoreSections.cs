// Reads [server] and [[storage]].
using BootConsole.Core;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>Readers of the tables that name stores.</summary>
internal static class StoreSections
{
    private static readonly string[] SftpKeys = ["host_keys", "host_key_alias", "identity", "jump"];

    /// <summary>Reads <c>[server]</c>.</summary>
    public static ServerSettings Server(SectionReader section)
    {
        var address = section.Required<SftpAddress?>("url", StoreText.SftpExpected, StoreText.Sftp);
        return new ServerSettings(address ?? new SftpAddress("", "", 0, ""), SshText.Read(section)) { Enrol = section.Parsed<string>("enrol", "", EnrolExpected, Enrol) };
    }

    /// <summary>Reads one <c>[[storage]]</c>.</summary>
    /// <param name="section">The table.</param>
    /// <param name="names">Names seen so far, with the offset of each.</param>
    public static StorageSettings Storage(SectionReader section, Dictionary<string, int> names)
    {
        var name = section.Required<string>("name", NameText.PartExpected, Name) ?? "";
        if (name.Length > 0)
        {
            if (names.TryGetValue(name, out var first))
                section.Fail("name", $"{Quoted.Text(name)} already names the storage on line {section.Report.LineOf(first)}", "another name");
            names.TryAdd(name, section.OpenedAt);
        }

        var target = section.Required<StorageTarget?>("url", StoreText.AnyExpected, StoreText.Any);
        // Which other keys make sense follows from the address. A wrong one does not hide what is wrong in them: often its scheme is right, and else all are read.
        var scheme = StoreText.SchemeOf(section.TryFind("url", out var url) && url is TomlString text ? text.Text : "");
        RefuseForeign(section, scheme);
        var ssh = scheme is StoreScheme.Sftp or StoreScheme.Unknown ? SshText.Read(section, isSure: scheme == StoreScheme.Sftp) : null;
        var credentials = scheme is StoreScheme.Smb or StoreScheme.Unknown ? section.Parsed<string>("credentials", "", CredentialsExpected, Credentials) : null;
        target = target switch
        {
            SftpStorage sftp => sftp with { Ssh = ssh ?? sftp.Ssh },
            MountStorage { Address: SmbAddress share } => new MountStorage(share with { CredentialsFile = credentials ?? "" }),
            _ => target,
        };
        return new StorageSettings(name, target ?? new MountStorage(new LabelAddress("")));
    }

    private const string EnrolExpected = "an address such as http://192.0.2.1:8080/enrol, or \"\" for none";

    // What is sent there is not secret and proves itself (docs/security.md), so there is no https.
    private static string? Enrol(string text, out string value)
    {
        value = text;
        if (text.Length == 0) return null;
        return text.Length <= 200 && text.StartsWith("http://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { UserInfo: "", Query: "", Fragment: "" } && address.AbsoluteUri == text ? null : "is not the address of an enrolment";
    }

    private const string CredentialsExpected = "the absolute path of a file as mount.cifs reads it, without a comma";

    // "server" is how store keys call the table [server].
    private static string? Name(string text, out string value) =>
        NameText.Part(text, out value) ?? (text == ApplianceSettings.ServerName ? "is the name of the table [server]" : null);

    // The path becomes part of a mount option, where a comma would begin the next one.
    private static string? Credentials(string text, out string value) =>
        NameText.AbsolutePath(text, out value) ?? (text.Contains(',', StringComparison.Ordinal) ? "holds a comma" : null);

    private static void RefuseForeign(SectionReader section, StoreScheme scheme)
    {
        if (scheme == StoreScheme.Unknown) return;
        if (scheme != StoreScheme.Smb && section.Has("credentials")) section.Fail("credentials", "belongs to smb:// alone", "no such key with this url");
        if (scheme == StoreScheme.Sftp) return;
        foreach (var key in SftpKeys.Where(section.Has)) section.Fail(key, "belongs to sftp:// alone", "no such key with this url");
    }
}
