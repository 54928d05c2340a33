// Settings files: read one, or say everything that is wrong with it.
using BootConsole.Core;
using BootConsole.Settings.Reading;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings;

/// <summary>Reads settings files.</summary>
public static class SettingsFile
{
    /// <summary>Largest settings file in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path; errors name it as given.</param>
    /// <exception cref="UsageFault">The file is not there, cannot be read, or has errors: the message lists all of them, one a line.</exception>
    public static ApplianceSettings Load(string path) => Load(ReadBytes(path), path);

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="path">The file's path; errors name it as given.</param>
    /// <exception cref="UsageFault">They have errors: the message lists all of them, one a line.</exception>
    public static ApplianceSettings Load(byte[] text, string path)
    {
        var check = Check(text, path);
        if (check.Settings is not null) return check.Settings;
        var head = check.ErrorCount == 1 ? $"{path} has an error" : $"{path} has {check.ErrorCount} errors";
        var rest = check.ErrorCount > check.Errors.Count ? $"\n(and {check.ErrorCount - check.Errors.Count} more)" : "";
        throw new UsageFault($"{head}; nothing was started:\n{string.Join('\n', check.Errors)}{rest}")
        {
            Remedy = $"Correct the file, then try it with: bootconsole check-config {path}",
        };
    }

    /// <summary>Checks the bytes of a file.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="name">The file's name for errors.</param>
    public static SettingsCheck Check(byte[] text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        TomlDocument document;
        try
        {
            if (text.Length > MaxBytes)
                throw new TomlSyntaxException(new TomlPosition(1, 1), $"the file has more than {MaxBytes} bytes, the most that settings may have");
            document = TomlReader.Read(text);
        }
        catch (TomlSyntaxException fault)
        {
            // What follows a syntax error cannot be told apart from its consequences, so this one stands alone.
            return new SettingsCheck(null, [new SettingsError(name, fault.Position, "", fault.What, "")], 1);
        }

        var report = new SettingsReport(name, document);
        var settings = new SettingsReader(document, report).Read();
        return report.Count == 0 ? new SettingsCheck(settings, [], 0) : new SettingsCheck(null, report.First(SettingsCheck.MaxErrors), report.Count);
    }

    /// <summary>The bytes of a file; one more than <see cref="MaxBytes"/> at most, so that a check says that it is too long.</summary>
    /// <exception cref="UsageFault">The file is not there or cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // One byte more than allowed is read, never the whole of something endless.
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes[..length];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageFault("the settings file cannot be read", fault) { Which = path, Found = fault.Message };
        }
    }
}
