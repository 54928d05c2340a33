// contract.json: what it means, and what a hostile one does.
using System.Text;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.Stores.Directories;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

public sealed class StoreContractTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly byte[] Valid = """
        {"version":1,"customer":"Example Ltd","pc":"office-pc","from":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z","grace_until":"2027-02-01T00:00:00Z",
         "state":"full","images":{"limit":12,"used":3},"bytes":{"limit":2199023255552,"used":1099511627776},"deletion":"forbidden","new_in_version_2":[1,{"x":null}]}
        """u8.ToArray();

    [Fact]
    public void A_contract_is_said_in_a_line()
    {
        var contract = StoreContract.Read(Valid);
        Assert.Equal(["Contract of Example Ltd: until 2027-01-01, 9 of 12 images left, 1.00 TiB of 2.00 TiB left, nothing can be deleted."], contract.Describe());
        Assert.Empty(contract.Warn(Now));
        Assert.Null(contract.WhyNoBackup);
    }

    [Theory]
    [InlineData("""{"version":1,"state":"readonly","until":"2026-11-01T00:00:00Z","grace_until":"2026-12-01T00:00:00Z"}""", "The contract of this store lets images only be read: it ended on 2026-11-01, and they can be restored until 2026-12-01.")]
    [InlineData("""{"version":1,"state":"something newer"}""", "The contract of this store lets images only be read.")]
    [InlineData("""{"version":1,"images":{"limit":1,"used":1}}""", "The contract of this store allows 1 image, and there is 1.")]
    [InlineData("""{"version":1,"images":{"limit":2,"used":9223372036854775807}}""", "The contract of this store allows 2 images, and there are 9223372036854775807.")]
    public void A_backup_that_the_contract_forbids_is_known_beforehand(string json, string why)
    {
        var contract = StoreContract.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal(why, contract.WhyNoBackup);
        Assert.Contains(why, contract.Warn(Now));
    }

    [Theory]
    [InlineData("""{"version":1,"until":"2026-12-01T00:00:00Z"}""", "The contract ends on 2026-12-01.")]
    [InlineData("""{"version":1,"images":{"limit":20,"used":18}}""", "Only 2 images more can be made.")]
    [InlineData("""{"version":1,"bytes":{"limit":1099511627776,"used":1099511627775}}""", "Only 1 B more can be stored.")]
    public void What_comes_to_its_end_is_warned_of(string json, string warning) => Assert.Equal([warning], StoreContract.Read(Encoding.UTF8.GetBytes(json)).Warn(Now));

    [Fact]
    public void An_empty_contract_limits_nothing() => Assert.Empty(StoreContract.Read("{\"version\":1}"u8).Describe());

    [Fact]
    public void Mutated_contracts_are_read_or_refused_and_can_be_said() => JsonFuzz.Run(Valid, bytes =>
    {
        var contract = StoreContract.Read(bytes);
        _ = (contract.Describe(), contract.Warn(Now), contract.Warn(DateTimeOffset.MaxValue));
    });

    [Theory]
    [InlineData("""{"version":1,"customer":"Example Ltd","bytes":{"limit":1073741824,"used":5}}""", "1.00 GiB at most, by the contract of Example Ltd", "Delete images")]
    [InlineData("""{"version":1,"bytes":{"limit":1073741824,"used":5},"deletion":"forbidden"}""", "1.00 GiB at most, by the contract", "nothing can be deleted")]
    public async Task A_store_that_takes_no_more_although_there_is_room_is_held_by_its_contract(string json, string expected, string remedy)
    {
        using var folder = new TempFolder();
        await using var store = DirectoryStore.Open(folder.Path, StoreAccess.Write, IfMissing.Refuse);
        var full = new StoreFault(StoreProblem.Full, "the store is full") { Which = "images/x at byte 7", Found = "nothing more can be written" };
        Assert.Same(full, await StoreContract.ExplainAsync(store, full, CancellationToken.None));
        File.WriteAllText(folder["contract.json"], """{"version":1,"images":{"limit":1,"used":1}}""");
        Assert.Same(full, await StoreContract.ExplainAsync(store, full, CancellationToken.None));
        File.WriteAllText(folder["contract.json"], json);
        var said = await StoreContract.ExplainAsync(store, full, CancellationToken.None);
        Assert.Equal((StoreProblem.Full, "the contract's space is used up", full.Which, full.Found, expected), (said.Problem, said.Message, said.Which, said.Found, said.Expected));
        Assert.Contains(remedy, said.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_everybodys_room_has_run_out_no_contract_is_blamed()
    {
        using var folder = new TempFolder();
        SystemTool.Run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", Directory.CreateDirectory(folder["small"]).FullName);
        try
        {
            File.WriteAllText(folder["small/contract.json"], """{"version":1,"bytes":{"limit":1073741824,"used":5}}""");
            await using var store = DirectoryStore.Open(folder["small"], StoreAccess.Write, IfMissing.Refuse);
            var full = new StoreFault(StoreProblem.Full, "the store is full");
            Assert.Same(full, await StoreContract.ExplainAsync(store, full, CancellationToken.None));
        }
        finally
        {
            SystemTool.Run("umount", folder["small"]);
        }
    }

    [Fact]
    public async Task A_store_without_a_contract_has_none_and_one_that_cannot_be_read_stops_nothing()
    {
        using var folder = new TempFolder();
        await using var store = DirectoryStore.Open(folder.Path, StoreAccess.Write, IfMissing.Refuse);
        Assert.Null(await StoreContract.ReadAsync(store, CancellationToken.None));
        foreach (var bytes in (byte[][])["{"u8.ToArray(), "{\"version\":2}"u8.ToArray(), new byte[StoreContract.MaxBytes + 1]])
        {
            File.WriteAllBytes(folder["contract.json"], bytes);
            var contract = await StoreContract.ReadAsync(store, CancellationToken.None);
            Assert.False(contract!.IsReadable);
            Assert.Single(contract.Warn(Now));
            await StoreContract.RequireRoomAsync(store, isNew: true, CancellationToken.None);
        }

        File.WriteAllText(folder["contract.json"], """{"version":1,"images":{"limit":1,"used":1}}""");
        await Assert.ThrowsAsync<RefusedFault>(() => StoreContract.RequireRoomAsync(store, isNew: true, CancellationToken.None));
        await StoreContract.RequireRoomAsync(store, isNew: false, CancellationToken.None);
    }
}
