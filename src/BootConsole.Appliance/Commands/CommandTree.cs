// All commands of bootconsole.
using System.CommandLine;

namespace BootConsole.Appliance.Commands;

/// <summary>Builds the command line.</summary>
internal static class CommandTree
{
    internal static RootCommand Make(Services services)
    {
        var root = new RootCommand("Backs up and restores whole disks, whatever system is on them.") { CommonOptions.Json };
        root.Add(DisksCommand.Make(services));
        root.Add(BackupCommand.Make(services));
        root.Add(ImagesCommand.Make(services));
        root.Add(ShowCommand.Make(services));
        root.Add(RestoreCommand.Make(services));
        root.Add(VerifyCommand.Make(services));
        root.Add(ExportCommand.Make(services));
        root.Add(DeleteCommand.Make(services));
        root.Add(PruneCommand.Make(services));
        root.Add(ResumeCommand.Make(services));
        root.Add(RunCommand.Make(services));
        root.Add(KeysCommand.Make(services));
        root.Add(PasswordCommand.Make(services));
        root.Add(CheckConfigCommand.Make(services));
        root.Add(SetupCommand.Make(services));
        root.Add(EnrolCommand.Make(services));
        root.Add(CompletionCommand.Make(services));
        root.WithExamples(
            "bootconsole",
            "bootconsole disks",
            "bootconsole backup --disk only --store /mnt/usb --no-encryption",
            "bootconsole restore --store /mnt/usb latest --disk /dev/sdb --dry-run");
        ConsoleCommand.AddTo(root, services);
        Help.PrintExamples(root);
        return root;
    }
}
