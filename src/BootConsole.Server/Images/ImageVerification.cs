// Reads images back without keys, several at once, and writes down what was found.
using BootConsole.Core;
using BootConsole.Jobs;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Images;

/// <summary>What a verification of one image found.</summary>
/// <param name="Image">The image.</param>
/// <param name="Bytes">Stored bytes that were read.</param>
/// <param name="Damage">The file and what is wrong with it; empty when all is well.</param>
/// <param name="IsUnclear">True when it could not be read to its end: nothing is known then.</param>
internal sealed record VerifiedImage(StoredImage Image, long Bytes, string Damage, bool IsUnclear = false);

/// <summary>Verifies images of stores.</summary>
internal sealed class ImageVerification(ServerImages server)
{
    private const int MostAtOnce = 4;
    private readonly Lock _lock = new();
    private readonly List<JobContext> _running = [];
    private long _doneBytes;
    private int _doneImages;

    /// <summary>How many images and bytes are done.</summary>
    internal (int Images, long Bytes) Done
    {
        get { lock (_lock) return (_doneImages, _doneBytes + _running.Sum(context => context.Progress.DoneBytes)); }
    }

    /// <summary>Reads every stored file of each image, those of others that it needs included, and holds it against length and SHA-256.</summary>
    /// <returns>One entry an image, in their order.</returns>
    internal async Task<IReadOnlyList<VerifiedImage>> RunAsync(IReadOnlyList<StoredImage> images, CancellationToken cancel)
    {
        var results = new VerifiedImage[images.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(MostAtOnce, Environment.ProcessorCount), CancellationToken = cancel };
        await Parallel.ForAsync(0, images.Count, options, async (i, token) => results[i] = await VerifyAsync(images[i], token));
        return results;
    }

    private async ValueTask<VerifiedImage> VerifyAsync(StoredImage image, CancellationToken cancel)
    {
        var context = server.MakeContext();
        lock (_lock) _running.Add(context);
        var result = await ReadAsync(context, image, cancel);
        lock (_lock)
        {
            _running.Remove(context);
            (_doneImages, _doneBytes) = (_doneImages + 1, _doneBytes + context.Progress.DoneBytes);
            if (!result.IsUnclear) Remember(image, result.Damage);
        }

        return result;
    }

    private async Task<VerifiedImage> ReadAsync(JobContext context, StoredImage image, CancellationToken cancel)
    {
        try
        {
            if (!ImageId.TryParse(image.Name, out var id)) return new VerifiedImage(image, 0, "its name is no image's");
            await using var store = server.OpenForReading(image.Pc);
            var result = await new VerifyJob(context, store).RunKeylessAsync(id, cancel);
            return new VerifiedImage(image, result.StoredBytes, "");
        }
        catch (CorruptFault damage)
        {
            return new VerifiedImage(image, 0, PlainText.Of(FaultSentence.Of(damage)));
        }
        catch (Fault trouble)
        {
            return new VerifiedImage(image, 0, PlainText.Of(FaultSentence.Of(trouble)), IsUnclear: true);
        }
    }

    // Damage is an event; that all is well, as it should be, is not.
    private void Remember(StoredImage image, string damage)
    {
        if (damage.Length == 0) server.Catalogue.Remember(session => session.VerifyImage(image, "", server.Now));
        else server.Catalogue.Change("image found damaged", $"{image.Pc}/{image.Name}", session => session.VerifyImage(image, damage, server.Now));
    }
}
