// Somebody else at the store of a model run: deletes and prunes while a job is at work.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests.Model;

/// <summary>Deletes and prunes.</summary>
/// <param name="medium">The store.</param>
/// <param name="clock">The clock.</param>
/// <param name="mayBeRemoved">Told of every image before it is touched.</param>
internal sealed class ModelIntruder(MemoryMedium medium, FakeClock clock, HashSet<ImageId> mayBeRemoved)
{
    private static readonly RetentionRules[] Rules = [new() { Last = 1 }, new() { Last = 3 }, new() { Daily = 1 }, new() { Daily = 2, Weekly = 1 }, new() { Monthly = 1, Last = 2 }];

    /// <summary>Deletes one image or prunes; a refusal and a cut are both fine.</summary>
    /// <param name="room">His own surroundings.</param>
    /// <param name="choice">Which image he means, or by which rule he prunes.</param>
    internal async Task StepInAsync(JobRoom room, int choice)
    {
        try
        {
            var removal = new ImageRemoval(room.Store, room.Processes);
            if (choice % 3 == 0)
            {
                var ids = await PlanPruneAsync(choice);
                mayBeRemoved.UnionWith(ids);
                await removal.DeleteAllAsync(ids, default);
                return;
            }

            var all = await ImageList.ReadAsync(room.Store, default);
            if (all.Count == 0) return;
            mayBeRemoved.Add(all[choice % all.Count].Id);
            await removal.DeleteAsync(all[choice % all.Count].Id, default);
        }
        catch (Fault fault) when (fault is RefusedFault or TransportFault)
        {
            // In use, or the line is cut for him, too.
        }
    }

    /// <summary>What pruning by one of some rules would remove.</summary>
    internal async Task<IReadOnlyList<ImageId>> PlanPruneAsync(int choice)
    {
        var decisions = await new PrunePlanner(medium.Open(), clock).PlanAsync(Rules[choice % Rules.Length], null, default);
        return [.. decisions.Where(decision => !decision.IsKept).Select(decision => decision.Image.Id)];
    }
}
