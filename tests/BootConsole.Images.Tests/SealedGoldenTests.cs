// An encrypted store made once and kept: whatever changes, it is read for ever, by us and by the age and zstd programs.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.Stores.Directories;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

/// <summary>
/// Golden/sealed was written once, by the key set of <see cref="FixedKeys"/>, wrapped by its password (work factor 2^10) and for its escrow key: a full image and an incremental one made against it.
/// It is never written again.
/// </summary>
public sealed class SealedGoldenTests : IAsyncLifetime
{
    private const string FullHash = "4e6e18065e208282d1363dc4f2f5061f6f7c89f7161d69e10933e9f4f7c22c67", ChildHash = "36eceb267f55089900efaea7c24291d5343c8d66f1e543850c229a57df0e3e4f";
    private static readonly ImageId Full = WriterRoom.IdOf(0, name: "full"), Child = WriterRoom.IdOf(1, name: "incremental");
    private readonly DirectoryStore _store = DirectoryStore.Open(Folder, StoreAccess.Read);

    /// <summary>Content, chunks of zeros, and one content twice.</summary>
    internal static byte[] FullDisk => WriterRoom.Disk(1, 2, 0, 0, 5, 6, 7, 2, 9, 10);

    internal static byte[] ChildDisk => WriterRoom.Change(FullDisk, (3, 44), (6, 1), (9, 0));

    private static string Folder => Path.Combine(RepositoryFolder.Path, "tests/BootConsole.Images.Tests/Golden/sealed");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Its_key_set_opens_by_the_password_and_by_the_escrow_key_and_is_the_one_it_was()
    {
        Assert.Equal([FixedKeys.Id], await KeyWraps.ListSetsAsync(_store, default));
        Assert.Equal(["identity.1.age", "identity.escrow.1.age"], (await KeyWraps.ListAsync(_store, FixedKeys.Id, default)).Select(wrap => wrap.Name));
        foreach (var identity in (AgeIdentity[])[FixedKeys.PasswordOf(FixedKeys.Password), FixedKeys.IdentityOf(FixedKeys.Escrow)])
        {
            using var keys = await KeyWraps.OpenAsync(_store, FixedKeys.Id, [identity], isPinned: false, default);
            Assert.Equal(FixedKeys.Text, Encoding.ASCII.GetString(KeySetText.Write(keys)));
        }
    }

    [Fact]
    public async Task Both_images_are_authentic_whole_and_decode_to_the_bytes_they_had()
    {
        using var keys = FixedKeys.Make();
        foreach (var (id, hash) in ((ImageId, string)[])[(Full, FullHash), (Child, ChildHash)])
        {
            var image = await ParentSearch.OpenAsync(_store, id, keys, default);
            Assert.True(image.IsAuthentic);
            await image.CheckSumsAsync(0, default);
            await image.CheckSegmentsAsync(0, default);
            Assert.Equal("none", (await image.ReadLayoutAsync(0, default)).Table);
            Assert.Equal(hash, ChunkHash.Of(await WriterRoom.ReadAsync(image)).ToString());
        }
    }

    [Fact]
    public async Task The_incremental_image_refers_to_the_full_one_as_it_did()
    {
        var manifest = (await ImageReader.OpenAsync(_store, Child, default)).Manifest;
        Assert.Equal((ImageKind.Incremental, Full.Text, FixedKeys.KeyId), (manifest.Kind, manifest.Parent, manifest.KeyId));
        Assert.Equal(new KindCounts { Data = 1, Same = 7, Zero = 2 }, manifest.Disks[0].Counts);
        Assert.All(manifest.Foreign, foreign => Assert.Equal(Full.Text, foreign.Image));
        Assert.Equal(ImageJson.Write(manifest), await StoreBytes.ReadAsync(_store, StoreNames.Manifest(Child), ImageJson.MaxManifestBytes, default));
    }

    [Fact]
    public async Task Its_tables_open_with_the_table_key_alone_and_its_layout_and_segments_do_not()
    {
        using var tables = KeySetText.ReadTableKey(Encoding.ASCII.GetBytes(FixedKeys.TableKeyText));
        var image = await ParentSearch.OpenAsync(_store, Full, tables, default);
        using var zstd = new ZstdTransform(3);
        var table = await image.ReadTableAsync(0, 0, zstd, default);
        Assert.Equal(WriterRoom.HashOf(FullDisk, 0), table.Rows[0].Hash);
        await Assert.ThrowsAsync<KeyFault>(() => image.ReadLayoutAsync(0, default));
        await Assert.ThrowsAsync<KeyFault>(() => image.OpenSegmentAsync(table.SourceOf(default), default));
    }

    [Fact]
    public async Task The_age_and_zstd_programs_give_the_disk_of_the_full_image_with_the_password_alone()
    {
        using var folder = new TempFolder();
        await TypedPassword.RunAsync(FixedKeys.Password, times: 1, "age", "-d", "-o", folder["id"], Path.Combine(Folder, StoreNames.KeySet(FixedKeys.Id).Text, "identity.1.age"));
        Assert.Equal(FixedKeys.Text, await File.ReadAllTextAsync(folder["id"]));
        var recipe = $"cd '{Path.Combine(Folder, StoreNames.Disk(Full, 0).Text)}' && sha256sum --quiet -c SHA256SUMS && set -o pipefail"
            + $" && cut -c67- SHA256SUMS | while read s; do age -d -i '{folder["id"]}' $s || exit 1; done | zstd -d > '{folder["disk"]}'";
        await SystemTool.RunAsync("bash", "-c", recipe);
        Assert.Equal(FullHash, ChunkHash.Of(await File.ReadAllBytesAsync(folder["disk"])).ToString());
    }

    [Fact]
    public async Task The_age_program_opens_every_file_with_the_keys_that_are_meant_to()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["id"], FixedKeys.Identity + "\n");
        await File.WriteAllTextAsync(folder["table"], FixedKeys.TableKeyText);
        await File.WriteAllTextAsync(folder["escrow"], FixedKeys.Escrow + "\n");
        foreach (var file in Directory.GetFiles(Folder, "*.age", SearchOption.AllDirectories))
        {
            var isWrap = file.Contains("/keys/", StringComparison.Ordinal);
            if (file.EndsWith("identity.1.age", StringComparison.Ordinal)) continue;
            Assert.Equal(!isWrap, Opens(folder["id"], file));
            Assert.Equal(file.EndsWith(".table.zst.age", StringComparison.Ordinal), Opens(folder["table"], file));
            Assert.Equal(isWrap, Opens(folder["escrow"], file));
        }
    }

    private static bool Opens(string identity, string file) => Record.Exception(() => SystemTool.Run("sh", "-c", $"age -d -i '{identity}' '{file}' > /dev/null")) is null;
}
