// The memory plan for every chunk size, level and number of processors.
using BootConsole.Codec;
using BootConsole.Images;

namespace BootConsole.Jobs.Tests;

public sealed class MemoryBudgetTests
{
    // What is not in the plan: the runtime with a loaded program (measured about 60 MiB), ssh, and the store's windows.
    private const long RestBytes = 86L << 20;

    public static TheoryData<int> ChunkSizes
    {
        get
        {
            var sizes = new TheoryData<int>();
            for (var bytes = ChunkGrid.MinChunkBytes; bytes <= ChunkGrid.MaxChunkBytes; bytes *= 2) sizes.Add(bytes);
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(ChunkSizes))]
    public void A_backup_stays_within_the_total_at_every_level_a_user_has_a_choice_of(int chunkBytes)
    {
        for (var level = ZstdTransform.MinLevel; level <= ZstdTransform.MaxLevel; level++)
        {
            foreach (var processors in (int[])[1, 2, 4, 16, 128])
            {
                var budget = MemoryBudget.For(chunkBytes, level, processors);
                var contexts = budget.Workers * ZstdTransform.MostMemoryBytes(level, chunkBytes);
                // Two segments have rows in memory (56 bytes each), and one of them its table twice more: bytes and stored bytes.
                var tables = 4L * 56 * ChunkTable.MaxRows;
                Assert.InRange(budget.BufferBytes + contexts + tables, 0, MemoryBudget.TotalBytes - RestBytes);
                RequireWorks(budget);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ChunkSizes))]
    public void A_restore_and_its_reading_back_stay_within_the_total(int chunkBytes)
    {
        foreach (var processors in (int[])[1, 2, 4, 16, 128])
        {
            var budget = MemoryBudget.For(chunkBytes, level: 1, processors);
            Assert.InRange(budget.BufferBytes + budget.Blocks * (long)budget.BlockBytes + budget.Workers * (1L << 20), 0, MemoryBudget.TotalBytes - RestBytes);
            RequireWorks(budget);
            Assert.InRange(budget.BlockBytes, new ChunkGrid(chunkBytes, chunkBytes).MaxFrameBytes, int.MaxValue);
            Assert.InRange(budget.Blocks, 3, 5);
        }
    }

    [Fact]
    public void The_usual_plan_uses_all_processors() => Assert.Equal(new MemoryBudget(1 << 20, 16, 32), MemoryBudget.For(1 << 20, 3, 16));

    private static void RequireWorks(MemoryBudget budget)
    {
        Assert.InRange(budget.Workers, 1, budget.PoolItems);
        Assert.InRange(budget.PoolItems, 2, 68);
    }
}
