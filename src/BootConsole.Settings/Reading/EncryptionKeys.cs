// Reads the keys of [backup] that say who can read the images.
namespace BootConsole.Settings.Reading;

/// <summary>Reader of encryption, password_file, recipients and table_key.</summary>
internal static class EncryptionKeys
{
    public const string Expected = "\"password\", \"recipients\" or \"none\"";

    private enum Way
    {
        Password,
        Recipients,
        None,
    }

    private static readonly (string, Way)[] Ways = [("password", Way.Password), ("recipients", Way.Recipients), ("none", Way.None)];

    /// <summary>Reads the keys; null when the file does not say who can read the images.</summary>
    public static BackupEncryption? Read(SectionReader section)
    {
        var way = section.Parsed<Way?>("encryption", null, Expected, Choice);
        var passwordFile = section.Parsed<string>("password_file", "", NameText.PathExpected, NameText.AbsolutePath);
        var tableKey = section.Parsed<string>("table_key", "", NameText.PathExpected, NameText.AbsolutePath);
        var recipients = Recipients(section);
        // A wrong word for encryption is reported; whether the other keys fit it is then not known.
        if (way is null && section.Has("encryption")) return null;
        RefuseForeign(section, way);
        switch (way)
        {
            case Way.Password:
                return new PasswordEncryption(passwordFile);
            case Way.Recipients:
                if (!section.Has("recipients")) section.Fail("encryption", "is \"recipients\", but the table names none", "recipients = [\"age1…\"] beside it");
                section.RequireItems("recipients", AgeRecipient.Expected);
                return new RecipientsEncryption(recipients, tableKey);
            case Way.None:
                return new NoEncryption();
            default:
                return null;
        }
    }

    private static string? Choice(string text, out Way? value)
    {
        var problem = NameText.OneOf(Ways)(text, out var way);
        value = problem is null ? way : null;
        return problem;
    }

    private static List<string> Recipients(SectionReader section)
    {
        var items = section.List<string>("recipients", AgeRecipient.Expected, AgeRecipient.Parse);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (recipient, at) in items)
        {
            if (!seen.Add(recipient)) section.FailAt(at, "recipients", "the same recipient stands there twice", "each recipient once");
        }

        return [.. items.Select(item => item.Value)];
    }

    private static void RefuseForeign(SectionReader section, Way? way)
    {
        RefuseUnless(section, way is Way.Password, "password_file", "password");
        RefuseUnless(section, way is Way.Recipients, "recipients", "recipients");
        RefuseUnless(section, way is Way.Recipients, "table_key", "recipients");
    }

    private static void RefuseUnless(SectionReader section, bool isRight, string key, string word)
    {
        if (section.Has(key) && !isRight) section.Fail(key, $"goes with encryption = \"{word}\" alone", "that, or no such key");
    }
}
