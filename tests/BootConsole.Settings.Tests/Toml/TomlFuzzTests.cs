// Broken documents: the reader refuses or reads them, and does nothing else.
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Tests.Toml;

public sealed class TomlFuzzTests
{
    private const long MaxAllocatedBytes = 64 << 20;

    [Fact]
    public void Broken_documents_are_read_or_refused_and_nothing_else_happens()
    {
        var mutation = new Mutation([.. SuiteCase.Names.Where(SuiteCase.IsValid).Select(SuiteCase.Text)]);
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < Mutation.Rounds; seed++)
        {
            var text = mutation.Text(seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var document = TomlReader.Read(text);
                using var tagged = SuiteCase.Tagged(document);
                read++;
            }
            catch (TomlSyntaxException fault)
            {
                Assert.True(fault.Position is { Line: >= 1, Column: >= 1 }, $"seed {seed}: {fault.Message}");
                refused++;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed} gives another error than the reader's own", fault);
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxAllocatedBytes, $"seed {seed} takes more than 64 MiB");
        }

        // Both must happen, or the mutations are too mild or too wild to prove anything.
        Assert.True(read > Mutation.Rounds / 20 && refused > Mutation.Rounds / 20, $"{read} read, {refused} refused");
    }
}
