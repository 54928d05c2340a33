// Every message to every screen: none is too odd for any.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Tests.Screens;

public sealed class EveryMessageTests
{
    private static readonly FaultReport Report = SampleFacts.Trouble;
    private static readonly BackupOrder Order = new() { Disks = [SampleFacts.Nvme], Store = SampleFacts.Store };
    private static readonly RestoreOrder Restore = new() { Store = SampleFacts.Store, Image = SampleFacts.Done, Pairs = [(0, SampleFacts.Nvme)] };

    private static IEnumerable<Effect> Effects =>
    [
        new FindDisks(), new TurnOff(PowerAction.Off), new NameDisk("/x", Disks.Finding.DiskPurpose.Backup), new OpenTheStore(SampleFacts.Server, true), new ListImages(), new UseBackupKeys(new TypedSecret()), new UseImageKeys(SampleFacts.Done, new TypedSecret()), new UseImageKeyFile(SampleFacts.Done, new Settings.PasswordKey("/x")),
        new PlanBackup(Order), new RunBackup(Order), new PlanRestore(Restore), new RunRestore(Restore, []), new RunVerify(SampleFacts.Done, false), new RunDelete(SampleFacts.Done.Id), new PauseWork(true), new CancelWork(CancelChoice.Keep),
        new ForgetSecret(new TypedSecret()), new SaveLog("/x", []), new RunShell(), new Repaint(), new Leave(),
        new LookAtNetwork(), new ApplyNetwork(SampleFacts.Facts.Machine), new TestNetwork(null), new ListLayouts(), new LoadLayout("us"), new CompareClocks(SampleFacts.Server),
        new EnrolPc(SampleFacts.Place, new TypedSecret()), new LookForKey(SampleFacts.Place), new BeginJob(),
    ];

    private static IEnumerable<Message> Messages =>
    [
        .. Enum.GetValues<KeyCode>().Select(code => new KeyPressed(code is KeyCode.Character or KeyCode.Paste ? new Key(code, "é") : code)),
        .. "abcdefghijklmnopqrstuvwxyz 0123456789/".Select(character => new KeyPressed(new Key(KeyCode.Character, character.ToString()))),
        new KeyPressed(new Key(KeyCode.Paste, new string('日', 10_000))), new KeyPressed(new Key(KeyCode.Character, "")),
        new Resized(new TerminalSize(1, 1)), new Ticked(DateTimeOffset.MinValue.AddDays(2)), new Ticked(DateTimeOffset.MaxValue.AddDays(-2)),
        new DisksFound([]), new PowerTold(), new DisksFound(SampleFacts.Disks), new DiskNamed(SampleFacts.Nvme), new StoreOpened(SampleFacts.Store), new ImagesListed([]), new ImagesListed(SampleFacts.Images) { Troubles = ["\e[2J"] }, new KeysReady(new TypedSecret()),
        new PlanMade(Order, new JobPlan([], [])), new PlanMade(Restore, new JobPlan([], [("/dev/x", "X")])),
        new WorkProgressed(new ProgressSample("", 0, 0, [], null, null), [], TimeSpan.Zero), new WorkProgressed(new ProgressSample("\e[2J", long.MaxValue, 1, [new StageSample(Stage.Read, long.MaxValue, double.MaxValue, 2)], Stage.Write, TimeSpan.MaxValue), ["\e]0;x\a"], TimeSpan.MaxValue),
        new WorkProgressed(new ProgressSample("x", 1, 2, [], null, null), [], TimeSpan.Zero) { Parts = [new WorkPart("\e[2J", long.MaxValue, 1, "\e[2J"), new WorkPart("", -1, -1, "")] },
        .. Enum.GetValues<WorkOutcome>().Select(outcome => new WorkEnded(new WorkEnd(outcome, [], Report))), new LogSaved("/x"),
        new NetworkSeen(new([], [])), new NetworkSeen(SampleFacts.Network), new NetworkApplied(SampleFacts.NetworkTrouble), new NetworkTested(SampleFacts.Checks), new LayoutsFound([]), new LayoutsFound(["\e[2J", "us"]), new LayoutLoaded(SampleFacts.NetworkTrouble),
        new EnrolmentProgressed("\e[2J"), new EnrolmentProgressed(""), new EnrolmentSeen(null), new EnrolmentSeen(new Setup.EnrolledPc("\e[2J", TimeSpan.MaxValue)), new EnrolmentSeen(new Setup.EnrolledPc("office-pc", TimeSpan.MinValue + TimeSpan.FromTicks(1))),
        new ClocksCompared("\e[2J", TimeSpan.MaxValue), new ClocksCompared("", TimeSpan.MinValue + TimeSpan.FromTicks(1)),
        .. Effects.Select(effect => new EffectFailed(effect, Report)),
    ];

    [Fact]
    public void The_lists_of_this_test_are_complete()
    {
        Assert.Empty(Kinds<Effect>().Except(Effects.Select(effect => effect.GetType())));
        Assert.Empty(Kinds<Message>().Except(Messages.Select(message => message.GetType())));
    }

    [Fact]
    public void No_screen_fails_at_any_message_and_every_result_can_be_drawn()
    {
        foreach (var (name, (screen, facts)) in SampleScreens.All)
            foreach (var message in Messages)
                foreach (var size in (TerminalSize[])[new(80, 25), new(60, 20), new(1, 1), new(300, 100)])
                {
                    var model = ConsoleModel.Of(facts, size) with { Screens = [new WelcomeScreen(), screen] };
                    var failure = Record.Exception(() => ConsoleView.Draw(model.Take(message).Model, Look.Unicode).ToText());
                    Assert.True(failure is null, $"{name} takes {message.GetType().Name} badly at {size}: {failure}");
                }
    }

    [Fact]
    public void No_control_character_of_a_message_reaches_the_picture()
    {
        foreach (var (_, (screen, facts)) in SampleScreens.All)
            foreach (var message in Messages)
            {
                var model = ConsoleModel.Of(facts, new TerminalSize(100, 40)) with { Screens = [new WelcomeScreen(), screen] };
                Assert.DoesNotContain(ConsoleView.Draw(model.Take(message).Model, Look.Unicode).ToText(), character => char.IsControl(character) && character != '\n');
            }
    }

    [Fact]
    public void Nothing_is_started_by_an_answer()
    {
        foreach (var (name, (screen, facts)) in SampleScreens.All)
            foreach (var message in Messages.Where(message => message is not KeyPressed))
            {
                var (_, effects) = (ConsoleModel.Of(facts, new TerminalSize(80, 25)) with { Screens = [new WelcomeScreen(), screen] }).Take(message);
                Assert.False(effects.Any(effect => effect is RunBackup or RunRestore or RunDelete or EnrolPc or BeginJob or Leave), $"{name} starts something at {message}");
            }
    }

    private static IEnumerable<Type> Kinds<T>() => typeof(T).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract);
}
