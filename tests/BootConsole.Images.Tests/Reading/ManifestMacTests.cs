// The MAC of a manifest: what it takes to be believed.
using System.Text;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images.Tests;

public sealed class ManifestMacTests : IAsyncLifetime
{
    private static readonly ImageId Id = WriterRoom.IdOf(0), Other = WriterRoom.IdOf(1);
    private readonly WriterRoom _room = new() { Keys = FixedKeys.Make() };

    public async Task InitializeAsync()
    {
        await FixedKeys.PublishAsync(_room.Store, _room.Keys!);
        await FixedKeys.PublishEscrowAsync(_room.Store, _room.Keys!);
        await _room.BackUpAsync(Id, WriterRoom.Disk());
        await _room.BackUpAsync(Other, WriterRoom.Disk(7));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_file_holds_the_hmac_of_the_manifests_bytes_in_the_form_of_sha256sum()
    {
        var manifest = _room.Medium.ReadAll(StoreNames.Manifest(Id));
        var mac = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Convert.FromHexString(FixedKeys.MacKey), manifest));
        Assert.Equal($"{mac}  image.json\n", Encoding.ASCII.GetString(_room.Medium.ReadAll(StoreNames.ManifestMac(Id))));
        Assert.True((await OpenAsync(needsMac: true)).IsAuthentic);
    }

    [Fact]
    public async Task A_missing_one_is_said_and_so_is_a_wrong_one_and_whoever_insists_gets_an_image_that_is_not_authentic()
    {
        var good = _room.Medium.ReadAll(StoreNames.ManifestMac(Id));
        foreach (var wrong in (byte[][])[[], good[..^1], [.. good, 10], [(byte)(good[0] ^ 1), .. good[1..]], _room.Medium.ReadAll(StoreNames.ManifestMac(Other)), _room.Medium.ReadAll(StoreNames.ManifestSum(Id))])
        {
            _room.Medium.Damage(StoreNames.ManifestMac(Id), _ => wrong);
            var fault = await Assert.ThrowsAsync<CorruptFault>(() => OpenAsync(needsMac: true));
            Assert.Equal(("the MAC of the manifest is wrong", StoreNames.ManifestMac(Id).Text), (fault.Message, fault.Which));
            Assert.False((await OpenAsync(needsMac: false)).IsAuthentic);
        }

        _room.Medium.Damage(StoreNames.ManifestMac(Id), _ => new byte[2000]);
        await Assert.ThrowsAsync<CorruptFault>(() => OpenAsync(needsMac: true));
        await _room.Store.RemoveAsync(StoreNames.ManifestMac(Id), default);
        Assert.Equal("the MAC of the manifest is missing", (await Assert.ThrowsAsync<CorruptFault>(() => OpenAsync(needsMac: true))).Message);
        Assert.False((await OpenAsync(needsMac: false)).IsAuthentic);
    }

    [Fact]
    public async Task A_manifest_that_was_altered_is_not_believed_though_its_checksum_fits()
    {
        var altered = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_room.Medium.ReadAll(StoreNames.Manifest(Id))).Replace("\"S1\"", "\"S2\"", StringComparison.Ordinal));
        _room.Medium.Damage(StoreNames.Manifest(Id), _ => altered);
        _room.Medium.Damage(StoreNames.ManifestSum(Id), _ => StoreBytes.SumLine(ChunkHash.Of(altered)));
        Assert.Equal("the MAC of the manifest is wrong", (await Assert.ThrowsAsync<CorruptFault>(() => OpenAsync(needsMac: true))).Message);
    }

    [Fact]
    public async Task A_right_mac_by_a_set_whose_maker_is_unknown_proves_nothing()
    {
        foreach (var (isPinned, isAuthentic) in ((bool, bool)[])[(false, false), (true, true)])
        {
            using var identity = FixedKeys.IdentityOf(FixedKeys.Escrow);
            using var keys = await KeyWraps.OpenAsync(_room.Store, FixedKeys.Id, [identity], isPinned, default);
            var image = await ImageReader.OpenAsync(_room.Store, Id, default);
            await image.UnlockAsync(keys, needsMac: true, default);
            Assert.Equal(isAuthentic, image.IsAuthentic);
        }
    }

    [Fact]
    public async Task The_keys_of_another_set_are_refused_whatever_the_person_insists_on()
    {
        using var other = KeySet.MakeRandom();
        var image = await ImageReader.OpenAsync(_room.Store, Id, default);
        await Assert.ThrowsAsync<KeyFault>(() => image.UnlockAsync(other, needsMac: false, default));
        await Assert.ThrowsAsync<KeyFault>(() => image.ReadLayoutAsync(0, default));
    }

    [Fact]
    public async Task An_image_that_is_not_encrypted_stays_unproven_with_any_keys()
    {
        var room = new WriterRoom();
        var image = await room.BackUpAsync(Id, WriterRoom.Disk());
        await image.UnlockAsync(_room.Keys!, needsMac: true, default);
        Assert.False(image.IsAuthentic);
        Assert.Null(await room.Store.FindAsync(StoreNames.ManifestMac(Id), default));
    }

    [Fact]
    public async Task The_mac_is_in_the_store_before_the_manifest()
    {
        var watched = new TestKit.WatchedStore(_room.Store);
        _room.Store = watched;
        var third = WriterRoom.IdOf(3);
        await _room.BackUpAsync(third, WriterRoom.Disk());
        var published = watched.Operations.Where(operation => operation.Kind == "publish").Select(operation => operation.Path).ToList();
        Assert.True(published.IndexOf(StoreNames.ManifestMac(third)) < published.IndexOf(StoreNames.Manifest(third)));
        Assert.Equal(StoreNames.Manifest(third), published[^1]);
    }

    private async Task<ImageReader> OpenAsync(bool needsMac)
    {
        var image = await ImageReader.OpenAsync(_room.Store, Id, default);
        await image.UnlockAsync(_room.Keys!, needsMac, default);
        return image;
    }
}
