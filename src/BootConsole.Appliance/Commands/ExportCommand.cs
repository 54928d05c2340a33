// bootconsole export: a disk of an image as a raw file.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Exports a disk.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> To = new("--to") { HelpName = "FILE", Description = "the new file; one that is there is not overwritten", Required = true };
    private static readonly Option<int> Disk = new("--disk") { HelpName = "N", Description = "disk number in the image", DefaultValueFactory = _ => 0, CustomParser = CommonOptions.WholeNumber };
    private static readonly Option<string> Format = new("--format") { HelpName = "raw", Description = "format of the file", DefaultValueFactory = _ => "raw" };

    internal static Command Make(Services services)
    {
        var command = new Command("export", "Write a disk of an image into a raw file, for a virtual machine or a loop device.") { CommonOptions.ImageArgument, CommonOptions.ImageOption, To, Disk, Format };
        KeyOptions.AddReading(command);
        StoreOptions.AddTo(command);
        command.WithExamples("bootconsole export --store /mnt/usb latest --to disk.img", "bootconsole export --store /mnt/usb latest --disk 1 --to second.img");
        command.Runs(services, "The image is as it was, and there is no half file under the name you gave.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        var format = session.Arguments.GetValue(Format);
        if (format == "qcow2") throw LaterOptions.NotYet("--format qcow2");
        if (format != "raw") throw new UsageFault("unknown format") { Which = "--format", Expected = "raw", Found = format ?? "" };
        await using var store = await StoreOptions.OpenForReadingAsync(session);
        var (source, id, _) = await ImageChoice.FindAsync(session, store);
        var image = await ImageReader.OpenAsync(source, id, session.Cancel);
        using var keys = await KeyOptions.UnlockAsync(session, source, image);
        var number = session.Arguments.GetValue(Disk);
        if (number < 0 || number >= image.Manifest.Disks.Count) throw new UsageFault("the image has no such disk") { Which = "--disk", Expected = $"0 to {image.Manifest.Disks.Count - 1}", Found = $"{number}" };
        var to = session.Arguments.GetValue(To)!;
        RequireFree(to);
        await ExportAsync(session, image, number, to);
        session.Say($"Disk {number} of {id} is in {to}: {ByteSize.Format(image.Manifest.Disks[number].Size)}, every chunk checked.");
        session.Answer(new JobDocument { Outcome = "done", Image = id.Text, Counts = new CountsDocument { WrittenBytes = image.Manifest.Disks[number].Size } }, Documents.Context.JobDocument);
        return ExitCode.Done;
    }

    private static void RequireFree(string to)
    {
        if (Path.Exists(to)) throw Taken(to);
        if (Path.Exists(Part(to))) throw new RefusedFault("an export to this name runs, or was cut off") { Which = Part(to), Remedy = "If none runs, remove that file." };
        var folder = Path.GetDirectoryName(Path.GetFullPath(to))!;
        if (!Directory.Exists(folder)) throw new RefusedFault("the folder for the file is not there") { Which = folder, Remedy = "Make it, or mount the medium it is on." };
    }

    private static RefusedFault Taken(string to) => new("a file of that name is there already") { Which = to, Remedy = "Choose another name, or remove that file." };

    private static string Part(string to) => to + ".part";

    private static async Task ExportAsync(CommandSession session, ImageReader image, int number, string to)
    {
        var record = image.Manifest.Disks[number];
        var context = session.Services.MakeJobContext();
        using var file = WritableDiskFile.Create(Part(to), record.Size, record.SectorBytes);
        try
        {
            await session.RunAsync(context.Progress, () => new ExportJob(context).RunAsync(image, number, file, session.Cancel));
            LinuxNames.RenameWithoutReplacing(Part(to), to);
            LinuxNames.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
        }
        catch (SystemCallException cause)
        {
            File.Delete(Part(to));
            throw cause.Error == Errno.EEXIST ? Taken(to) : new HostFault("the file could not be given its name", cause) { Which = to, Found = SystemCallException.Describe(cause.Error) };
        }
        catch
        {
            File.Delete(Part(to));
            throw;
        }
    }
}
