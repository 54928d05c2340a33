// bootserver media build: a boot medium from a settings file, the files it names, and a base. No catalogue is needed.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Media.Bases;
using BootConsole.Media.Building;
using BootConsole.Media.Contents;
using BootConsole.Server.Output;
using BootConsole.Server.Sticks;
using BootConsole.Settings;

namespace BootConsole.Server.Commands;

/// <summary>Makes boot media.</summary>
internal static class MediaCommand
{
    private static readonly Option<string> Config = new("--config") { Description = "settings file of the PC", HelpName = "FILE", Required = true };
    private static readonly Option<string> Base = new("--base") { Description = "folder with vmlinuz, base.img and base.json", HelpName = "DIR", Required = true };
    private static readonly Option<string> Medium = new("--medium") { Description = "iso, usb, uki (a program for UEFI), or pxe (a folder for a TFTP server)", HelpName = "KIND", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "the new file, or for pxe the new folder; what is there is not overwritten", HelpName = "PATH", Required = true };
    private static readonly Option<bool> WithSecrets = new("--with-secrets") { Description = "put passwords and keys that open backups onto the medium too; with pxe also the PC's private keys" };

    private static readonly Argument<string> Image = new("FILE") { Description = "the medium, as 'media build' or 'bootimage build' made it" };
    private static readonly Argument<string> Device = new("DEVICE") { Description = "the stick: /dev/sdX" };

    internal static Command Make(Services services)
    {
        Medium.CompletionSources.Add([.. MediumKinds.Names]);
        var build = new Command("build", "Make a boot medium from a settings file and a base.") { Config, Base, Medium, Out, MediumOptions.Files, WithSecrets, MediumOptions.Room, MediumOptions.SerialPort, MediumOptions.KernelOption, MediumOptions.Write, MediumOptions.DeviceSerial };
        ExampleHelp.Give(
            build,
            "bootserver media build --config office-pc.toml --files office-pc --base buildroot/out --medium iso --out office-pc.iso",
            "bootserver media build --config local.toml --base buildroot/out --medium usb --room \"16 GiB\" --out stick.img",
            "bootserver media build --config local.toml --base buildroot/out --medium pxe --out /srv/tftp");
        build.Does(services, "What has the name of the new medium is whole; where nothing has it, nothing was made.", BuildAsync);
        var write = new Command("write", "Write a finished usb or iso medium to a stick, and read it back.") { Image, Device, MediumOptions.DeviceSerial };
        ExampleHelp.Give(write, "bootserver media write office-pc.img /dev/sdX --device-serial 4C530001230101116193");
        write.Does(services, "The file is as it was; a stick that was begun boots nothing.", WriteAsync);
        var media = new Command("media", "Make boot media.") { build, write };
        ExampleHelp.Give(media, "bootserver media build --help");
        return media;
    }

    private static async Task BuildAsync(CommandSession session)
    {
        var line = session.Line;
        var kind = MediumKinds.Parse(line.GetValue(Medium)!);
        var config = line.GetValue(Config)!;
        var pc = PcArchive.Make(SettingsFile.ReadBytes(config), config, line.GetValue(MediumOptions.Files));
        if (!line.GetValue(WithSecrets)) pc.RefuseSecrets(isServedOpenly: kind == MediumKind.Pxe);
        var order = new MediumOrder
        {
            Kind = kind,
            Base = BaseFolder.Open(line.GetValue(Base)!),
            Pc = pc,
            Target = line.GetValue(Out)!,
            Serial = line.GetValue(MediumOptions.SerialPort) ?? "",
            KernelOptions = line.GetValue(MediumOptions.KernelOption) ?? [],
            RoomBytes = MediumOptions.RoomBytes(line) ?? 0,
        };
        var stick = await StickOrder.FindAsync(session, kind);
        using var made = await new MediaBuilder(session.Services.Programs).MakeAsync(order, session.Cancel);
        stick?.CheckRoom(made.Bytes);
        made.Publish();
        if (stick is not null) await stick.WriteAsync(order.Target, session);
        Answer(session, order, made.Bytes, stick?.Path);
    }

    private static async Task WriteAsync(CommandSession session)
    {
        var (file, serial) = (session.Line.GetValue(Image)!, session.Line.GetValue(MediumOptions.DeviceSerial));
        var bytes = StickMedium.Check(file);
        var stick = await StickOrder.FindAsync(session, session.Line.GetValue(Device)!, serial);
        stick.CheckRoom(bytes);
        await stick.WriteAsync(file, session);
        session.Answer([$"{file} is written to {stick.Path}, and read back: all {ByteSize.Format(bytes)} are there."], new WrittenDocument("done", file, stick.Path, bytes), Documents.Default.WrittenDocument);
    }

    private static void Answer(CommandSession session, MediumOrder order, long bytes, string? device)
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
        if (device is not null) lines.Add($"Written to {device}, and read back: all bytes are there.");
        session.Answer(lines, new MediaDocument("done", kind, order.Target, bytes, @base, files, device), Documents.Default.MediaDocument);
    }
}
