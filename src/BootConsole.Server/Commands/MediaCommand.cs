// bootserver media build: a boot medium from a settings file, the files it names, and a base. No catalogue is needed.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Media.Bases;
using BootConsole.Media.Building;
using BootConsole.Media.Contents;
using BootConsole.Server.Output;
using BootConsole.Settings;

namespace BootConsole.Server.Commands;

/// <summary>Makes boot media.</summary>
internal static class MediaCommand
{
    private static readonly Option<string> Config = new("--config") { Description = "settings file of the PC", HelpName = "FILE", Required = true };
    private static readonly Option<string> Base = new("--base") { Description = "folder with vmlinuz, base.img and base.json", HelpName = "DIR", Required = true };
    private static readonly Option<string> Medium = new("--medium") { Description = "iso, usb, uki (a program for UEFI), or pxe (a folder for a TFTP server)", HelpName = "KIND", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "the new file, or for pxe the new folder; what is there is not overwritten", HelpName = "PATH", Required = true };
    private static readonly Option<string?> Files = new("--files") { Description = "folder with the files that the settings name: DIR/etc/bootconsole/x becomes /etc/bootconsole/x", HelpName = "DIR" };
    private static readonly Option<bool> WithSecrets = new("--with-secrets") { Description = "put passwords and keys that open backups onto the medium too; with pxe also the PC's private keys" };
    private static readonly Option<string?> Room = new("--room") { Description = "usb: add a partition of this size for backups, label BOOTCONSOLE", HelpName = "SIZE" };
    private static readonly Option<string?> Serial = new("--serial") { Description = "show boot menu and console on this serial port too, such as ttyS0,115200", HelpName = "PORT" };
    private static readonly Option<string[]> KernelOption = new("--kernel-option") { Description = "further word of the kernel's line; may be repeated", HelpName = "WORD" };

    internal static Command Make(Services services)
    {
        Medium.CompletionSources.Add([.. MediumKinds.Names]);
        var build = new Command("build", "Make a boot medium from a settings file and a base.") { Config, Base, Medium, Out, Files, WithSecrets, Room, Serial, KernelOption };
        ExampleHelp.Give(
            build,
            "bootserver media build --config office-pc.toml --files office-pc --base buildroot/out --medium iso --out office-pc.iso",
            "bootserver media build --config local.toml --base buildroot/out --medium usb --room \"16 GiB\" --out stick.img",
            "bootserver media build --config local.toml --base buildroot/out --medium pxe --out /srv/tftp");
        build.Does(services, "Nothing has the name of the new medium.", BuildAsync);
        var media = new Command("media", "Make boot media.") { build };
        ExampleHelp.Give(media, "bootserver media build --help");
        return media;
    }

    private static async Task BuildAsync(CommandSession session)
    {
        var line = session.Line;
        var kind = MediumKinds.Parse(line.GetValue(Medium)!);
        var config = line.GetValue(Config)!;
        var pc = PcArchive.Make(SettingsFile.ReadBytes(config), config, line.GetValue(Files));
        if (!line.GetValue(WithSecrets)) pc.RefuseSecrets(isServedOpenly: kind == MediumKind.Pxe);
        var order = new MediumOrder
        {
            Kind = kind,
            Base = BaseFolder.Open(line.GetValue(Base)!),
            Pc = pc,
            Target = line.GetValue(Out)!,
            Serial = line.GetValue(Serial) ?? "",
            KernelOptions = line.GetValue(KernelOption) ?? [],
            RoomBytes = line.GetValue(Room) is { } room ? Size(room) : 0,
        };
        var bytes = await new MediaBuilder(session.Services.Programs).BuildAsync(order, session.Cancel);
        Answer(session, order, bytes);
    }

    private static void Answer(CommandSession session, MediumOrder order, long bytes)
    {
        var @base = new MediaBaseDocument(order.Base.Version, order.Base.KernelRelease, order.Base.Made);
        var files = order.Pc.Files.Select(file => new MediaFileDocument(file.Path, file.Secrecy != Secrecy.Public)).ToList();
        var kind = order.Kind.Name();
        List<string> lines =
        [
            $"{order.Target}: {kind} for {order.Pc.PcName}, {ByteSize.Format(bytes)}",
            $"  base {@base.Version}, kernel {@base.Kernel}, made {@base.Made:yyyy-MM-dd}",
            $"  {PcArchive.SettingsPath}",
            .. files.Select(file => $"  {file.Path}{(file.Secret ? "  (private)" : "")}"),
        ];
        if (order.Kind != MediumKind.Pxe && files.Any(file => file.Secret)) lines.Add("Whoever has the medium has the private files. The file can be read by you alone.");
        session.Answer(lines, new MediaDocument("done", kind, order.Target, bytes, @base, files), Documents.Default.MediaDocument);
    }

    private static long Size(string text) => ByteSize.TryParse(text, out var bytes) && bytes > 0
        ? bytes
        : throw new UsageFault("the size is not one") { Which = "--room", Found = text, Expected = "a number with a unit, such as \"16 GiB\"" };
}
