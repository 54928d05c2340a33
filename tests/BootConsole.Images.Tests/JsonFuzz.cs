// Mutated JSON for the readers of records.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

internal static class JsonFuzz
{
    /// <summary>Each mutated text is read or refused with a named fault, within a bound of memory.</summary>
    internal static void Run(byte[] valid, Action<byte[]> read)
    {
        var random = new Random(20261121);
        var refused = 0;
        for (var round = 0; round < Mutation.Rounds; round++)
        {
            var bytes = Mutation.OfJson(random, valid);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (CorruptFault)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        }

        Assert.InRange(refused, Mutation.Rounds / 3, Mutation.Rounds);
    }
}
