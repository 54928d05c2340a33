// What a contract's space comes to as limits of a user.
using BootConsole.Server.Catalogue;
using BootConsole.Server.Stores;
using BootConsole.Server.Tests.Catalogue;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Stores;

public sealed class SpaceLimitTests
{
    private const long MiB = 1 << 20, GiB = 1 << 30;

    [Theory]
    [InlineData(GiB, 0, 0, (1024 + 64) * 1024, 100_000 + (16 * 1024))]
    [InlineData(GiB + 1, 0, 0, ((1024 + 64) * 1024) + 1, 100_000 + (16 * 1024))]
    [InlineData(0, 0, 0, 64 * 1024, 100_000)]
    [InlineData(GiB, 512 * MiB, 5_000, (512 + 64) * 1024, 95_000 + (16 * 1024))]
    // What is root's fills the contract, and more than that: 0 would be no limit at all.
    [InlineData(GiB, GiB + (64 * MiB), 0, 1, 100_000 + (16 * 1024))]
    [InlineData(GiB, long.MaxValue, 10_000_000, 1, 1)]
    [InlineData(long.MaxValue, 0, 0, 9_007_199_254_806_528, 140_737_488_455_327)]
    public void Space_and_files_are_limited_less_what_is_roots(long space, long rootBytes, long rootFiles, long kib, long files) =>
        Assert.Equal(new SpaceLimit(kib, files), SpaceLimit.Of(Sample(space), new FolderSum(rootBytes, rootFiles)));

    [Fact]
    public void A_contract_without_a_limit_of_space_limits_nothing() => Assert.Equal(new SpaceLimit(0, 0), SpaceLimit.Of(Sample(null), new FolderSum(GiB, 10)));

    [Fact]
    public void Files_and_folders_of_root_are_found_whoever_owns_what_they_lie_in()
    {
        using var folder = new TempFolder();
        foreach (var path in (string[])["images/sealed/disk-0/tables", "images/open/disk-0", "runs"]) Directory.CreateDirectory(folder[path]);
        foreach (var (path, bytes) in (ReadOnlySpan<(string, int)>)[("images/sealed/image.json", 10), ("images/sealed/disk-0/tables/t", 200), ("images/open/disk-0/s", 3000), ("images/open/disk-0/linked", 40_000), ("runs/r", 500_000), ("contract.json", 7)])
            File.WriteAllBytes(folder[path], new byte[bytes]);
        SystemTool.Run("chown", "-R", "12345", folder["images/open"], folder["runs"]);
        SystemTool.Run("chown", "root", folder["images/open/disk-0/linked"]);
        SystemTool.Run("ln", "-s", "/etc", folder["runs/link"]);
        SystemTool.Run("chown", "-h", "12345", folder["runs/link"]);
        // sealed, disk-0, tables, two files in them; and the linked one.
        Assert.Equal(new FolderSum(10 + 200 + 40_000, 6), RootsShare.Of(folder.Path, ["images", "leases", "runs"]));
    }

    private static Contract Sample(long? space) => SampleContract.Basic with { SpaceBytes = space };
}
