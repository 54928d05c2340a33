// bootserver bootimage: a boot medium for one PC, with a key that lets exactly that PC in; what was issued; what is revoked.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Media.Building;
using BootConsole.Media.Contents;
using BootConsole.Server.Accounts;
using BootConsole.Server.BootImages;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Server.Output;
using BootConsole.Server.Sticks;

namespace BootConsole.Server.Commands;

/// <summary>Issues, lists and revokes boot images.</summary>
internal static class BootImageCommand
{
    private static readonly Argument<string> Pc = new("PC") { Description = "the PC's name" };
    private static readonly Argument<string?> OnlyPc = new("PC") { Description = "only those of this PC", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<long> Serial = new("SERIAL") { Description = "the boot image's number, as 'bootimage list' shows it" };
    private static readonly Option<string> Medium = new("--medium") { Description = "iso, usb, uki (a program for UEFI), or pxe (a folder for a TFTP server, without a key)", HelpName = "KIND", Required = true };
    private static readonly Option<string> Mode = new("--mode") { Description = "network: with a key for this server; local: without server and network", HelpName = "MODE", DefaultValueFactory = _ => "network" };
    private static readonly Option<string> Out = new("--out") { Description = "the new file, or for pxe the new folder; what is there is not overwritten", HelpName = "PATH", Required = true };
    private static readonly Option<string?> Base = new("--base") { Description = "the imported base, or the beginning of its name; the one imported last unless given", HelpName = "BASE" };
    private static readonly Option<string?> Settings = new("--settings") { Description = "TOML to use this once instead of what 'pc add' was given", HelpName = "FILE" };
    private static readonly Option<bool> WithSecrets = new("--with-secrets") { Description = "put passwords and keys that open backups onto the medium too" };
    private static readonly Option<string?> Relay = new("--relay") { Description = "a relay of 'storage list' on the way to this server", HelpName = "NAME" };
    private static readonly Option<string[]> Storage = new("--storage") { Description = "a store of 'storage list' that the PC shall know too; may be repeated", HelpName = "NAME" };

    internal static Command Make(Services services)
    {
        Medium.CompletionSources.Add([.. MediumKinds.Names]);
        Mode.CompletionSources.Add("network", "local");
        var build = new Command("build", "Make a boot image for a PC: kernel, root, settings, and a key that lets this PC in.")
        {
            Pc, Medium, Mode, Out, Base, Settings, MediumOptions.Files, WithSecrets, Relay, Storage, MediumOptions.Room, MediumOptions.SerialPort, MediumOptions.KernelOption, MediumOptions.Write, MediumOptions.DeviceSerial,
        };
        ExampleHelp.Give(
            build,
            "bootserver bootimage build office-pc --medium iso --out office-pc.iso",
            "bootserver bootimage build office-pc --medium usb --out office-pc.img --write /dev/sdX --device-serial 4C530001230101116193",
            "bootserver bootimage build kiosk --medium usb --mode local --room \"16 GiB\" --out kiosk.img");
        build.Does(services, "What has the name of the new medium is whole and recorded; where nothing has it, nothing was issued.", BuildAsync);

        var list = new Command("list", "List the boot images that were issued: for whom, on what, until when.") { OnlyPc };
        ExampleHelp.Give(list, "bootserver bootimage list", "bootserver bootimage list office-pc --json");
        list.Does(services, "Nothing was changed.", List);

        var revoke = new Command("revoke", "Revoke a boot image: nobody comes in with its key any more, and who is in is put out.") { Serial };
        ExampleHelp.Give(revoke, "bootserver bootimage revoke 17");
        revoke.Does(services, "A boot image that 'bootimage list' shows as revoked lets nobody in; the same command once more finishes what is left.", RevokeAsync);

        var command = new Command("bootimage", "Boot media that let their PCs in.") { build, list, revoke };
        ExampleHelp.Give(command, "bootserver bootimage list");
        return command;
    }

    private static async Task BuildAsync(CommandSession session)
    {
        var line = session.Line;
        var (services, tree) = (session.Services, session.Tree);
        var started = services.Clock.GetTimestamp();
        var wish = new BootImageWish
        {
            Pc = line.GetValue(Pc)!,
            Medium = MediumKinds.Parse(line.GetValue(Medium)!),
            IsLocal = IsLocal(line.GetValue(Mode)!),
            Target = line.GetValue(Out)!,
            Base = line.GetValue(Base),
            SettingsFile = line.GetValue(Settings),
            Files = line.GetValue(MediumOptions.Files),
            WithSecrets = line.GetValue(WithSecrets),
            Relay = line.GetValue(Relay),
            Storages = line.GetValue(Storage) ?? [],
            SerialPort = line.GetValue(MediumOptions.SerialPort) ?? "",
            KernelOptions = line.GetValue(MediumOptions.KernelOption) ?? [],
            RoomBytes = MediumOptions.RoomBytes(line),
        };
        using var catalogue = tree.OpenCatalogue(services);
        var plan = BootImagePlan.Make(tree, catalogue, wish, services.Clock.GetUtcNow());
        var stick = await StickOrder.FindAsync(session, wish.Medium);
        var issued = await new BootImageIssue(tree, catalogue, services.Programs, services.Clock).RunAsync(plan, bytes => stick?.CheckRoom(bytes), session.Cancel);
        var seconds = services.Clock.GetElapsedTime(started).TotalSeconds;
        if (stick is not null) await stick.WriteAsync(wish.Target, session);
        var files = issued.Files.Select(file => new MediaFileDocument(file.Path, file.Secrecy != Secrecy.Public)).ToList();
        session.Answer(
            BootImageWords.Built(plan, issued, seconds, stick?.Path),
            new BuiltDocument("done", wish.Target, issued.Bytes, BootImageWords.Document(issued.Image, plan.Base.Folder, services.Clock.GetUtcNow()), files, stick?.Path),
            BootImageDocuments.Default.BuiltDocument);
    }

    private static Task List(CommandSession session)
    {
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var only = session.Line.GetValue(OnlyPc);
        var now = session.Services.Clock.GetUtcNow();
        var (images, bases) = catalogue.Read(rows =>
        {
            var images = rows.BootImages().Where(image => only is null || string.Equals(image.Pc, only, StringComparison.OrdinalIgnoreCase)).ToList();
            // Of a PC that is gone its boot images are still on record; any other name is a mistake.
            if (only is not null && images.Count == 0) rows.Pc(only);
            return (images, rows.Bases().ToDictionary(known => known.Id, known => known.Folder));
        });
        session.Answer(
            BootImageWords.Table(images, now),
            new BootImagesDocument([.. images.Select(image => BootImageWords.Document(image, image.Base is { } id ? bases.GetValueOrDefault(id) : null, now))]),
            BootImageDocuments.Default.BootImagesDocument);
        return Task.CompletedTask;
    }

    private static async Task RevokeAsync(CommandSession session)
    {
        var (services, tree, serial) = (session.Services, session.Tree, session.Line.GetValue(Serial));
        using var catalogue = tree.OpenCatalogue(services);
        var before = catalogue.Read(rows => rows.BootImage(serial));
        var now = services.Clock.GetUtcNow();
        if (before.Revoked is null) catalogue.Change($"boot image {serial} revoked", before.Pc, changes => changes.RevokeBootImage(serial, now));
        // Also for one that was revoked before: an earlier run may have been cut off here.
        await new RevocationList(tree, services.Programs).WriteAsync(catalogue, session.Cancel);
        var (image, pc) = catalogue.Read(rows => (rows.BootImage(serial), rows.FindPc(before.Pc)));
        if (before.Revoked is null && pc is not null && tree.ReadFacts().IsSystem) await new SystemAccounts(services.Programs).EndSessionsAsync(pc.Account, session.Cancel);
        var what = before.Revoked is { } time ? $"was revoked on {time:yyyy-MM-dd} already" : "is revoked: nobody comes in with it any more";
        session.Answer([$"Boot image {serial} of {image.Pc} {what}."], BootImageWords.Document(image, null, now), BootImageDocuments.Default.BootImageDocument);
    }

    private static bool IsLocal(string text) => text switch
    {
        "network" => false,
        "local" => true,
        _ => throw new UsageFault("unknown mode") { Which = "--mode", Found = text, Expected = "network or local" },
    };
}
