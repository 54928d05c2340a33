// Every screen in every state that a person can meet.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Disks.Finding;

namespace BootConsole.Appliance.Tests.Screens;

/// <summary>Screens by names, which are the names of their goldens; made anew each time, for what is typed into a password screen changes in place.</summary>
internal static class SampleScreens
{
    private static readonly BackupOrder Backup = new() { Disks = [SampleFacts.Nvme], Store = SampleFacts.Store };
    private static readonly RestoreOrder Restore = new() { Store = SampleFacts.Store, Image = SampleFacts.Open, Pairs = [(0, SampleFacts.Nvme)] };
    private static readonly JobPlan BackupPlan = new(["/dev/nvme0n1: 512 GiB, Samsung SSD 980 PRO, serial S5GXNF0R412345.", "  96.1 GiB are saved, 416 GiB that nothing uses are padded.", "  partition 2: 117 GiB ntfs, 61.0 GiB used (partclone.ntfs)", "  Partition 3: The file system was not unmounted cleanly; every sector of it is saved."], []);
    private static readonly JobPlan RestorePlan = new(["Image 2026-11-13T020000Z_office-pc_before-update, disk /dev/nvme0n1 (512 GiB, 3 partitions).", "Target /dev/nvme0n1 (512 GiB): everything on it is lost.", "96.1 GiB are written, 2.00 GiB are zeroed."], [("/dev/nvme0n1", "S5GXNF0R412345")]);

    private static readonly ProgressSample Half = new(
        "backing up /dev/nvme0n1",
        48L << 30,
        96L << 30,
        [new StageSample(Stage.Read, 48L << 30, 900 << 20, 0.31), new StageSample(Stage.Compress, 48L << 30, 900 << 20, 0.55), new StageSample(Stage.Send, 20L << 30, 110 << 20, 0.99)],
        Stage.Send,
        TimeSpan.FromSeconds(437));

    private static readonly AssistantOrder Assistant = new(SampleFacts.Server, "latest", [new Settings.RestoreDisk(0, new Settings.SerialDisk("S5GXNF0R412345"))], null, OnlyDifferences: true);

    internal static IReadOnlyDictionary<string, (Screen Screen, Facts Facts)> All => new Dictionary<string, (Screen, Facts)>
    {
        ["welcome"] = (new WelcomeScreen(), SampleFacts.Facts),
        ["welcome-with-settings"] = (new WelcomeScreen(1), SampleFacts.WithStores),
        ["welcome-without-key"] = (new WelcomeScreen(), SampleFacts.Keyless),
        ["enrol"] = (new EnrolScreen(SampleFacts.Place), SampleFacts.Keyless),
        ["enrol-typed"] = (Type(new EnrolScreen(SampleFacts.Place), "7k3m 0qw"), SampleFacts.WaitingForKey),
        ["enrol-shown"] = (Press(Type(new EnrolScreen(SampleFacts.Place), "7k3m-oqwe-rt5x"), KeyCode.F2), SampleFacts.Keyless),
        ["enrol-odd-character"] = (Type(new EnrolScreen(SampleFacts.Place), "7k3y"), SampleFacts.Keyless),
        ["enrol-too-short"] = (Press(Type(new EnrolScreen(SampleFacts.Place), "7k3m-0qwe-rt5"), KeyCode.Enter), SampleFacts.Keyless),
        ["enrol-at-work"] = (Enrolling().Take(new EnrolmentProgressed("asking http://192.0.2.1:8080/enrol, 30 seconds at most"), SampleFacts.Keyless).Self, SampleFacts.Keyless),
        ["enrol-giving-up"] = (Press(Enrolling(), KeyCode.Escape), SampleFacts.Keyless),
        ["enrol-given-up"] = (Press(Enrolling(), KeyCode.Escape).Take(new EnrolmentSeen(null), SampleFacts.Keyless).Self, SampleFacts.Keyless),
        ["enrol-refused"] = (Refused(new Setup.EnrolmentFaults(SampleFacts.Place).Refused()), SampleFacts.WaitingForKey),
        ["enrol-unreachable"] = (Refused(new Setup.EnrolmentFaults(SampleFacts.Place).Unreachable(new HttpRequestException("No route to host (192.0.2.1:8080)"))), SampleFacts.Keyless),
        ["enrol-impostor"] = (Refused(new Setup.EnrolmentFaults(SampleFacts.Place).Impostor()), SampleFacts.Keyless),
        ["enrol-other-settings"] = (Refused(Setup.EnrolmentFaults.OtherSettings()), SampleFacts.Keyless),
        ["enrol-done-opening"] = (Enrolled(SampleFacts.Keyless), SampleFacts.Keyless with { Enrolment = null }),
        ["enrol-done"] = (Opened(SampleFacts.Keyless), SampleFacts.Keyless with { Enrolment = null }),
        ["enrol-done-job"] = (Opened(SampleFacts.WaitingForKey), SampleFacts.WaitingForKey with { Enrolment = null }),
        ["enrol-done-trouble"] = (Enrolled(SampleFacts.Keyless).Take(new EffectFailed(new OpenTheStore(SampleFacts.Server, false), SampleFacts.Trouble), SampleFacts.Keyless).Self, SampleFacts.Keyless with { Enrolment = null }),
        ["disks-loading"] = (new DisksScreen(DiskPurpose.Backup), SampleFacts.Facts),
        ["disks-none"] = (new DisksScreen(DiskPurpose.Backup) { Disks = [] }, SampleFacts.Facts),
        ["disks-backup"] = (new DisksScreen(DiskPurpose.Backup) { Disks = SampleFacts.Disks, Marked = ["/dev/nvme0n1"], Chosen = 1 }, SampleFacts.Facts),
        ["disks-refused"] = (Press(new DisksScreen(DiskPurpose.Backup) { Disks = SampleFacts.Disks }, KeyCode.Enter), SampleFacts.Facts),
        ["disks-path"] = (new DisksScreen(DiskPurpose.Backup) { Disks = SampleFacts.Disks, Path = TextField.Of("/srv/disk.img"), Trouble = new FaultReport("There is no such disk: /srv/disk.img.", "Nothing was written.", "See 'bootconsole disks' for what there is.") }, SampleFacts.Facts),
        ["disks-many"] = (new DisksScreen(DiskPurpose.Backup) { Disks = [.. Enumerable.Range(1, 40).Select(number => SampleFacts.Nvme with { Info = SampleFacts.Nvme.Info with { CanonicalPath = $"/dev/sd{number}", Serial = $"SERIAL{number}" } })], Chosen = 25 }, SampleFacts.Facts),
        ["disks-restore"] = (new DisksScreen(DiskPurpose.Restore) { Restore = Restore with { Pairs = [] }, Marked = ["/dev/nvme0n1"], Disks = SampleFacts.Disks, Chosen = 2 }, SampleFacts.Facts),
        ["disks-restore-second"] = (new DisksScreen(DiskPurpose.Restore) { Restore = Restore with { Image = SampleFacts.TwoDisks }, ImageDisk = 1, Disks = SampleFacts.Disks, Chosen = 1 }, SampleFacts.Facts),
        ["assistant-opening"] = (new AssistantScreen(Assistant), SampleFacts.Facts),
        ["assistant"] = (new AssistantScreen(Assistant) { Store = SampleFacts.Store, Found = SampleFacts.Open, IsUnlocked = true, Targets = [SampleFacts.Nvme] }, SampleFacts.Facts),
        ["assistant-trouble"] = (new AssistantScreen(Assistant) { Store = SampleFacts.Store }.Take(new ImagesListed([]), SampleFacts.Facts).Self, SampleFacts.Facts),
        ["target-typed"] = (new TargetScreen(TargetPurpose.Backup) { Backup = Backup }, SampleFacts.Facts),
        ["target-list"] = (new TargetScreen(TargetPurpose.Restore), SampleFacts.WithStores),
        ["power"] = (new PowerScreen(), SampleFacts.Facts),
        ["power-trouble"] = ((new PowerScreen(1)).Take(new EffectFailed(new TurnOff(PowerAction.Reboot), SampleFacts.Trouble), SampleFacts.Facts).Self, SampleFacts.Facts),
        ["welcome-booted"] = (new WelcomeScreen(8), SampleFacts.Facts with { IsBootImage = true }),
        ["target-media"] = ((new TargetScreen(TargetPurpose.Backup) { Backup = Backup, Chosen = 2 }).Take(new DisksFound(SampleFacts.Disks), SampleFacts.WithStores).Self, SampleFacts.WithStores),
        ["target-typed-media"] = ((new TargetScreen(TargetPurpose.Restore)).Take(new DisksFound(SampleFacts.Disks), SampleFacts.Facts).Self, SampleFacts.Facts),
        ["target-opening"] = (new TargetScreen(TargetPurpose.Restore) { Opening = SampleFacts.Server }, SampleFacts.WithStores),
        ["target-trouble"] = (new TargetScreen(TargetPurpose.Manage) { Trouble = SampleFacts.Trouble }, SampleFacts.WithStores),
        ["backup-form"] = (BackupFormScreen.Of(Backup, null), SampleFacts.Facts),
        ["backup-form-open"] = (Press(BackupFormScreen.Of(Backup, null), KeyCode.Down, KeyCode.Down, KeyCode.Down, KeyCode.Right), SampleFacts.Facts),
        ["backup-form-settings"] = (BackupFormScreen.Of(Backup, new Settings.BackupSettings { Name = "nightly", Kind = Settings.BackupKind.Incremental, Level = 7, Encryption = new Settings.PasswordEncryption("/etc/password") }), SampleFacts.Facts),
        ["backup-form-bad-name"] = (Press(BackupFormScreen.Of(Backup with { Name = "my backup!" }, null), KeyCode.Enter), SampleFacts.Facts),
        ["password-new"] = (Type(PasswordScreen.ForBackup(Backup), "short"), SampleFacts.Facts),
        ["password-unequal"] = (Press(Type((PasswordScreen)Press(Type(PasswordScreen.ForBackup(Backup), "correct horse battery"), KeyCode.Enter), "correct horse batterz"), KeyCode.Enter), SampleFacts.Facts),
        ["password-known"] = (PasswordScreen.ForBackup(Backup with { Store = SampleFacts.Store with { HasKeys = true } }) with { IsTrying = true }, SampleFacts.Facts),
        ["password-wrong"] = (PasswordScreen.ForBackup(Backup with { Store = SampleFacts.Store with { HasKeys = true } }) with { Trouble = new FaultReport("The password is wrong.", "Nothing was written.", "Check which key or password belongs to this store."), Wrong = 1 }, SampleFacts.Facts),
        ["trouble"] = (new TroubleScreen("Password", SampleFacts.Trouble), SampleFacts.Facts),
        ["confirm-planning"] = (new ConfirmScreen(Backup) { Activity = "finding the used blocks of partition 2 of /dev/nvme0n1" }, SampleFacts.Facts),
        ["confirm"] = (new ConfirmScreen(Backup) { Plan = BackupPlan }, SampleFacts.Facts),
        ["confirm-trouble"] = (new ConfirmScreen(Backup) { Trouble = new FaultReport("The disk is gone: /dev/nvme0n1.", "Nothing was written.", "Check the disk and its cable.") }, SampleFacts.Facts),
        ["images-loading"] = (new ImagesScreen(SampleFacts.Store, IsForRestore: true), SampleFacts.Facts),
        ["images-none"] = (new ImagesScreen(SampleFacts.Store, IsForRestore: true) { Images = [] }, SampleFacts.Facts),
        ["images-restore"] = (Listed(new ImagesScreen(SampleFacts.Store, IsForRestore: true)), SampleFacts.Facts),
        ["images-manage"] = (Press(Listed(new ImagesScreen(SampleFacts.Store, IsForRestore: false)), KeyCode.Down, KeyCode.Down), SampleFacts.Facts),
        ["images-published"] = (Press(Listed(new ImagesScreen(SampleFacts.Store, IsForRestore: true)), KeyCode.End), SampleFacts.Facts),
        ["images-published-manage"] = (Press(Press(Listed(new ImagesScreen(SampleFacts.Store, IsForRestore: false)), KeyCode.End), 'd'), SampleFacts.Facts),
        ["images-published-unread"] = ((new ImagesScreen(SampleFacts.Store, IsForRestore: false)).Take(new ImagesListed([SampleFacts.Done]) { Troubles = ["shared/head-office cannot be read: the store denies access."] }, SampleFacts.Facts).Self, SampleFacts.Facts),
        ["images-delete"] = (Listed(new ImagesScreen(SampleFacts.Store, IsForRestore: false)) with { Deleting = SampleFacts.Done }, SampleFacts.Facts),
        ["images-trouble"] = (Listed(new ImagesScreen(SampleFacts.Store, IsForRestore: true)) with { Trouble = SampleFacts.Trouble }, SampleFacts.Facts),
        ["resume"] = (new ResumeScreen(SampleFacts.Store, SampleFacts.Cut), SampleFacts.Facts),
        ["resume-trouble"] = (new ResumeScreen(SampleFacts.Store, SampleFacts.Cut) { Trouble = new FaultReport("There is no such disk: serial:S5GXNF0R412345.", "Nothing was written.", "See 'bootconsole disks' for what there is.") }, SampleFacts.Facts),
        ["resume-in-the-clear"] = (new ResumeScreen(SampleFacts.Store, SampleFacts.Cut with { Record = SampleFacts.Cut.Record! with { KeyId = null } }).Take(new DiskNamed(SampleFacts.Nvme), SampleFacts.Facts with { Backup = new Settings.BackupSettings { Encryption = new Settings.PasswordEncryption("/etc/password") } }).Self, SampleFacts.Facts),
        ["restore-form"] = (RestoreFormScreen.Of(Restore), SampleFacts.Facts),
        ["overwrite-planning"] = (new OverwriteScreen(Restore), SampleFacts.Facts),
        ["overwrite"] = (new OverwriteScreen(Restore) { Plan = RestorePlan }, SampleFacts.Facts),
        ["overwrite-wrong"] = (Press(new OverwriteScreen(Restore) { Plan = RestorePlan, Typed = TextField.Of("yes") }, KeyCode.Enter), SampleFacts.Facts),
        ["overwrite-trouble"] = (new OverwriteScreen(Restore) { Trouble = new FaultReport("The target is too small: /dev/sdb.", "Nothing was written.", "Choose a larger disk.") }, SampleFacts.Facts),
        ["work-starting"] = (new WorkScreen(WorkKind.Backup, "/dev/nvme0n1"), SampleFacts.Facts),
        ["work-backup"] = (Working(WorkKind.Backup), SampleFacts.Facts),
        ["work-several"] = (Working(WorkKind.Restore) with { Parts = [new("/dev/sdb", 48L << 30, 96L << 30, "writing"), new("/dev/sdc", 1, 1, WorkPart.Done), new("/dev/sdd", 0, 0, WorkPart.Failed), new("/dev/disk/by-id/usb-a-long-name", 90L << 30, 96L << 30, "reading back what was written to it")] }, SampleFacts.Facts),
        ["work-paused"] = (Working(WorkKind.Backup) with { IsPaused = true }, SampleFacts.Facts),
        ["work-cancel-backup"] = (Working(WorkKind.Backup) with { Asks = true }, SampleFacts.Facts),
        ["work-cancel-restore"] = (Working(WorkKind.Restore) with { Asks = true }, SampleFacts.Facts),
        ["work-stopping"] = (Working(WorkKind.Verify) with { IsStopping = true }, SampleFacts.Facts),
        ["end-done"] = (new EndScreen(WorkKind.Backup, "/dev/nvme0n1", new WorkEnd(WorkOutcome.Done, ["Image 2026-11-21T133005Z_office-pc_backup is finished: 96.1 GiB read, 40.2 GiB stored, in 14 min 32 s (113 MiB/s).", "It was read back and every chunk checked, in 6 min 02 s."], null)), SampleFacts.Facts),
        ["end-restore-losses"] = (new EndScreen(WorkKind.Restore, "/dev/nvme0n1", new WorkEnd(WorkOutcome.DoneWithLoss, ["/dev/nvme0n1 is restored and read back: 98.1 GiB written in 12 min 40 s, read back in 3 min 10 s."], null)), SampleFacts.Facts),
        ["end-cancelled"] = (new EndScreen(WorkKind.Backup, "/dev/nvme0n1", new WorkEnd(WorkOutcome.Cancelled, [], new FaultReport("Cancelled.", "Earlier images are as they were.", ""))), SampleFacts.Facts),
        ["end-several"] = (new EndScreen(WorkKind.Restore, "/dev/sdb, /dev/sdc", new WorkEnd(WorkOutcome.Failed, ["/dev/sdb is restored and read back: 98.1 GiB written in 12 min 40 s, read back in 3 min 10 s.", "/dev/sdc is NOT restored: The disk is gone: /dev/sdc."], new FaultReport("1 of 2 disks are not restored: /dev/sdc.", "The image is as it was.", "Check the disk, its cable and the kernel's log (dmesg), then try again."))), SampleFacts.Facts),
        ["end-trouble"] = (new EndScreen(WorkKind.Restore, "/dev/nvme0n1", new WorkEnd(WorkOutcome.Failed, [], SampleFacts.Trouble)), SampleFacts.Facts),
        ["welcome-network"] = (new WelcomeScreen(3), SampleFacts.WithStores with { Network = SampleFacts.NetworkTrouble }),
        ["tools"] = (new ToolsScreen(), SampleFacts.Facts),
        ["network-looking"] = (new NetworkScreen(), SampleFacts.Facts),
        ["network"] = (new NetworkScreen { Seen = SampleFacts.Network }, SampleFacts.Facts),
        ["network-typed"] = (Press(Press(new NetworkScreen { Seen = SampleFacts.Network }, 's'), KeyCode.Backspace, KeyCode.Enter), SampleFacts.Facts),
        ["network-setting-up"] = (new NetworkScreen { Seen = SampleFacts.Network, Doing = "setting the network up" }, SampleFacts.Facts),
        ["network-tested"] = (new NetworkScreen { Seen = SampleFacts.Network, Report = SampleFacts.NetworkTrouble, Checks = SampleFacts.Checks }, SampleFacts.Facts),
        ["network-refused"] = (new NetworkScreen { Seen = new([], []), Trouble = new FaultReport("This PC was not started from a BootConsole medium, so its network, keyboard and time zone are left alone.", "Nothing was written.", "Use the settings of the system that runs here.") }, SampleFacts.Facts),
        ["keyboard-listing"] = (new KeyboardScreen(), SampleFacts.Facts),
        ["keyboard"] = (Layouts("de-latin1", "fr", "us"), SampleFacts.Facts),
        ["keyboard-none"] = (Layouts(), SampleFacts.Facts),
        ["keyboard-loaded"] = (Layouts("de-latin1", "us") with { Report = Setup.SetupReport.Empty.And("The keyboard layout is us.") }, SampleFacts.Facts),
        ["keyboard-trouble"] = (Layouts("de-latin1", "us") with { Report = Setup.SetupReport.Empty.Or("The keyboard layout us was not loaded: loadkmap is not in this boot image.", "Type passwords with F2 (show what I type), or choose a layout (Keyboard in the menu).") }, SampleFacts.Facts),
        ["time"] = (new TimeScreen(), SampleFacts.Facts),
        ["time-wrong"] = (new TimeScreen { StoreAhead = TimeSpan.FromHours(-26), Store = SampleFacts.Store.Description }, SampleFacts.WithStores),
        ["time-trouble"] = (new TimeScreen { Trouble = SampleFacts.Trouble }, SampleFacts.WithStores),
        ["contract-form"] = (BackupFormScreen.Of(Backup with { Store = SampleFacts.Leased }, null), SampleFacts.Facts),
        ["contract-confirm"] = (new ConfirmScreen(Backup with { Store = SampleFacts.Leased }) { Plan = BackupPlan }, SampleFacts.Facts),
        ["contract-ended"] = ((new TargetScreen(TargetPurpose.Backup) { Backup = Backup, Opening = SampleFacts.Server }).Take(new StoreOpened(SampleFacts.Ended), SampleFacts.WithStores).Self, SampleFacts.WithStores),
        ["contract-images"] = (Listed(new ImagesScreen(SampleFacts.Ended, IsForRestore: true)), SampleFacts.Facts),
        ["log-empty"] = (new LogScreen(), SampleFacts.Facts),
        ["log"] = (new LogScreen { Back = 3 }, SampleFacts.Facts with { Log = [.. Enumerable.Range(0, 60).Select(number => LogLine.Of(SampleFacts.Now.AddMinutes(number), $"the connection was lost for the {number}th time; trying again in {number} s, for 11 h 59 min more, and this line is long enough to be broken"))] }),
        ["log-save"] = (new LogScreen { Path = TextField.Of("/media/usb/bootconsole.log"), Trouble = new FaultReport("The system refused: No space left on device.", "Nothing was written.", "Check the file it names, its permissions and the space there.") }, SampleFacts.Facts),
        ["about"] = (new AboutScreen(), SampleFacts.Facts),
    };

    private static WorkScreen Working(WorkKind kind) => new(kind, "/dev/nvme0n1")
    {
        Sample = Half,
        Elapsed = TimeSpan.FromSeconds(430),
        Rates = [.. Enumerable.Range(0, 60).Select(second => 100.0 + 60 * Math.Sin(second / 5.0))],
        Events = ["the connection was lost: broken pipe; trying again in 1 s", "the connection is back"],
    };

    private static Screen Enrolling() => Press(Type(new EnrolScreen(SampleFacts.Place), "7K3M-0QWE-RT5X"), KeyCode.Enter);

    private static Screen Refused(Fault fault) => Enrolling() is EnrolScreen screen
        ? screen.Take(new EffectFailed(new EnrolPc(SampleFacts.Place, screen.Code), FaultReport.Of(fault, ExitCode.Failed, "No disk was touched, and this PC has no key.")), SampleFacts.Keyless).Self
        : throw new InvalidOperationException();

    // Its clock and the server's are apart.
    private static Screen Enrolled(Facts facts) => Enrolling().Take(new EnrolmentSeen(new Setup.EnrolledPc("office-pc", TimeSpan.FromHours(26))), facts).Self;

    private static Screen Opened(Facts facts) => Enrolled(facts).Take(new StoreOpened(SampleFacts.Leased), facts).Self;

    private static ImagesScreen Listed(ImagesScreen screen) => (ImagesScreen)screen.Take(new ImagesListed(SampleFacts.Images), SampleFacts.Facts).Self;

    private static KeyboardScreen Layouts(params string[] layouts) => (KeyboardScreen)new KeyboardScreen().Take(new LayoutsFound(layouts), SampleFacts.Facts).Self;

    private static Screen Press(Screen screen, char key) => screen.Take(new KeyPressed(new Key(KeyCode.Character, key.ToString())), SampleFacts.Facts).Self;

    private static Screen Press(Screen screen, params IReadOnlyList<KeyCode> keys) => keys.Aggregate(screen, (current, key) => current.Take(new KeyPressed(key), SampleFacts.Facts).Self);

    private static T Type<T>(T screen, string text) where T : Screen => (T)text.Aggregate((Screen)screen, (current, character) => current.Take(new KeyPressed(new Key(KeyCode.Character, character.ToString())), SampleFacts.Facts).Self);
}
