// Files of a FAT partition of a disk, by mtools: no mount, no loop device, and a kernel without FAT will do.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Booting;

/// <summary>Reads and adds files. Paths are written as firmware writes them (<c>\EFI\debian\shimx64.efi</c>), and upper and lower case are the same.</summary>
internal sealed class FatFiles(IProgramRunner programs, DiskInfo disk, ByteRange range)
{
    // A folder that a damaged table makes its own child has no end.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string> Environment = new() { ["MTOOLSRC"] = "/dev/null", ["MTOOLS_SKIP_CHECK"] = "1" };

    // A device that is longer than its name says, seen from the partition's first byte.
    private readonly string _place = string.Create(CultureInfo.InvariantCulture, $"{disk.CanonicalPath}@@{range.Start}");

    /// <summary>All files and folders; folders end in a backslash.</summary>
    /// <exception cref="HostFault">They cannot be read.</exception>
    internal async Task<IReadOnlySet<string>> ListAsync()
    {
        var listed = await CallAsync("mdir", "-a", "-b", "-/", "-i", _place, "::/");
        // A file system without any file is no fault to us; to mdir it is, and nothing else makes it say just this.
        if (!listed.Succeeded && !listed.Error.Contains("File \"::/\" not found", StringComparison.Ordinal)) throw Refused("mdir", listed);
        var lines = listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Where(line => line.StartsWith("::/", StringComparison.Ordinal)).Select(line => line[2..].Replace('/', '\\')).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Copies a file out of the partition.</summary>
    /// <exception cref="HostFault">It cannot be read.</exception>
    internal Task ReadAsync(string path, string file) => RunAsync("mcopy", "-n", "-i", _place, Name(path), file);

    /// <summary>Makes a folder.</summary>
    /// <exception cref="HostFault">It cannot be made.</exception>
    internal Task MakeFolderAsync(string path) => RunAsync("mmd", "-D", "s", "-i", _place, Name(path));

    /// <summary>Adds a file: under a passing name until it is whole, so that one of this name is never half of it. Does not overwrite.</summary>
    /// <exception cref="HostFault">It cannot be written, or is there already.</exception>
    internal async Task AddAsync(string file, string path)
    {
        var passing = path[..(path.LastIndexOf('\\') + 1)] + "bootconsole.new";
        try
        {
            await RunAsync("mcopy", "-o", "-i", _place, file, Name(passing));
            await RunAsync("mren", "-i", _place, Name(passing), Name(path));
        }
        catch
        {
            await TryRemoveAsync(passing);
            throw;
        }
    }

    /// <summary>Removes a file, if that can be done.</summary>
    internal async Task TryRemoveAsync(string path) => await CallAsync("mdel", "-i", _place, Name(path));

    private static string Name(string path) => "::" + path.Replace('\\', '/');

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await CallAsync(program, arguments);
        return result.Succeeded ? result.Output : throw Refused(program, result);
    }

    private static HostFault Refused(string program, ProgramResult result)
    {
        // It also says that a disk has no geometry, which nobody asked for.
        var complaint = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {result.ExitCode}";
        return new HostFault($"{program}: {(result.TimedOut ? "it took too long" : complaint)}");
    }

    // Not to be cancelled half-way, also not by a Ctrl-C at the terminal: the file system's tables are written last.
    private Task<ProgramResult> CallAsync(string program, params string[] arguments) =>
        programs.RunAsync(new ProgramCall(program, arguments) { Environment = Environment, Limit = Limit, InOwnSession = true }, CancellationToken.None);
}
