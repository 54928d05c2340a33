// A disk-image file with real read errors: nbdkit behind nbdfuse.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>A file that reads like another one, but gives EIO where the test says so. Read-only.</summary>
public sealed class FaultyDisk : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly PipedProgram _program;
    private readonly TempFolder _folder;

    private FaultyDisk(PipedProgram program, TempFolder folder) => (_program, _folder) = (program, folder);

    /// <summary>The file with the errors.</summary>
    public string Path => _folder["disk.img"];

    /// <summary>Every read that touches one of the ranges fails, as of a worn disk.</summary>
    public static FaultyDisk WithBadRanges(string image, params IEnumerable<ByteRange> bad)
    {
        var folder = new TempFolder();
        File.WriteAllLines(folder["bad"], bad.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Start} {range.End}")));
        // nbdkit's eval plugin runs this for each read: $3 is the count, $4 the offset.
        var read = $"""
            while read start end; do if [ $4 -lt $end ] && [ $(($4 + $3)) -gt $start ]; then echo 'EIO bad sector' >&2; exit 1; fi; done < {folder["bad"]}
            exec dd if={image} iflag=skip_bytes,count_bytes skip=$4 count=$3 status=none
            """;
        return Start(folder, "eval", $"get_size=stat -Lc %s {image}", $"pread={read}");
    }

    /// <summary>Every read fails from the moment <see cref="Break"/> is called (nbdkit's error filter).</summary>
    public static FaultyDisk ThatCanBreak(string image)
    {
        var folder = new TempFolder();
        return Start(folder, "--filter=error", "file", image, "error-pread=EIO", "error-pread-rate=100%", $"error-pread-file={folder["broken"]}");
    }

    /// <summary>From now on all reads fail.</summary>
    public void Break() => File.WriteAllText(_folder["broken"], "");

    /// <summary>Ends the server at once, like a cable that is pulled: the file is still open, its disk is not there.</summary>
    public void Unplug()
    {
        _program.Kill();
        _program.WaitForEndAsync(StartLimit).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        SystemTool.Try("umount", Path);
        _program.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    private static FaultyDisk Start(TempFolder folder, params IReadOnlyList<string> nbdkit)
    {
        File.WriteAllText(folder["disk.img"], "");
        var program = PipedProgram.Start("nbdfuse", ["--pidfile", folder["pid"], folder["disk.img"], "[", "nbdkit", "--exit-with-parent", .. nbdkit, "]"]);
        var isUp = SpinWait.SpinUntil(() => File.Exists(folder["pid"]) || program.HasEnded, StartLimit);
        return isUp && !program.HasEnded ? new FaultyDisk(program, folder) : throw new InvalidOperationException($"nbdfuse did not start: {program.Errors}");
    }
}
