// Makes finished images of append-only contracts unchangeable, and proves that they are whole.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Stores;

namespace BootConsole.Server.Sealing;

/// <summary>What became of an image that was to be sealed.</summary>
/// <param name="Image">The image.</param>
/// <param name="Trouble">Why it is not sealed; empty when it is.</param>
internal sealed record SealedImage(StoredImage Image, string Trouble);

/// <summary>Seals what is finished.</summary>
/// <remarks>
/// The order is what makes it hold. First every folder and file becomes root's: from here on the PC opens none of them for writing. Then the PC's sessions end, and with them every handle that was opened before. Only then are
/// the files read and held against the manifest: what is right now stays right.
/// </remarks>
internal sealed class SealRun(ServerImages server, IProgramRunner programs)
{
    /// <summary>How long the job that made an image has to remove its record and its lease before its session is ended.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Looks through the stores and seals what is finished in those of append-only contracts.</summary>
    /// <param name="depth">How much is looked at.</param>
    /// <param name="cancel">Ends it; an image that is not done is sealed the next time.</param>
    internal async Task<IReadOnlyList<SealedImage>> RunAsync(ScanDepth depth, CancellationToken cancel)
    {
        await server.ScanAsync(server.Pcs, depth, cancel);
        var names = server.Pcs.Where(pc => !server.ContractOf(pc).AllowsDeletion).ToDictionary(pc => pc.Name);
        List<SealedImage> done = [];
        foreach (var store in server.Catalogue.Read(session => session.UnsealedImages()).Where(image => names.ContainsKey(image.Pc)).GroupBy(image => image.Pc))
        {
            try
            {
                done.AddRange(await SealAsync(names[store.Key], [.. store], cancel));
            }
            catch (Exception trouble) when (trouble is Fault or SystemCallException)
            {
                var words = PlainText.Of(trouble is Fault fault ? FaultSentence.Of(fault) : trouble.Message);
                done.AddRange(store.Select(image => new SealedImage(image, words)));
            }
        }

        return done;
    }

    private async Task<List<SealedImage>> SealAsync(Pc pc, List<StoredImage> images, CancellationToken cancel)
    {
        var user = await UserAsync(pc, cancel);
        var path = server.Tree.Store(pc.Name);
        using var folders = new SealedFolders(path);
        List<string> fastened = [];
        foreach (var image in images)
            if (ImageId.TryParse(image.Name, out var id) && (server.Now - image.Seen > Grace || !folders.IsInUse(id, path)) && folders.Fasten(id)) fastened.Add(image.Name);
        if (fastened.Count == 0) return [];
        await HoldAsync(pc, cancel);
        await FolderSessions.EndAsync(user, path, cancel);
        // What they are now counts, not what they were before they were fast.
        await server.ScanAsync([pc], ScanDepth.Everything, cancel);
        var now = server.Catalogue.Read(session => session.StoredImages(pc.Name)).Where(image => fastened.Contains(image.Name)).ToList();
        var verified = await new ImageVerification(server).RunAsync([.. now.Where(image => image.State == "finished")], cancel);
        List<SealedImage> done = [.. now.Where(image => image.State != "finished").Select(image => new SealedImage(image, $"it is {image.State} {image.Reason}".Trim()))];
        foreach (var result in verified.Where(result => !result.IsUnclear))
        {
            var open = result.Damage.Length > 0 ? "" : await NeedsAsync(folders, result.Image, cancel);
            // Its turn comes when the other is sealed.
            if (open.Length > 0 && server.Now - result.Image.Seen < Patience) continue;
            done.Add(new SealedImage(result.Image, result.Damage + open));
        }

        foreach (var entry in done) Remember(entry);
        return done;
    }

    // What is root's the file system counts to the PC no longer: it could have image after image sealed, and fill the disk. What it wrote in the moment between counts with the next image.
    private async Task HoldAsync(Pc pc, CancellationToken cancel)
    {
        try
        {
            await server.HoldAsync(pc, cancel);
        }
        catch (HostFault)
        {
            // The seal is worth more than the limit; doctor says why this one is not in force.
            server.Catalogue.Change("space could not be limited", pc.Name, _ => { });
        }
    }

    // An image is no safer than the files of others that it needs.
    private async Task<string> NeedsAsync(SealedFolders folders, StoredImage image, CancellationToken cancel)
    {
        await using var store = server.OpenForReading(image.Pc);
        var id = ImageId.TryParse(image.Name, out var parsed) ? parsed : throw new RefusedFault("its name is no image's") { Which = image.Name };
        var open = (await ImageReader.OpenAsync(store, id, cancel)).Manifest.Foreign.Select(foreign => foreign.Image).Distinct().FirstOrDefault(other => !ImageId.TryParse(other, out var needed) || !folders.IsFast(needed));
        return open is null ? "" : $"it needs files of {PlainText.Of(open)}, which is not sealed";
    }

    private void Remember(SealedImage entry)
    {
        var subject = $"{entry.Image.Pc}/{entry.Image.Name}";
        if (entry.Trouble.Length == 0) server.Catalogue.Change("image sealed", subject, session => session.SealImage(entry.Image, server.Now));
        // One that is not whole is said once: it is damaged from now on, and not tried again.
        else server.Catalogue.Change("image could not be sealed", subject, session => session.VerifyImage(entry.Image, entry.Trouble, server.Now));
    }

    private async Task<uint> UserAsync(Pc pc, CancellationToken cancel)
    {
        var result = await programs.RunAsync(new ProgramCall("id", "-u", "--", pc.Account), cancel);
        if (!result.Succeeded || !uint.TryParse(result.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var user))
            throw new HostFault("the PC's user is not there") { Which = pc.Account, Found = result.Error.Trim(), Remedy = "'bootserver doctor' says what is missing." };
        return user != 0 ? user : throw new RefusedFault("the PC comes in as root: nothing can be sealed against it") { Which = pc.Name };
    }
}
