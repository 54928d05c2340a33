// Answers effects at once, by chance well or badly, and knows whether a restore was ever begun that nobody confirmed.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Core;

namespace BootConsole.Appliance.Tests.Screens;

/// <summary>A workbench without disks. Seeded.</summary>
internal sealed class FakeWorkbench(Random random)
{
    private readonly Queue<Message> _answers = new();
    private bool _isRunning;

    /// <summary>Everything that was asked for.</summary>
    internal List<Effect> Asked { get; } = [];

    /// <summary>True once the console was left.</summary>
    internal bool IsLeft { get; private set; }

    /// <summary>Takes what a turn asks for.</summary>
    internal void Take(Effect effect)
    {
        Asked.Add(effect);
        switch (effect)
        {
            case Leave or BeginJob:
                IsLeft = true;
                break;
            case TurnOff:
                Answer(effect, new PowerTold());
                break;
            case FindDisks:
                Answer(effect, new DisksFound([.. SampleFacts.Disks.Where(_ => random.Next(8) > 0)]));
                break;
            case NameDisk name:
                Answer(effect, new DiskNamed(SampleFacts.Nvme with { Info = SampleFacts.Nvme.Info with { CanonicalPath = name.Path.Length > 0 ? name.Path : "/" } }));
                break;
            case OpenTheStore open:
                Answer(effect, new StoreOpened(SampleFacts.Store with { Way = open.Way, HasKeys = random.Next(2) == 0 }));
                break;
            case ListImages:
                Answer(effect, new ImagesListed([.. SampleFacts.Images.Append(SampleFacts.TwoDisks).Where(_ => random.Next(6) > 0)]));
                break;
            case UseBackupKeys keys:
                // Three in a row must happen, too.
                Answer(effect, new KeysReady(keys.Password), oneIn: 2);
                break;
            case UseImageKeys keys:
                Answer(effect, new KeysReady(keys.Password), oneIn: 2);
                break;
            case UseImageKeyFile:
                Answer(effect, new KeysReady(null));
                break;
            case PlanBackup plan:
                Answer(effect, new PlanMade(plan.Order, new JobPlan(["one", "  two"], [])));
                break;
            case PlanRestore plan:
                Answer(effect, new PlanMade(plan.Order, new JobPlan(["everything is lost"], [.. plan.Order.Pairs.Select(pair => (pair.Target.Info.CanonicalPath, pair.Target.Info.OverwriteToken))])));
                break;
            case RunBackup or RunRestore or RunVerify or RunDelete:
                _isRunning = true;
                break;
            case CancelWork:
                End(WorkOutcome.Cancelled);
                break;
            case SaveLog save:
                Answer(effect, new LogSaved(save.Path));
                break;
            case LookAtNetwork:
                Answer(effect, new NetworkSeen(SampleFacts.Network));
                break;
            case ApplyNetwork:
                Answer(effect, new NetworkApplied(SampleFacts.NetworkTrouble));
                break;
            case TestNetwork:
                Answer(effect, new NetworkTested(SampleFacts.Checks));
                break;
            case ListLayouts:
                Answer(effect, new LayoutsFound(random.Next(3) == 0 ? [] : ["de-latin1", "fr", "us"]));
                break;
            case LoadLayout load:
                Answer(effect, new LayoutLoaded(Setup.SetupReport.Empty.And($"The keyboard layout is {load.Layout}.")));
                break;
            case CompareClocks compare:
                Answer(effect, new ClocksCompared(compare.Way.Address.ToString(), TimeSpan.FromSeconds(random.Next(-1000, 1000))));
                break;
            case EnrolPc enrol:
                _answers.Enqueue(new EnrolmentProgressed("asking the server"));
                Answer(effect, new EnrolmentSeen(new Setup.EnrolledPc(enrol.Place.Pc, TimeSpan.FromSeconds(random.Next(-1000, 1000)))), oneIn: 2);
                break;
            case LookForKey look:
                Answer(effect, new EnrolmentSeen(random.Next(8) == 0 ? new Setup.EnrolledPc(look.Place.Pc, null) : null));
                break;
            case ForgetSecret forget:
                forget.Secret.Clear();
                break;
        }
    }

    /// <summary>The next answer; null when there is none now.</summary>
    internal Message? Next()
    {
        if (_answers.TryDequeue(out var answer)) return answer;
        if (!_isRunning) return null;
        if (random.Next(30) == 0) End((WorkOutcome)random.Next(4));
        return new WorkProgressed(
            new ProgressSample("working", random.Next(100), random.Next(2) * 100, [new StageSample(Stage.Read, random.Next(100), random.NextDouble() * 1e9, random.NextDouble())], random.Next(2) == 0 ? Stage.Read : null, null),
            random.Next(5) == 0 ? ["a line\e[2J of the event list"] : [],
            TimeSpan.FromSeconds(random.Next(100)));
    }

    private void Answer(Effect effect, Message good, int oneIn = 6) =>
        _answers.Enqueue(random.Next(oneIn) == 0 ? new EffectFailed(effect, new FaultReport("It did not work.", "Nothing was written.", random.Next(2) == 0 ? "" : "Try again.")) : good);

    private void End(WorkOutcome outcome)
    {
        if (!_isRunning) return;
        _isRunning = false;
        _answers.Enqueue(new WorkEnded(new WorkEnd(outcome, outcome < WorkOutcome.Cancelled ? ["It is done."] : [], outcome < WorkOutcome.Cancelled ? null : SampleFacts.Trouble)));
    }
}
