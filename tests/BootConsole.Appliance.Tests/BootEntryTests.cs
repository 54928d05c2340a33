// Boot entries of UEFI firmware, over a folder of variables as the kernel shows it: recorded, and added again where they are missing.
using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Disks.Tables;
using BootConsole.Host;
using BootConsole.Host.Efi;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Stores;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class BootEntryTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private const string Vendor = "-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private static readonly Guid Partition = Guid.Parse("5ed0d6a2-9b1f-4b1c-8f6e-0a5b6c7d8e9f");

    [Fact]
    public void An_entry_is_read_as_the_specification_says_and_written_back_byte_for_byte()
    {
        var bytes = Option("debian", Partition, @"\EFI\debian\shimx64.efi");
        var option = EfiLoadOption.TryParse(bytes)!;
        Assert.Equal((1u, "debian", Partition), (option.Attributes, option.Description, option.Partition!.Value));
        Assert.Equal(@"\EFI\debian\shimx64.efi", option.File);
        Assert.Equal([7, 8], option.OptionalData);
        Assert.Equal(bytes, option.ToBytes());
        var other = Guid.NewGuid();
        Assert.Equal(Option("debian", other, @"\EFI\debian\shimx64.efi"), option.OnPartition(other).ToBytes());
        // A network card's path names no partition, and is left alone.
        var network = new EfiLoadOption(1, "PXE", [3, 11, 4, 0, 0x7F, 0xFF, 4, 0], []);
        Assert.Null(EfiLoadOption.TryParse(network.ToBytes())!.Partition);
        Assert.Empty(network.File);
        Assert.Equal(network, network.OnPartition(other));
    }

    [Fact]
    public void No_bytes_whatever_break_the_reader()
    {
        var random = new Random(7);
        var good = Option("debian", Partition, @"\EFI\debian\shimx64.efi");
        for (var length = 0; length < good.Length - 2; length++) Assert.Null(EfiLoadOption.TryParse(good.AsSpan(0, length)));
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (EfiLoadOption.TryParse(bytes) is { } option) _ = (option.OnPartition(Partition).ToBytes(), option.File);
        }
    }

    [Fact]
    public void Entries_of_the_disks_of_an_image_are_recorded_in_the_order_of_the_firmware()
    {
        using var folder = Firmware((1, Option("second", Partition, @"\a.efi")), (2, Option("elsewhere", Guid.NewGuid(), @"\b.efi")), (0x1A, Option("first", Partition, @"\c.efi")));
        var layout = new DiskLayout(TableKind.Gpt, 512, [new Partition(1, new ByteRange(0, 512), "") { Guid = Partition.ToString().ToUpperInvariant() }]);
        SetOrder(folder, 2, 0x1A, 99, 1);
        var found = BootEntries.Of(new EfiBootEntries(folder.Path), [layout])!;
        Assert.Equal([("Boot001A", "first"), ("Boot0001", "second")], found.Select(entry => (entry.Name, entry.Description)));
        Assert.Null(BootEntries.Of(new EfiBootEntries(folder.Path), []));
        Assert.Null(BootEntries.Of(new EfiBootEntries("/no-such-folder"), [layout]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_missing_entry_is_added_for_the_partition_as_it_is_on_the_target_and_only_once(bool newIds)
    {
        var copy = sample.CopyStore();
        var source = PartitionTables.Read(Open(sample.Source)).Partitions.Single(partition => partition.Number == 1);
        var option = Option("linux", Guid.Parse(source.Guid), @"\EFI\linux\grubx64.efi");
        copy.EditManifest(manifest => manifest["pc"]!["bootEntries"] = new JsonArray(new JsonObject { ["name"] = "Boot0003", ["description"] = "linux", ["option"] = Convert.ToBase64String(option) }));
        using var disk = LoopDisk.Create(sample.NewPath(".img"), SampleStore.DiskBytes);
        var (plan, openAgain) = await RestoreAsync(copy, disk.Path, newIds);
        using var folder = Firmware((0, Option("other", Guid.NewGuid(), @"\x.efi")));
        SetOrder(folder, 0);
        var firmware = new EfiBootEntries(folder.Path);
        Assert.Contains("'linux'", Assert.Single(BootEntries.Restore(firmware, plan, openAgain)), StringComparison.Ordinal);
        var entries = firmware.Read();
        Assert.Equal(["linux", "other"], entries.Select(entry => entry.Option.Description));
        using (var again = openAgain()) Assert.Equal(Guid.Parse(PartitionTables.Read(again).Partitions.Single(partition => partition.Number == 1).Guid), entries[0].Option.Partition);
        Assert.Equal(newIds, entries[0].Option.Partition != Guid.Parse(source.Guid));
        Assert.Equal([7, 0, 0, 0], File.ReadAllBytes(folder["Boot0001" + Vendor])[..4]);
        Assert.Empty(BootEntries.Restore(firmware, plan, openAgain));
        Assert.Equal(2, firmware.Read().Count);
        // A firmware that refuses is a warning. A folder in the place of the order cannot be written by anybody.
        File.Delete(folder["Boot0001" + Vendor]);
        File.Delete(folder["BootOrder" + Vendor]);
        Directory.CreateDirectory(folder["BootOrder" + Vendor]);
        Assert.Contains("could not be restored", Assert.Single(BootEntries.Restore(firmware, plan, openAgain)), StringComparison.Ordinal);
    }

    private static async Task<(RestorePlan Plan, Func<IDisk> OpenAgain)> RestoreAsync(StoreCopy copy, string target, bool newIds)
    {
        var context = new JobContext { MakeTransform = level => new ZstdTransform(level), Processes = new ProcessTable(), Clock = TimeProvider.System };
        await using var store = await new StoreOpener(StoreAddress.Parse(copy.Folder), new SshSettings(), new ProgramRunner()).OpenForDeletingAsync(IfMissing.Refuse, CancellationToken.None);
        Assert.True(ImageId.TryParse(copy.Image, out var id));
        var image = await ImageReader.OpenAsync(store, id, CancellationToken.None);
        var info = new DiskSelector(await new DiskFinder(new ProgramRunner()).FindAsync(new DiskSurroundings(), CancellationToken.None)).Resolve(target, DiskPurpose.Restore);
        Func<IDisk> openAgain = () => OpenDisk.ForReading(info);
        var plan = await new RestorePlanner(context).PlanAsync(image, 0, (info, openAgain), new RestoreOptions { NewIds = newIds }, CancellationToken.None);
        using var disk = OpenDisk.ForWriting(info);
        await new RestoreJob(context, store).RunAsync(plan, disk, openAgain, CancellationToken.None);
        return (plan, openAgain);
    }

    private static DiskFile Open(string path) => DiskFile.Open(ImageFileProbe.Describe(path, 512));

    // EFI_LOAD_OPTION, a hard drive node and a file path node, written out by hand.
    private static byte[] Option(string description, Guid partition, string file)
    {
        var path = new byte[42];
        (path[0], path[1], path[2], path[4], path[9], path[40], path[41]) = (4, 1, 42, 1, 8, 2, 2);
        partition.ToByteArray().CopyTo(path, 24);
        var name = Encoding.Unicode.GetBytes(file + '\0');
        byte[] list = [.. path, 4, 4, (byte)(name.Length + 4), 0, .. name, 0x7F, 0xFF, 4, 0];
        return [1, 0, 0, 0, (byte)list.Length, 0, .. Encoding.Unicode.GetBytes(description + '\0'), .. list, 7, 8];
    }

    private static TempFolder Firmware(params (int Number, byte[] Option)[] entries)
    {
        var folder = new TempFolder();
        foreach (var (number, option) in entries) File.WriteAllBytes(folder[$"Boot{number:X4}{Vendor}"], [7, 0, 0, 0, .. option]);
        return folder;
    }

    private static void SetOrder(TempFolder folder, params ushort[] numbers)
    {
        var bytes = new byte[4 + (2 * numbers.Length)];
        bytes[0] = 7;
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4 + (2 * i)), numbers[i]);
        File.WriteAllBytes(folder["BootOrder" + Vendor], bytes);
    }
}
