// Programs that fail, crash, hang, are missing or talk nonsense; and what becomes of the loop device.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class ProgramDoubtTests : IDisposable
{
    private const long PartitionBytes = 8 << 20;
    private const string Head = "# Domain logfile\n# current_pos  current_status\n0x00800000     ?\n#      pos        size  status\n";
    private readonly PartitionImage _image = new(PartitionBytes);
    private readonly string _good;

    public ProgramDoubtTests()
    {
        _image.Run("mkfs.ext4", "-q", "-F", "-b", "1024");
        var folder = new TempFolder();
        _image.Run("partclone.extfs", "-D", "-q", "-f", "1", "-L", folder["messages"], "-o", folder["map"], "-s");
        _good = File.ReadAllText(folder["map"]);
        folder.Dispose();
    }

    public void Dispose()
    {
        // A device that some other program of the machine looks at right now (lsblk) goes when that closes it: the kernel marks it with AUTOCLEAR.
        var devices = SystemTool.Run("losetup", "--noheadings", "--output", "NAME,AUTOCLEAR", "--associated", _image.File).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _image.Dispose();
        Assert.DoesNotContain(devices, device => device.EndsWith('0'));
    }

    [Fact]
    public void The_script_itself_is_believed_when_it_tells_the_truth()
    {
        var map = _image.Map(programs: new ScriptedPrograms().Answer("partclone.extfs", 0, _good));
        Assert.Equal(("partclone.extfs", ""), (map.Method, map.Note));
        Assert.Equal(_image.Map().Used.Ranges, map.Used.Ranges);
    }

    [Theory]
    [InlineData("", "does not cover")]
    [InlineData("garbage\n", "cannot be understood")]
    [InlineData("0x00000000  0x00800000  +\n", "cannot be understood")]
    [InlineData(Head, "does not cover")]
    [InlineData(Head + "0x00000000  0x00800000  +\n", "own count of free blocks")]
    [InlineData(Head + "0x00000000  0x00400000  +\n", "does not cover")]
    [InlineData(Head + "0x00000000  0x00400000  +\n0x00500000  0x00300000  +\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x00400000  +\n0x00300000  0x00500000  ?\n", "cannot be understood")]
    [InlineData(Head + "0x00100000  0x00700000  ?\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x00000000  ?\n0x00000000  0x00800000  +\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x00900000  +\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0xFFFFFFFFFFFFFFFF  ?\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x7FFFFFFFFFFFFFFF  ?\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x11111111111111111  ?\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  -0x800000  ?\n", "cannot be understood")]
    [InlineData(Head + "0  0x00800000  +\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x00800000  -\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x00800000  ++\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x00800000\n", "cannot be understood")]
    [InlineData(Head + "0x00000000  0x00800000  +  +\n", "cannot be understood")]
    [InlineData(Head + Head + "0x00000000  0x00800000  +\n", "cannot be understood")]
    public void A_map_that_is_not_whole_is_not_believed(string log, string reason) =>
        _image.Map(programs: new ScriptedPrograms().Answer("partclone.extfs", 0, log)).AssertWhole(_image, reason);

    [Fact]
    public void A_map_without_one_of_its_lines_is_not_believed()
    {
        var lines = _good.TrimEnd().Split('\n');
        for (var i = 4; i < lines.Length; i++)
        {
            if (lines[i][0] == '#') continue;
            var map = _image.Map(programs: new ScriptedPrograms().Answer("partclone.extfs", 0, string.Join('\n', lines.Where((_, at) => at != i)) + "\n"));
            Assert.Equal("whole", map.Method);
        }
    }

    [Fact]
    public void A_line_without_end_is_not_kept() =>
        _image.Map(programs: new ScriptedPrograms().Answer("partclone.extfs", 0, Head + new string('x', 100_000))).AssertWhole(_image, "cannot be understood");

    [Theory]
    [InlineData(1, "refuses")]
    [InlineData(139, "crashed")]
    public void A_good_map_of_a_failed_program_is_not_believed(int exitCode, string reason) =>
        _image.Map(programs: new ScriptedPrograms().Answer("partclone.extfs", exitCode, _good)).AssertWhole(_image, reason);

    [Theory]
    [InlineData("blkid")]
    [InlineData("losetup")]
    [InlineData("blockdev")]
    [InlineData("partclone.extfs")]
    public void A_missing_program_means_the_whole_partition(string program) =>
        _image.Map(programs: new ScriptedPrograms().Answer(program, ScriptedPrograms.Missing)).AssertWhole(_image, $"The program {program} is missing");

    [Theory]
    [InlineData("blkid")]
    [InlineData("partclone.extfs")]
    public void A_program_that_takes_too_long_means_the_whole_partition(string program) =>
        _image.Map(new UsedMapOptions { ProgramLimit = TimeSpan.FromMinutes(2.5) }, new ScriptedPrograms().Answer(program, ScriptedPrograms.TooSlow))
            .AssertWhole(_image, $"The program {program} did not end within 2.5 minutes");

    [Fact]
    public void A_real_program_that_hangs_is_killed()
    {
        using var folder = new TempFolder();
        var programs = new Redirected("partclone.extfs", new ProgramCall("sleep", "1000"));
        _image.Map(new UsedMapOptions { ProgramLimit = TimeSpan.FromMilliseconds(300) }, programs).AssertWhole(_image, "did not end");
    }

    [Fact]
    public void A_program_that_babbles_for_ever_is_killed()
    {
        var programs = new Redirected("partclone.extfs", new ProgramCall("yes", "0x0 0x1 +"));
        _image.Map(programs: programs).AssertWhole(_image, "cannot be understood");
    }

    [Fact]
    public void Without_root_or_a_free_loop_device_the_whole_partition_is_saved() =>
        _image.Map(programs: new ScriptedPrograms().Answer("losetup", 1)).AssertWhole(_image, "that takes root");

    [Theory]
    [InlineData("0\n8388608\n")]
    [InlineData("1\n8388096\n")]
    [InlineData("")]
    public void A_loop_device_that_could_be_written_to_or_is_cut_short_is_not_used(string state)
    {
        var programs = new ScriptedPrograms().Answer("blockdev", 0, state);
        _image.Map(programs: programs).AssertWhole(_image, "not read-only or not as long");
        Assert.DoesNotContain(programs.Calls, call => call.Program.StartsWith("partclone", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("partclone.extfs")]
    [InlineData("blockdev")]
    [InlineData("losetup")]
    public async Task Cancelling_detaches_the_loop_device(string during)
    {
        using var cancel = new CancellationTokenSource();
        var programs = new Cancelling(during, cancel);
        using var disk = new ImageDisk(_image.File);
        var mapping = new UsedMapper(programs).MapAsync(disk, _image.Range, new UsedMapOptions(), new JobProgress(), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mapping);
    }

    [Fact]
    public void Sectors_that_cannot_be_read_mean_the_whole_partition()
    {
        using var disk = new ImageDisk(_image.File) { BadSectors = new ByteRange(_image.Range.Start + 1024, 512) };
        var map = disk.Map(_image.Range);
        Assert.Equal("Some of the file system's tables cannot be read; every sector is saved.", map.Note);
    }

    /// <summary>Runs another program in place of one.</summary>
    private sealed class Redirected(string program, ProgramCall other) : IProgramRunner
    {
        private readonly ProgramRunner _real = new();

        public Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel) =>
            _real.RunAsync(call.Program == program ? call with { Program = other.Program, Arguments = other.Arguments } : call, cancel);
    }

    /// <summary>Cancels the job the moment a program starts.</summary>
    private sealed class Cancelling(string program, CancellationTokenSource source) : IProgramRunner
    {
        private readonly ProgramRunner _real = new();

        public async Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
        {
            if (call.Program == program) await source.CancelAsync();
            return await _real.RunAsync(call, cancel);
        }
    }
}
