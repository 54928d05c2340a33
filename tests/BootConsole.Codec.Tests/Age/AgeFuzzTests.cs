// Damaged age files: always a named fault, never more memory, never a byte that was not sealed.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Codec.Tests.Age;

[Collection(nameof(Alone))]
public sealed class AgeFuzzTests
{
    [Fact]
    public async Task Mutated_files_end_in_a_fault_or_the_same_content()
    {
        var random = new Random(20262);
        string[] names = ["x25519", "x25519_multiple_recipients", "stanza_valid_characters", "stanza_two_full_lines", "stream_two_chunks", "stream_last_chunk_full"];
        var vectors = names.Select(name => AgeVectors.All[name]()).ToArray();
        var identities = AgeVectorTests.Identities();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var outcomes = new Dictionary<Outcome, int>();
        for (var round = 0; round < Mutation.Rounds; round++)
        {
            // The large ones cost a hundred times the small ones.
            var vector = vectors[round % 20 == 0 ? random.Next(vectors.Length) : random.Next(4)];
            using var plain = new MemoryStream();
            var file = Mutation.Of(random, vector.File);
            var outcome = await AgeVectorTests.OutcomeOf(() => AgeFile.DecryptAsync(new MemoryStream(file), plain, identities, CancellationToken.None));
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            Assert.True(vector.Released.ToArray().AsSpan().StartsWith(plain.ToArray()), $"round {round}");
            if (outcome == Outcome.Success) Assert.Equal(vector.Released.ToArray(), plain.ToArray());
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 << 20);
        // A mutation may undo itself, so some succeed; every kind of failure must have been met.
        foreach (var outcome in new[] { Outcome.HeaderFailure, Outcome.HmacFailure, Outcome.NoMatch, Outcome.PayloadFailure })
            Assert.True(outcomes.GetValueOrDefault(outcome) > 0, $"no {outcome}");
    }

    [Fact]
    public void Mutated_headers_are_read_in_pieces_as_they_are_read_whole()
    {
        var random = new Random(20263);
        var valid = AgeVectors.All["stanza_valid_characters"]().File;
        for (var round = 0; round < Mutation.Rounds; round++)
        {
            var file = Mutation.Of(random, valid);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var whole = Read(file, isWhole: true);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
            for (var cut = 0; cut < file.Length; cut += 1 + random.Next(150))
            {
                var part = Read(file.AsSpan(0, cut), isWhole: false);
                Assert.True(part is "more" || part == whole, $"round {round}: {part} of {cut}, {whole} of the whole");
            }
        }
    }

    [Fact]
    public async Task Mutated_armor_ends_in_a_fault_or_the_same_content()
    {
        var random = new Random(20264);
        var vector = AgeVectors.All["armor"]();
        var identities = AgeVectorTests.Identities();
        var refused = 0;
        for (var round = 0; round < Mutation.Rounds; round++)
        {
            using var plain = new MemoryStream();
            var file = Mutation.Of(random, vector.File);
            var outcome = await AgeVectorTests.OutcomeOf(() => AgeFile.DecryptAsync(new AgeArmorStream(new MemoryStream(file)), plain, identities, CancellationToken.None));
            if (outcome == Outcome.Success) Assert.Equal(vector.Released.ToArray(), plain.ToArray());
            else refused++;
        }

        Assert.InRange(refused, Mutation.Rounds / 2, Mutation.Rounds);
    }

    [Fact]
    public void Mutated_identity_files_end_in_keys_or_a_key_fault()
    {
        var random = new Random(20265);
        var valid = "# created: today\nAGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n"u8.ToArray();
        for (var round = 0; round < Mutation.Rounds; round++)
        {
            try
            {
                // A checksum of 30 bits: no mutation makes another key.
                Assert.All(AgeIdentityFile.Parse(Mutation.Of(random, valid)), identity => Assert.Equal("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", identity.Recipient.ToString()));
            }
            catch (KeyFault fault)
            {
                Assert.DoesNotContain("GFPYYSJZ", fault.ToString(), StringComparison.Ordinal);
            }
        }
    }

    private static string Read(ReadOnlySpan<byte> file, bool isWhole)
    {
        try
        {
            return AgeHeader.TryRead(file, isWhole) is { } header ? $"header of {header.TextBytes}" : "more";
        }
        catch (CorruptFault fault) when (fault.Part == EncryptedPart.Header)
        {
            return fault.Message;
        }
    }
}
