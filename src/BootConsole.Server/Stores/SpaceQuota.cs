// The user quota of the stores' file system, where it has one, by the programs of the package "quota" (docs/bootserver.md, "Space").
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Stores;

/// <summary>Whether the file system of the stores holds users to limits.</summary>
/// <param name="Mount">Where it is mounted.</param>
/// <param name="WhyNot">Why it does not, as the end of a sentence; empty when it does.</param>
/// <param name="Remedy">What to do for it to do so; empty when it does.</param>
internal sealed record QuotaStanding(string Mount, string WhyNot, string Remedy)
{
    /// <summary>True when it does.</summary>
    internal bool IsEnforced => WhyNot.Length == 0;
}

/// <summary>Asks for and sets limits. Needs root.</summary>
/// <param name="programs">Runs <c>findmnt</c>, <c>quotaon</c>, <c>setquota</c> and <c>repquota</c>.</param>
/// <param name="stores">The folder of the stores.</param>
internal sealed class SpaceQuota(IProgramRunner programs, string stores)
{
    private const string Package = "quota", Section = "docs/bootserver.md, \"Space\"";
    private const int NameColumn = 0, SpaceColumn = 5, FilesColumn = 9;
    private static readonly string[] Tools = ["quotaon", "setquota", "repquota"];

    private QuotaStanding? _standing;

    /// <summary>Finds out, once for this object.</summary>
    internal async Task<QuotaStanding> FindAsync(CancellationToken cancel) => _standing ??= await LookAsync(cancel);

    /// <summary>Sets a user's limits. Where the file system does not hold users to limits, nothing is done.</summary>
    /// <exception cref="HostFault">The file system would, and the limits could not be set.</exception>
    internal async Task SetAsync(string account, SpaceLimit limit, CancellationToken cancel)
    {
        if (await FindAsync(cancel) is not { IsEnforced: true, Mount: var mount }) return;
        // Hard limits alone: a soft one would let the PC beyond it for a week.
        var result = await programs.RunAsync(new ProgramCall("setquota", "-u", account, "0", Text(limit.KiB), "0", Text(limit.Files), mount), cancel);
        if (!result.Succeeded) throw new HostFault("the file system's quota could not be set") { Which = $"{account} on {mount}", Found = PlainText.Of(result.Error.Trim()), Remedy = "Run this as root. 'bootserver doctor' says which limits are in force." };
    }

    /// <summary>The limits in force, by user; who is not there has none.</summary>
    /// <exception cref="HostFault">They cannot be read.</exception>
    internal async Task<IReadOnlyDictionary<string, SpaceLimit>> LimitsAsync(CancellationToken cancel)
    {
        if (await FindAsync(cancel) is not { IsEnforced: true, Mount: var mount }) return new Dictionary<string, SpaceLimit>();
        // Verbose, because else it leaves out who has a limit and no file yet.
        var result = await programs.RunAsync(new ProgramCall("repquota", "-u", "-v", "-O", "csv", mount), cancel);
        if (!result.Succeeded) throw new HostFault("the file system's quotas cannot be read") { Which = mount, Found = PlainText.Of(result.Error.Trim()) };
        Dictionary<string, SpaceLimit> limits = [];
        foreach (var fields in result.Output.Split('\n').Select(line => line.Split(',')))
            if (fields.Length > FilesColumn && long.TryParse(fields[SpaceColumn], NumberStyles.None, CultureInfo.InvariantCulture, out var space) && long.TryParse(fields[FilesColumn], NumberStyles.None, CultureInfo.InvariantCulture, out var files))
                limits[fields[NameColumn]] = new SpaceLimit(space, files);
        return limits;
    }

    private async Task<QuotaStanding> LookAsync(CancellationToken cancel)
    {
        var found = await programs.RunAsync(new ProgramCall("findmnt", "-n", "-v", "-P", "-o", "FSTYPE,SOURCE,TARGET", "-T", stores), cancel);
        // One mount may lie over another (an automount does): the last is what is seen.
        var line = found.Output.TrimEnd('\n').Split('\n')[^1];
        var (kind, device, mount) = (Field(line, "FSTYPE"), Field(line, "SOURCE"), Field(line, "TARGET"));
        if (!found.Succeeded || mount.Length == 0) return new QuotaStanding("", $"nobody says which file system {stores} is on", "See whether 'findmnt -T " + stores + "' does.");
        if (Remedy(kind, device, mount) is not { } remedy) return new QuotaStanding(mount, $"{kind} ({mount}) has no quotas of users that bootserver can set", $"Keep stores on ext4 or XFS with user quotas ({Section}).");
        if (Tools.Any(tool => ProgramRunner.Locate(tool) is null)) return new QuotaStanding(mount, "the programs for quotas are not installed", $"apt-get install {Package}. Then: {remedy}");
        // Verbose, because only then it tells limits that are in force from space that is counted. It ends with 0 whatever it finds.
        var state = await programs.RunAsync(new ProgramCall("quotaon", "-p", "-u", "-v", mount), cancel);
        if (state.Output.Contains("is on (enforced)", StringComparison.Ordinal)) return new QuotaStanding(mount, "", "");
        return new QuotaStanding(mount, state.Output.Contains("is on (accounting)", StringComparison.Ordinal) ? $"the quotas of users of {mount} are counted and not enforced" : $"{mount} ({kind}) has no quotas of users switched on", remedy);
    }

    // What switches them on, and what is to be written into /etc/fstab.
    private static string? Remedy(string kind, string device, string mount) => kind switch
    {
        "ext4" => $"With {mount} unmounted: 'tune2fs -O quota {device}'; give it the option usrquota in /etc/fstab, mount it, and run 'bootserver doctor --rebuild' ({Section}).",
        "xfs" => $"Give {mount} the option uquota in /etc/fstab, unmount and mount it, and run 'bootserver doctor --rebuild' ({Section}).",
        _ => null,
    };

    // findmnt -P writes NAME="value"; what could be taken for something else is \xNN there.
    private static string Field(string line, string name)
    {
        var mark = name + "=\"";
        var start = line.IndexOf(mark, StringComparison.Ordinal);
        if (start < 0) return "";
        start += mark.Length;
        var text = line[start..line.IndexOf('"', start)];
        while (text.IndexOf("\\x", StringComparison.Ordinal) is >= 0 and var at && at + 4 <= text.Length && byte.TryParse(text.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            text = $"{text[..at]}{(char)value}{text[(at + 4)..]}";
        return text;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
