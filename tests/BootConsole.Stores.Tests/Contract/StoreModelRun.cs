// A store against the plainest model of one: a dictionary.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Contract;

/// <summary>Does the same random steps to a store and to a model, and compares every outcome and, at the end, every byte.</summary>
internal sealed class StoreModelRun(IDeleteStore store, int seed)
{
    private static readonly string[] Folders = ["", "a", "a/b"];
    private readonly Random _random = new(seed);
    private readonly Dictionary<StorePath, byte[]> _files = [];
    private readonly HashSet<StorePath> _folders = [StorePath.Top];

    internal async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var expected = StoreProblem.Other;
            Func<Task>? act = null;
            var mayWork = ChooseStep(ref expected, ref act);
            var fault = await Record.ExceptionAsync(act!);
            Assert.True(mayWork ? fault is null : fault is StoreFault store && store.Problem == expected, $"step {step}: {(mayWork ? "works" : expected)}, but {fault}");
        }

        await CompareAsync();
    }

    private bool ChooseStep(ref StoreProblem expected, ref Func<Task>? act)
    {
        var (from, to) = TwoNamesInOneFolder();
        var bytes = RandomBytes.Of(_random.Next(), _random.Next(3) == 0 ? _random.Next(300_000) : _random.Next(50));
        switch (_random.Next(7))
        {
            case 0:
                act = () => StoreBytes.WriteAsync(store, from, bytes);
                expected = !_folders.Contains(from.Folder) ? StoreProblem.Missing : StoreProblem.Exists;
                return _folders.Contains(from.Folder) && _files.TryAdd(from, bytes);
            case 1:
                act = () => store.ReplaceAsync(from, bytes, CancellationToken.None);
                expected = StoreProblem.Missing;
                if (!_folders.Contains(from.Folder)) return false;
                _files[from] = bytes;
                return true;
            case 2:
                act = () => store.RemoveAsync(from, CancellationToken.None);
                _files.Remove(from);
                return true;
            case 3:
                act = () => store.RenameAsync(from, to, CancellationToken.None);
                return MoveInModel(from, to, ref expected);
            case 4:
                var length = _files.GetValueOrDefault(from)?.Length ?? 0;
                act = () => store.PublishAsync(from, to, length, CancellationToken.None);
                return MoveInModel(from, to, ref expected);
            case 5:
                act = () => store.CreateFolderAsync(from.Folder, CancellationToken.None);
                for (var folder = from.Folder; folder != StorePath.Top; folder = folder.Folder) _folders.Add(folder);
                return true;
            default:
                var words = bytes[..Math.Min(bytes.Length, 40)];
                act = () => store.RewriteAsync(from, words, CancellationToken.None);
                expected = StoreProblem.Missing;
                if (!_files.TryGetValue(from, out var old)) return false;
                _files[from] = [.. words, .. old.Skip(words.Length)];
                return true;
        }
    }

    private bool MoveInModel(StorePath from, StorePath to, ref StoreProblem expected)
    {
        expected = !_files.ContainsKey(from) ? StoreProblem.Missing : StoreProblem.Exists;
        if (!_files.TryGetValue(from, out var bytes) || _files.ContainsKey(to)) return false;
        _files.Remove(from);
        _files.Add(to, bytes);
        return true;
    }

    private (StorePath From, StorePath To) TwoNamesInOneFolder()
    {
        var folder = StorePath.Of(Folders[_random.Next(Folders.Length)]);
        var from = _random.Next(6);
        return (folder / $"file-{from}", folder / $"file-{(from + 1 + _random.Next(5)) % 6}");
    }

    private async Task CompareAsync()
    {
        foreach (var folder in _folders)
        {
            var names = _files.Keys.Concat(_folders.Where(path => path != StorePath.Top)).Where(path => path.Folder == folder).Select(path => path.Name);
            var listed = (await store.ListAsync(folder, CancellationToken.None)).Select(entry => entry.Name);
            Assert.Equal(names.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        }

        foreach (var (path, bytes) in _files) Assert.Equal(bytes, await StoreBytes.ReadAllAsync(store, path));
    }
}
