// A store whose contract allows no more: refused before anything is read.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class ContractTests
{
    [Theory]
    [InlineData("""{"version":1,"state":"readonly","until":"2026-11-01T00:00:00Z"}""", "lets images only be read: it ended on 2026-11-01", "prolong the contract")]
    [InlineData("""{"version":1,"images":{"limit":3,"used":3}}""", "allows 3 images, and there are 3", "Delete an image")]
    public void A_backup_is_refused_in_one_sentence(string contract, string why, string remedy)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["store"]);
        File.WriteAllText(folder["store/contract.json"], contract);
        PartitionedImage.Sparse(folder["disk.img"], 8 << 20);
        Bootconsole.Run("backup", "--disk", folder["disk.img"], "--store", folder["store"], "--no-encryption").Reports(3, why, remedy, "Nothing was written");
        Assert.Equal(["contract.json"], Directory.GetFileSystemEntries(folder["store"]).Select(Path.GetFileName));
        File.WriteAllText(folder["store/contract.json"], """{"version":1,"state":"full","images":{"limit":3,"used":2}}""");
        Bootconsole.Run("backup", "--disk", folder["disk.img"], "--store", folder["store"], "--no-encryption").Succeeds();
    }
}
