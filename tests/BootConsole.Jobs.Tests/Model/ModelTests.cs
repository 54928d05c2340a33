// Random histories of a store against a reference model: whatever happened, every image that is listed is the disk of its moment.
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Jobs.Tests.Model;

[Trait(FaultRounds.Sweep, FaultRounds.Faults)]
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Steps = 40;

    [Fact]
    public async Task Whatever_happens_to_a_store_its_images_are_the_disks_of_their_moments()
    {
        var seeds = FaultRounds.Seeds(usual: 8);
        output.WriteLine($"seeds {seeds[0]} to {seeds[^1]}, {Steps} steps each");
        List<Exception> wrong = [];
        var cuts = 0;
        foreach (var seed in seeds.TakeWhile(_ => wrong.Count < 5))
        {
            try
            {
                cuts += await RunAsync(seed);
            }
            catch (InvalidOperationException end)
            {
                output.WriteLine(end.Message);
                wrong.Add(end);
            }
        }

        if (wrong.Count > 0) throw new AggregateException($"{wrong.Count} histories went wrong; the first:\n{wrong[0].Message}", wrong);
        Assert.True(cuts > 5 * seeds.Count, $"only {cuts} cuts struck in {seeds.Count} histories");
    }

    private static async Task<int> RunAsync(int seed)
    {
        var run = new ModelRun(seed);
        try
        {
            await FaultTally.CheckAsync(() => run.RunAsync(Steps));
        }
        catch (Exception wrong)
        {
            throw new InvalidOperationException($"seed {seed}: {wrong.Message}\n{run.Log}", wrong);
        }

        FaultTally.NoteCuts(run.Cuts);
        return run.Cuts;
    }
}
