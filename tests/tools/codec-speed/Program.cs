// codec-speed FILE [ROUNDS]: megabytes per second of one core for each step of the codec, next to `zstd -b` in the same run.
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using BootConsole.Codec;
using BootConsole.Host;

if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: codec-speed FILE [ROUNDS]");
    return 64;
}

var content = File.ReadAllBytes(args[0]);
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
var zeros = new byte[64 << 20];

Report("SHA-256", Fastest(content.Length, () => SHA256.HashData(content)));
Report("search for other bytes than zero", Fastest(zeros.Length, () => UniformBytes.AreZero(zeros)));
foreach (var (level, chunkBytes) in new[] { (1, 1 << 20), (3, 1 << 20), (9, 1 << 20), (3, 2 << 20), (3, 4 << 20) })
    await CompareZstd(level, chunkBytes);
return 0;

async Task CompareZstd(int level, int chunkBytes)
{
    using var zstd = new ZstdTransform(level);
    var buffer = new byte[zstd.MaxApplied(chunkBytes)];
    var plain = new byte[chunkBytes];
    double apply = 0, peer = 0;
    long storedBytes = 0, peerBytes = 0;
    var frames = new List<byte[]>();
    // The two take turns, so that a busy neighbour slows both.
    for (var round = 0; round < rounds; round++)
    {
        frames.Clear();
        var watch = new Stopwatch();
        for (var start = 0; start < content.Length; start += chunkBytes)
        {
            var chunk = content.AsSpan(start, Math.Min(chunkBytes, content.Length - start));
            watch.Start();
            var count = zstd.Apply(chunk, buffer);
            watch.Stop();
            frames.Add(buffer[..count]);
        }

        apply = Math.Max(apply, Rate(content.Length, watch));
        storedBytes = frames.Sum(frame => (long)frame.Length);
        var result = await new ProgramRunner().RunAsync(new ProgramCall("zstd", $"-b{level}", $"-B{chunkBytes >> 10}K", "-i2", "-q", args[0]), CancellationToken.None);
        // "-3#file : 629145600 -> 224047253 (x2.808), 228.8 MB/s, 1132.8 MB/s"; -q prints the last line only, as "3 224047253 (2.808) 228.80 MB/s 1132.8 MB/s file".
        var words = (result.Output + result.Error).Replace('\r', '\n').Split(['\n', ' ', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries);
        var units = words.Index().Where(word => word.Item == "MB/s").Select(word => double.Parse(words[word.Index - 1], CultureInfo.InvariantCulture)).ToArray();
        peer = Math.Max(peer, units[^2]);
        peerBytes = words.Select(word => long.TryParse(word, out var number) && number > 1000 && number != content.Length ? number : 0).Max();
    }

    var undo = Fastest(content.Length, () =>
    {
        var start = 0;
        foreach (var frame in frames)
        {
            zstd.Undo(frame, plain.AsSpan(0, Math.Min(chunkBytes, content.Length - start)));
            start += chunkBytes;
        }
    });
    Report($"zstd -{level}, chunks of {chunkBytes >> 20} MiB: apply", apply, $"ratio {(double)content.Length / storedBytes:0.000}");
    Report($"  zstd -b{level} -B{chunkBytes >> 20}M", peer, $"ratio {(double)content.Length / peerBytes:0.000}; ours is {apply / peer:0.000} of its speed");
    Report("  undo", undo);
}

double Fastest(long bytes, Action work)
{
    double best = 0;
    for (var round = 0; round < rounds; round++)
    {
        var watch = Stopwatch.StartNew();
        work();
        best = Math.Max(best, Rate(bytes, watch));
    }

    return best;
}

static double Rate(long bytes, Stopwatch watch) => bytes / 1e6 / watch.Elapsed.TotalSeconds;

static void Report(string what, double rate, string note = "") => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {rate,8:0} MB/s  {note}"));
