// Wraps of key sets: who opens them, what is said when nobody can, and what a hostile server gains by changing them.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class KeyWrapsTests
{
    private readonly MemoryMedium _medium = new();
    private readonly MemoryStore _store;
    private readonly KeySet _keys = FixedKeys.Make();

    public KeyWrapsTests() => _store = _medium.Open();

    [Fact]
    public async Task A_store_without_key_sets_lists_none()
    {
        Assert.Empty(await KeyWraps.ListSetsAsync(_store, default));
        Assert.Empty(await KeyWraps.ListAsync(_store, FixedKeys.Id, default));
    }

    [Fact]
    public async Task Sets_and_wraps_are_listed_passwords_first_newest_first_and_strange_names_not_at_all()
    {
        using var other = KeySet.MakeRandom();
        await FixedKeys.PublishEscrowAsync(_store, _keys);
        await FixedKeys.PublishAsync(_store, _keys);
        await FixedKeys.PublishEscrowAsync(_store, _keys);
        await FixedKeys.PublishAsync(_store, _keys, "second");
        await FixedKeys.PublishAsync(_store, other);
        var folder = StoreNames.KeySet(FixedKeys.Id);
        foreach (var name in (string[])["identity.0.age", "identity.01.age", "identity.-1.age", "identity.10000.age", "identity.1.age.part", "identity.escrow.0.age", "identity.age", "identity..age", "kept", "Identity.3.age"])
            await StoreBytes.PublishAsync(_store, folder / name, new byte[1], default);
        await _store.CreateFolderAsync(folder / "identity.7.age", default);
        await _store.CreateFolderAsync(StoreNames.Keys / "not-an-id", default);
        Assert.Equal(new[] { FixedKeys.KeyId, other.Id.ToString() }.Order(StringComparer.Ordinal), (await KeyWraps.ListSetsAsync(_store, default)).Select(id => id.ToString()));
        Assert.Equal(
            [new KeyWrap("identity.2.age", WrapKind.Password, 2), new KeyWrap("identity.1.age", WrapKind.Password, 1), new KeyWrap("identity.escrow.2.age", WrapKind.Recipients, 2), new KeyWrap("identity.escrow.1.age", WrapKind.Recipients, 1)],
            await KeyWraps.ListAsync(_store, FixedKeys.Id, default));
    }

    [Fact]
    public async Task A_set_opens_by_its_password_by_the_key_it_was_wrapped_for_and_by_both()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        await FixedKeys.PublishEscrowAsync(_store, _keys);
        foreach (var identities in (AgeIdentity[][])[[Password()], [Escrow()], [Password(), Escrow()], [Escrow(), Password()], [Password("wrong"), Escrow()], [Password(), Stranger()], [Password("wrong"), Password()]])
        {
            using var opened = await OpenAsync(identities);
            Assert.Equal(KeySetText.Write(_keys), KeySetText.Write(opened));
        }
    }

    [Fact]
    public async Task A_wrong_password_is_said_by_name_before_anything_else_of_the_store_is_read()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        await FixedKeys.PublishEscrowAsync(_store, _keys);
        _medium.Damage(Wrap("identity.escrow.1.age"), _ => "damaged"u8.ToArray());
        var watched = new WatchedStore(_store);
        foreach (var identities in (AgeIdentity[][])[[Password("wrong")], [Password("wrong"), Stranger()], [Stranger(), Password("wrong")]])
        {
            watched.Forget();
            var fault = await Assert.ThrowsAsync<KeyFault>(() => KeyWraps.OpenAsync(watched, FixedKeys.Id, identities, isPinned: false, default));
            Assert.Equal("the password is wrong", fault.Message);
            Assert.All(watched.Operations, operation => Assert.StartsWith("keys", operation.Path.Text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_empty_password_and_one_that_is_nearly_right_are_wrong()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        foreach (var text in (string[])["", " open sesame", "open sesame ", "Open sesame", "open sesame\n", "open\u00a0sesame"])
            Assert.Equal("the password is wrong", (await Assert.ThrowsAsync<KeyFault>(() => OpenAsync(Password(text)))).Message);
        Assert.Throws<KeyFault>(() => FixedKeys.WrapWith(""));
    }

    [Fact]
    public async Task What_is_missing_is_said()
    {
        Assert.Contains("no wrap", (await Assert.ThrowsAsync<KeyFault>(() => OpenAsync(Password()))).Message, StringComparison.Ordinal);
        await FixedKeys.PublishEscrowAsync(_store, _keys);
        Assert.Contains("no password", (await Assert.ThrowsAsync<KeyFault>(() => OpenAsync(Password()))).Message, StringComparison.Ordinal);
        Assert.Contains("no password or key was given", (await Assert.ThrowsAsync<KeyFault>(() => OpenAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("no key", (await Assert.ThrowsAsync<KeyFault>(() => OpenAsync(Stranger()))).Message, StringComparison.Ordinal);
        await _store.RemoveAsync(Wrap("identity.escrow.1.age"), default);
        await FixedKeys.PublishAsync(_store, _keys);
        Assert.Contains("not wrapped for a recipient", (await Assert.ThrowsAsync<KeyFault>(() => OpenAsync(Escrow()))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(30)]
    [InlineData(63)]
    public async Task A_work_factor_beyond_the_limit_is_refused_by_name_before_any_memory_is_taken(int logN)
    {
        await FixedKeys.PublishAsync(_store, _keys);
        // A hostile server rewrites the header; its MAC can only be checked when the work is done.
        _medium.Damage(Wrap("identity.1.age"), bytes => Replace(bytes, " 1\n", $" {logN}\n"));
        var asked = 0;
        using var password = FixedKeys.PasswordOf(FixedKeys.Password, new ScryptLimits { AvailableBytes = () => ++asked });
        var fault = await Assert.ThrowsAsync<RefusedFault>(() => OpenAsync(password));
        // Not even how much there is was asked for.
        Assert.Equal(($"2^{logN}", 0), (fault.Found, asked));
    }

    [Fact]
    public async Task A_work_factor_that_is_allowed_and_does_not_fit_into_memory_is_refused_too()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        _medium.Damage(Wrap("identity.1.age"), bytes => Replace(bytes, " 1\n", " 20\n"));
        using var password = FixedKeys.PasswordOf(FixedKeys.Password, new ScryptLimits { AvailableBytes = () => (1L << 30) - 1 });
        Assert.Contains("memory", (await Assert.ThrowsAsync<RefusedFault>(() => OpenAsync(password))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_wrap_beside_a_good_one_keeps_nobody_out()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        var good = _medium.ReadAll(Wrap("identity.1.age"));
        foreach (var hostile in (byte[][])[[], "garbage"u8.ToArray(), Replace(good, " 1\n", " 63\n"), good[..^1], new byte[(256 << 10) + 1]])
        {
            await StoreBytes.PublishAsync(_store, Wrap("identity.9999.age"), hostile, default);
            using (var opened = await OpenAsync(Password())) Assert.Equal(FixedKeys.Id, opened.Id);
            await _store.RemoveAsync(Wrap("identity.9999.age"), default);
        }
    }

    [Fact]
    public async Task A_flipped_byte_anywhere_in_a_wrap_is_a_named_fault()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        var good = _medium.ReadAll(Wrap("identity.1.age"));
        for (var place = 0; place < good.Length; place += place < 200 ? 1 : 13)
        {
            _medium.Damage(Wrap("identity.1.age"), _ => [.. good[..place], (byte)(good[place] ^ 1), .. good[(place + 1)..]]);
            Assert.True(await Record.ExceptionAsync(() => OpenAsync(Password())) is CorruptFault or KeyFault or RefusedFault, $"byte {place}");
        }
    }

    [Fact]
    public async Task The_wrap_of_another_key_set_put_in_place_is_refused()
    {
        using var other = KeySet.MakeRandom();
        await FixedKeys.PublishAsync(_store, _keys);
        await FixedKeys.PublishAsync(_store, other);
        var foreign = _medium.ReadAll(StoreNames.KeySet(other.Id) / "identity.1.age");
        _medium.Damage(Wrap("identity.1.age"), _ => foreign);
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => OpenAsync(Password()));
        Assert.Equal((Wrap("identity.1.age").Text, $"key set {other.Id}"), (fault.Which, fault.Found));
    }

    [Fact]
    public async Task A_wrap_that_holds_no_key_set_is_damaged_however_well_it_is_sealed()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        using var recipient = FixedKeys.WrapWith(FixedKeys.Password);
        foreach (var text in (string[])["", FixedKeys.TableKeyText, FixedKeys.Identity + "\n", FixedKeys.Text.Replace("1d1e1f", "1d1e1e", StringComparison.Ordinal)])
        {
            _medium.Damage(Wrap("identity.1.age"), _ => AgeFile.Seal(Encoding.ASCII.GetBytes(text), recipient));
            Assert.Contains("damaged", (await Assert.ThrowsAsync<CorruptFault>(() => OpenAsync(Password()))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_a_password_or_a_pinned_id_makes_a_set_trusted()
    {
        await FixedKeys.PublishAsync(_store, _keys);
        await FixedKeys.PublishEscrowAsync(_store, _keys);
        foreach (var (identity, isPinned, isTrusted) in ((AgeIdentity, bool, bool)[])[(Password(), false, true), (Password(), true, true), (Escrow(), false, false), (Escrow(), true, true)])
        {
            using var opened = await KeyWraps.OpenAsync(_store, FixedKeys.Id, [identity], isPinned, default);
            Assert.Equal(isTrusted, opened.IsTrusted);
        }
    }

    [Fact]
    public async Task Anybody_can_wrap_a_set_of_his_own_for_a_public_key_and_is_not_trusted_for_it()
    {
        using var forger = KeySet.MakeRandom();
        await FixedKeys.PublishEscrowAsync(_store, forger);
        using var opened = await KeyWraps.OpenAsync(_store, forger.Id, [Escrow(), Password()], isPinned: false, default);
        Assert.False(opened.IsTrusted);
    }

    [Fact]
    public async Task A_wrap_that_does_not_read_back_or_that_its_proof_does_not_open_is_no_success()
    {
        var watched = new WatchedStore(_store)
        {
            After = (_, operation) =>
            {
                if (operation.Kind == "publish") _medium.Damage(operation.Path, bytes => [.. bytes, 0]);
            },
        };
        await Assert.ThrowsAsync<CorruptFault>(() => FixedKeys.PublishAsync(watched, _keys));
        using var recipient = FixedKeys.WrapWith("one");
        await Assert.ThrowsAsync<KeyFault>(() => KeyWraps.PublishAsync(_store, _keys, [recipient], Password("two"), default));
    }

    [Fact]
    public async Task Wherever_a_change_of_the_password_is_cut_the_old_or_the_new_one_opens_the_set()
    {
        for (var operation = 1; ; operation++)
        {
            var medium = new MemoryMedium();
            await FixedKeys.PublishAsync(medium.Open(), _keys, "old");
            await FixedKeys.PublishEscrowAsync(medium.Open(), _keys);
            medium.Plan = FaultPlan.Cut(operation, operation % 2 == 0 ? FaultMoment.Before : FaultMoment.After);
            using var recipient = FixedKeys.WrapWith("new");
            var end = await Record.ExceptionAsync(() => KeyWraps.ChangePasswordAsync(medium.Open(), _keys, recipient, Password("new"), default));
            var isOver = medium.Operations < operation;
            medium.Plan = null;
            medium.Crash(operation);
            // Whoever remembers both gets in at any cut; once the change has succeeded, only the new one opens.
            using (await KeyWraps.OpenAsync(medium.Open(), FixedKeys.Id, [Password("old"), Password("new")], false, default)) { }
            using (await KeyWraps.OpenAsync(medium.Open(), FixedKeys.Id, [Escrow()], false, default)) { }
            if (end is not null) continue;
            await Assert.ThrowsAsync<KeyFault>(() => KeyWraps.OpenAsync(medium.Open(), FixedKeys.Id, [Password("old")], false, default));
            if (isOver) break;
        }
    }

    [Fact]
    public async Task The_fingerprint_changes_when_a_wrap_comes_goes_or_is_altered_and_there_is_none_without_a_wrap()
    {
        await Assert.ThrowsAsync<KeyFault>(() => KeyWraps.FingerprintAsync(_store, FixedKeys.Id, default));
        List<ChunkHash> seen = [];
        await FixedKeys.PublishAsync(_store, _keys);
        await SeeAsync();
        await FixedKeys.PublishEscrowAsync(_store, _keys);
        await SeeAsync();
        _medium.Damage(Wrap("identity.1.age"), bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        await SeeAsync();
        await _store.RemoveAsync(Wrap("identity.1.age"), default);
        await SeeAsync();
        Assert.Equal(4, seen.Distinct().Count());

        async Task SeeAsync()
        {
            seen.Add(await KeyWraps.FingerprintAsync(_store, FixedKeys.Id, default));
            Assert.Equal(seen[^1], await KeyWraps.FingerprintAsync(_store, FixedKeys.Id, default));
        }
    }

    private static PasswordIdentity Password(string text = FixedKeys.Password) => FixedKeys.PasswordOf(text);

    private static X25519Identity Escrow() => FixedKeys.IdentityOf(FixedKeys.Escrow);

    private static X25519Identity Stranger() => X25519Identity.MakeRandom();

    private static StorePath Wrap(string name) => StoreNames.KeySet(FixedKeys.Id) / name;

    private static byte[] Replace(byte[] bytes, string from, string to) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(from, to, StringComparison.Ordinal));

    private Task<KeySet> OpenAsync(params AgeIdentity[] identities) => KeyWraps.OpenAsync(_store, FixedKeys.Id, identities, isPinned: false, default);
}
