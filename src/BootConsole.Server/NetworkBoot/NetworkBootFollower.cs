// Keeps the folder of network boot in line with the catalogue, as long as it is served.
using BootConsole.Core;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.NetworkBoot;

/// <summary>Follows the catalogue.</summary>
/// <param name="tree">The server.</param>
/// <param name="catalogue">Its catalogue, for this follower alone.</param>
/// <param name="order">What is served.</param>
/// <param name="folder">The folder.</param>
/// <param name="clock">The server's clock.</param>
/// <param name="say">Takes what an administrator should read, a line each.</param>
internal sealed class NetworkBootFollower(ServerTree tree, CatalogueFile catalogue, ServeOrder order, NetworkBootFolder folder, TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), LongestStillness = TimeSpan.FromMinutes(1);

    private string _signature = "", _complaint = "";
    private IReadOnlyList<(string Pc, string Reason)> _refused = [];
    private long _seenEvent = -1, _seenAt;

    /// <summary>Makes the folder for the first time.</summary>
    internal async Task<NetworkBootPlan> BeginAsync(CancellationToken cancel)
    {
        folder.Clear();
        Note();
        var plan = NetworkBootPlan.Make(tree, catalogue, order, clock.GetUtcNow());
        await ServeAsync(plan, cancel);
        return plan;
    }

    /// <summary>Follows until it is cancelled. What cannot be made leaves what was served before.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, cancel);
            try
            {
                if (!HasNews()) continue;
                var plan = NetworkBootPlan.Make(tree, catalogue, order, clock.GetUtcNow());
                if (plan.Signature == _signature) continue;
                await ServeAsync(plan, cancel);
                say($"Changed: {plan.Served.Count} PCs can boot, base {plan.Base.Folder}.");
                _complaint = "";
            }
            catch (Exception failure) when (failure is Fault or IOException or UnauthorizedAccessException or Host.SystemCallException)
            {
                // Said once, and tried again: the old folder is still whole.
                _seenEvent = -1;
                var complaint = failure is Fault fault ? FaultSentence.Of(fault) : failure.Message;
                if (complaint != _complaint) say($"The change cannot be served, the former state still is: {complaint}");
                _complaint = complaint;
            }
        }
    }

    private async Task ServeAsync(NetworkBootPlan plan, CancellationToken cancel)
    {
        await folder.MakeAsync(plan, order, cancel);
        _signature = plan.Signature;
        foreach (var (pc, reason) in plan.Refused.Except(_refused)) say($"{pc} cannot boot: {reason}");
        _refused = plan.Refused;
    }

    // Every change is an event. A contract begins and ends without one.
    private bool HasNews()
    {
        var (before, at) = (_seenEvent, _seenAt);
        var stillness = clock.GetElapsedTime(at);
        var now = LastEvent();
        if (now == before && stillness < LongestStillness) return false;
        Note();
        return true;
    }

    private void Note() => (_seenEvent, _seenAt) = (LastEvent(), clock.GetTimestamp());

    private long LastEvent() => catalogue.Read(rows => rows.Number("SELECT max(id) FROM event"));
}
