// Makes a boot image and writes down that it was issued, so that a crash at any moment leaves neither a boot image that comes in unrecorded nor a record of one that does not exist.
using BootConsole.Host;
using BootConsole.Media.Building;
using BootConsole.Media.Contents;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;

namespace BootConsole.Server.BootImages;

/// <summary>A boot image that was made.</summary>
/// <param name="Image">What the catalogue has of it.</param>
/// <param name="Bytes">Its length, or that of its files.</param>
/// <param name="Files">What it carries besides the settings.</param>
internal sealed record IssuedBootImage(BootImage Image, long Bytes, IReadOnlyList<PcFile> Files);

/// <summary>
/// Issues boot images. The order: a serial number is taken; key, certificate and medium are made under a passing name; and in one change of the catalogue the entry is written, the medium gets its name, and the change becomes final. A crash before
/// that leaves a medium whose certificate the server does not know, which it refuses.
/// </summary>
internal sealed class BootImageIssue(ServerTree tree, CatalogueFile catalogue, IProgramRunner programs, TimeProvider clock)
{
    /// <summary>Makes the boot image of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="beforeNaming">Has the last word, with the medium's length: it may refuse.</param>
    /// <param name="cancel">Ends the attempt; nothing has the medium's name then.</param>
    internal async Task<IssuedBootImage> RunAsync(BootImagePlan plan, Action<long> beforeNaming, CancellationToken cancel)
    {
        var pc = plan.Wish.Pc;
        // A number that was taken is never given again, whatever becomes of this: two builds at once have two.
        var serial = catalogue.Change("boot image begun", pc, changes => changes.TakeSerial());
        var key = plan.HasKey ? await BootImageKey.MakeAsync(new UserAuthority(tree, programs, clock), programs, pc, serial, cancel) : null;
        var order = plan.Order(key?.Private ?? [], key?.CertificateFile ?? []);
        using var made = await new MediaBuilder(programs).MakeAsync(order, cancel);
        beforeNaming(made.Bytes);
        var now = clock.GetUtcNow();
        var image = new BootImage
        {
            Serial = serial,
            Pc = pc,
            KeyId = UserAuthority.KeyId(pc, serial),
            PublicKey = key?.Certificate.PublicKey ?? "",
            Base = plan.Base.Id,
            Medium = order.Kind.Name(),
            Mode = plan.Wish.IsLocal ? "local" : "network",
            Issued = now,
            ValidUntil = key?.Certificate.ValidUntil ?? now,
            Sha256 = made.Hash(cancel),
        };
        Record(plan, image, made);
        return new IssuedBootImage(image, made.Bytes, order.Pc.Files);
    }

    private void Record(BootImagePlan plan, BootImage image, MadeMedium made)
    {
        var isPublished = false;
        try
        {
            catalogue.Change($"boot image {image.Serial} issued", image.Pc, changes =>
            {
                // The contract may have ended, or the PC gone, while the medium was made.
                BootImagePlan.CheckContract(changes.Contract(changes.Pc(image.Pc).Contract), plan.Wish.Medium, image.Issued);
                changes.AddBootImage(image);
                made.Publish();
                isPublished = true;
            });
        }
        catch when (isPublished)
        {
            made.Withdraw();
            throw;
        }
    }
}
