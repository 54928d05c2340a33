// bootserver media write: bytes go to a real loop device, of which lsblk says what it would say of a stick.
using System.Text.Json.Nodes;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.Server.Commands;
using BootConsole.Server.Sticks;
using BootConsole.Server.Tests.BootImages;
using BootConsole.TestKit;
using Spectre.Console;

namespace BootConsole.Server.Tests.Sticks;

public sealed class StickTests : IDisposable
{
    private const long MiB = 1 << 20;
    private const string Serial = "4C530001230101116193";

    private readonly TempFolder _folder = new();

    public StickTests()
    {
        // Not made of whole sectors, with a hole of more than a piece in it.
        using var medium = File.Create(_folder["pc.img"]);
        medium.Write(WithPartition(RandomBytes.Of(7, (int)(5 * MiB))));
        medium.Position = 20 * MiB;
        medium.Write(RandomBytes.Of(8, 3_000_001));
    }

    private long Bytes => new FileInfo(_folder["pc.img"]).Length;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task A_stick_holds_the_medium_and_nothing_of_what_was_there(int sectorBytes)
    {
        using var stick = Stick(40 * MiB, sectorBytes);
        var (code, output, error) = await WriteAsync(stick);
        Assert.True(code == 0, error);
        Assert.Contains("read back", output, StringComparison.Ordinal);
        stick.Detach();
        SystemTool.Run("cmp", "-n", $"{Bytes}", _folder["pc.img"], _folder["stick"]);
        var all = File.ReadAllBytes(_folder["stick"]);
        var sectors = (Bytes + sectorBytes - 1) / sectorBytes * sectorBytes;
        Assert.False(all.AsSpan((int)Bytes, (int)(sectors - Bytes)).ContainsAnyExcept((byte)0));
        // A copy of an old partition table would be at the end; what lies between is nobody's matter.
        Assert.False(all.AsSpan((int)(39 * MiB)).ContainsAnyExcept((byte)0));
        Assert.True(all.AsSpan((int)sectors, (int)MiB).ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData("serial number", "rm", "true", "OTHER")]
    [InlineData("cannot be taken out", "rm", "false", Serial)]
    [InlineData("read-only", "ro", "true", Serial)]
    public async Task Another_device_than_the_stick_that_is_meant_is_refused(string words, string column, string value, string serial)
    {
        using var stick = Stick(40 * MiB);
        await IsRefusedAsync(stick, 3, words, serial, node => node[column] = value == "true");
    }

    [Fact]
    public async Task A_device_without_a_serial_number_is_never_written()
    {
        using var stick = Stick(40 * MiB);
        await IsRefusedAsync(stick, 3, "no serial number", "X", node => node["serial"] = null);
        await IsRefusedAsync(stick, 2, "serial number is missing", "", node => node["serial"] = null);
    }

    [Fact]
    public async Task A_stick_that_is_smaller_than_the_medium_is_refused()
    {
        using var stick = Stick(20 * MiB);
        await IsRefusedAsync(stick, 3, "does not fit", Serial);
    }

    [Fact]
    public async Task A_stick_that_is_mounted_or_that_another_program_has_is_refused()
    {
        using var stick = Stick(40 * MiB);
        SystemTool.Run("mkfs.ext4", "-q", "-F", stick.Path);
        // Not for writing: the file system would write by itself while the bytes are compared.
        using (MountedFolder.Mount(stick.Path, _folder["mounted"], options: "ro")) await IsRefusedAsync(stick, 3, "is mounted at", Serial);
        using (LoopDisk.Attach(stick.Path)) await IsRefusedAsync(stick, 3, "in use by", Serial);
        // Nobody sees it in a list: the kernel alone says so. Whoever lists all devices meanwhile may keep the former claim a moment longer.
        LinuxFile? open = null;
        await Eventually.BecomesTrueAsync(() => TryClaim(stick.Path, out open), "the stick is nobody's again");
        using var claim = open!;
        var (code, _, error) = await WriteAsync(stick);
        Assert.True(code == 1 && error.Contains("in use", StringComparison.Ordinal), error);
    }

    [Fact]
    public async Task What_is_no_whole_device_is_refused()
    {
        using var stick = Stick(40 * MiB);
        File.WriteAllText(_folder["file"], new string('m', 4096));
        foreach (var (path, words) in ((string, string)[])[(_folder["file"], "no device"), ("/dev/null", "neither a disk"), (_folder["none"], "no such disk")])
        {
            var (code, _, error) = await WriteAsync(stick, path: path);
            Assert.True(code == 3 && error.Contains(words, StringComparison.Ordinal), error);
        }

        Assert.Equal(new string('m', 4096), File.ReadAllText(_folder["file"]));
        var (missing, _, said) = await WriteAsync(stick, file: _folder["none"]);
        Assert.True(missing == 2 && said.Contains("no medium", StringComparison.Ordinal), said);
    }

    [Theory]
    [InlineData("truncate -s 5M {0}", "none of these")]
    [InlineData("printf 'not a medium' > {0}", "less than one sector")]
    [InlineData("head -c 5000000 /dev/urandom > {0} && printf '\\0\\0' | dd of={0} bs=1 seek=510 conv=notrunc status=none", "none of these")]
    [InlineData("printf '{{\"id\":\"x\"}}%10000s' x > {0}", "none of these")]
    [InlineData("gzip -c {1} > {0}", "gzip")]
    [InlineData("xz -0 -c {1} > {0}", "xz")]
    [InlineData("zstd -q -1 -c {1} > {0}", "zstd")]
    [InlineData("cp /usr/lib/systemd/boot/efi/linuxx64.efi.stub {0}", "UEFI")]
    [InlineData("mkdir {0}.d && echo x > {0}.d/f && xorriso -as mkisofs -quiet -o {0} {0}.d", "from a CD alone")]
    [InlineData("truncate -s 5M {0} && printf '\\125\\252' | dd of={0} bs=1 seek=510 conv=notrunc status=none", "none of these")]
    public async Task A_file_that_no_PC_would_boot_from_is_refused_and_it_is_said_what_it_is(string make, string words)
    {
        using var stick = Stick(40 * MiB);
        SystemTool.Run("sh", "-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, make, _folder["other"], _folder["pc.img"]));
        var before = SystemTool.Run("sha256sum", stick.Path);
        var (code, _, error) = await WriteAsync(stick, file: _folder["other"]);
        Assert.True(code == 3 && error.Contains("no boot medium", StringComparison.Ordinal) && error.Contains("Expected: ", StringComparison.Ordinal) && error.Contains(words, StringComparison.Ordinal), error);
        Assert.Equal(before, SystemTool.Run("sha256sum", stick.Path));
    }

    [Theory]
    [InlineData("truncate -s 20M {0} && printf 'label: gpt\\n,10M\\n' | sfdisk -q {0}")]
    [InlineData("truncate -s 20M {0} && mkfs.fat -F 16 {0} > /dev/null")]
    [InlineData("mkdir {0}.d && echo x > {0}.d/f && xorriso -as mkisofs -quiet -isohybrid-mbr /usr/lib/grub/i386-pc/boot_hybrid.img --protective-msdos-label -o {0} {0}.d")]
    public async Task Media_of_other_makers_can_be_written(string make)
    {
        using var stick = Stick(40 * MiB);
        SystemTool.Run("sh", "-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, make, _folder["other"]));
        var (code, _, error) = await WriteAsync(stick, file: _folder["other"]);
        Assert.True(code == 0, error);
    }

    [Theory]
    [InlineData(9 * MiB)]
    [InlineData(0)]
    [InlineData(22 * MiB)]
    public async Task A_device_that_loses_what_was_written_is_found_out(long lost)
    {
        using var stick = Stick(40 * MiB);
        var inventory = await new DiskFinder(new ProgramRunner()).FindAsync(new DiskSurroundings(), CancellationToken.None);
        using var disk = new ForgetfulDisk(OpenDisk.ForWriting(inventory.Disks.Single(found => found.Info.Path == stick.Path).Info), lost);
        var fault = Assert.Throws<DiskFault>(() => new StickWriter(disk, new JobProgress()).Write(_folder["pc.img"], CancellationToken.None));
        Assert.Contains("does not hold what was written", fault.Message, StringComparison.Ordinal);
        Assert.Equal(lost, fault.Range!.Value.Start / MiB * MiB);
    }

    [Fact]
    public async Task A_stick_that_was_cut_off_has_no_first_sector()
    {
        using var stick = Stick(40 * MiB);
        var inventory = await new DiskFinder(new ProgramRunner()).FindAsync(new DiskSurroundings(), CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        using (var disk = new ForgetfulDisk(OpenDisk.ForWriting(inventory.Disks.Single(found => found.Info.Path == stick.Path).Info), -MiB) { OnWrite = cancel.Cancel })
            Assert.Throws<OperationCanceledException>(() => new StickWriter(disk, new JobProgress()).Write(_folder["pc.img"], cancel.Token));
        stick.Detach();
        Assert.False(File.ReadAllBytes(_folder["stick"]).AsSpan(0, 512).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task A_boot_image_is_built_and_written_at_once_and_one_that_does_not_fit_is_not_issued()
    {
        using var server = new IssuingServer();
        using (var small = Stick(40 * MiB))
        {
            var (refused, _, error) = await RunAsync(small, node => { }, "--root", server.Root, "bootimage", "build", "office", "--medium", "usb", "--out", _folder["office.img"], "--write", small.Path, "--device-serial", Serial);
            Assert.True(refused == 3 && error.Contains("does not fit", StringComparison.Ordinal), error);
            Assert.False(File.Exists(_folder["office.img"]));
            Assert.Empty(server.Read(session => Server.Catalogue.BootImageTable.BootImages(session)));
        }

        using var stick = Stick(100 * MiB);
        var (code, output, said) = await RunAsync(stick, node => { }, "--root", server.Root, "bootimage", "build", "office", "--medium", "usb", "--out", _folder["office.img"], "--write", stick.Path, "--device-serial", Serial);
        Assert.True(code == 0, said);
        Assert.Contains($"Written to {stick.Path}", output, StringComparison.Ordinal);
        stick.Detach();
        SystemTool.Run("cmp", "-n", $"{new FileInfo(_folder["office.img"]).Length}", _folder["office.img"], _folder["stick"]);
    }

    private static byte[] WithPartition(byte[] start)
    {
        start.AsSpan(446, 64).Clear();
        (start[446], start[450], start[454], start[459]) = (0x80, 0x0C, 1, 1);
        (start[510], start[511]) = (0x55, 0xAA);
        return start;
    }

    private static bool TryClaim(string path, out LinuxFile? claim)
    {
        try
        {
            claim = LinuxFile.Open(path, OpenFor.Reading | OpenFor.Exclusive);
            return true;
        }
        catch (SystemCallException busy) when (busy.Error == Errno.EBUSY)
        {
            claim = null;
            return false;
        }
    }

    private LoopDisk Stick(long bytes, int sectorBytes = 512)
    {
        File.WriteAllBytes(_folder["stick"], RandomBytes.Of(9, (int)bytes));
        return LoopDisk.Attach(_folder["stick"], sectorBytes);
    }

    private async Task IsRefusedAsync(LoopDisk stick, int expected, string words, string serial, Action<JsonNode>? change = null)
    {
        var before = SystemTool.Run("sha256sum", stick.Path);
        var (code, _, error) = await WriteAsync(stick, change, serial);
        Assert.True(code == expected && error.Contains(words, StringComparison.Ordinal), error);
        Assert.Equal(before, SystemTool.Run("sha256sum", stick.Path));
    }

    private Task<(int Code, string Output, string Error)> WriteAsync(LoopDisk stick, Action<JsonNode>? change = null, string serial = Serial, string? path = null, string? file = null) =>
        RunAsync(stick, change ?? (_ => { }), "media", "write", file ?? _folder["pc.img"], path ?? stick.Path, "--device-serial", serial);

    private static async Task<(int Code, string Output, string Error)> RunAsync(LoopDisk stick, Action<JsonNode> change, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var services = new Services { Programs = new StickRunner(stick.Path, change), Output = Console(output), Errors = Console(error) };
        var code = await CommandTree.Make(services).Parse(arguments).InvokeAsync();
        return (code, output.ToString(), error.ToString());
    }

    private static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    // Everything is real but what lsblk says of one device.
    private sealed class StickRunner(string path, Action<JsonNode> change) : IProgramRunner
    {
        private readonly ProgramRunner _real = new();

        public async Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
        {
            var result = await _real.RunAsync(call, cancel);
            if (call.Program != "lsblk") return result;
            var tree = JsonNode.Parse(result.Output)!;
            foreach (var node in tree["blockdevices"]!.AsArray().Where(node => (string?)node!["path"] == path))
            {
                node!["rm"] = true;
                node["serial"] = Serial;
                change(node);
            }

            return result with { Output = tree.ToJsonString() };
        }
    }

    // A device that says yes to every write and forgets one MiB, as sticks do that claim more than they have.
    private sealed class ForgetfulDisk(IWritableDisk real, long lost) : IWritableDisk
    {
        public Action OnWrite { get; init; } = () => { };

        public DiskInfo Info => real.Info;

        public void Read(long offset, Span<byte> buffer) => real.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            OnWrite();
            for (var at = 0; at < bytes.Length; at += (int)MiB)
                if (offset + at != lost) real.Write(offset + at, bytes[at..Math.Min(bytes.Length, at + (int)MiB)]);
        }

        public void Zero(ByteRange range)
        {
            for (var start = range.Start; start < range.End; start += MiB)
                if (start != lost) real.Zero(ByteRange.FromEnds(start, Math.Min(range.End, start + MiB)));
        }

        public bool TryDiscard(ByteRange range) => real.TryDiscard(range);

        public void Flush() => real.Flush();

        public bool TryRereadPartitions() => real.TryRereadPartitions();

        public void Dispose() => real.Dispose();
    }
}
