// What came out of checking a settings file.
namespace BootConsole.Settings;

/// <summary>The settings, or everything that is wrong with them.</summary>
/// <param name="Settings">The settings; null when there is an error.</param>
/// <param name="Errors">The errors in the order of the file; at most <see cref="MaxErrors"/>.</param>
/// <param name="ErrorCount">How many errors there are, listed or not.</param>
public sealed record SettingsCheck(ApplianceSettings? Settings, IReadOnlyList<SettingsError> Errors, int ErrorCount)
{
    /// <summary>Most errors that are listed: nobody reads more, and a broken file may have a hundred thousand.</summary>
    public const int MaxErrors = 100;
}
