// Where a medium is made: a folder beside its final name, so that the finished medium only has to be renamed.
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>A private folder beside the target, removed on dispose with all that is left in it. Nothing half-made ever has the final name.</summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>The name under which the medium is made.</summary>
    internal const string Medium = "medium";

    private readonly string _target;

    private Workplace(string folder, string target) => (Folder, _target) = (folder, target);

    /// <summary>Its path.</summary>
    internal string Folder { get; }

    /// <summary>The path of a name in it.</summary>
    internal string this[string name] => Path.Join(Folder, name);

    /// <summary>Looks whether one can be made; writes nothing.</summary>
    /// <param name="target">The final name, not yet taken.</param>
    /// <param name="needBytes">Space that the medium takes.</param>
    /// <exception cref="RefusedFault">The name is taken, its folder is not there or not writable, or there is too little space.</exception>
    internal static void Check(string target, long needBytes) => Free(target, needBytes, (_, _) => true);

    /// <summary>Makes one.</summary>
    /// <inheritdoc cref="Check"/>
    internal static Workplace Make(string target, long needBytes) => Free(target, needBytes, (parent, path) =>
    {
        var folder = Path.Join(parent, $".bootserver-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        LinuxNames.MakePrivateFolder(folder);
        return new Workplace(folder, path);
    });

    private static T Free<T>(string target, long needBytes, Func<string, string, T> then)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (target.Length == 0 || Path.GetDirectoryName(path) is not { } parent) throw new UsageFault("the new medium has no name") { Which = "--out", Found = target };
        try
        {
            using var place = LinuxFolder.Open(parent);
            if (place.Find(Path.GetFileName(path)) is not null) throw Taken(path, null);
            var space = place.FindSpace();
            if (space.IsReadOnly) throw new RefusedFault("the medium cannot be made there") { Which = path, Found = "a file system that is mounted read-only", Remedy = "Give another place by --out." };
            if (space.Free < needBytes)
                throw new RefusedFault("there is too little space for the medium") { Which = parent, Expected = $"{ByteSize.Format(needBytes)} free", Found = ByteSize.Format(space.Free), Remedy = "Make room there, or give another place by --out." };
            return then(parent, path);
        }
        catch (SystemCallException refusal)
        {
            throw new RefusedFault("the medium cannot be made there", refusal) { Which = path, Found = refusal.Message, Remedy = "Give a file name in a folder that is there and writable, by --out." };
        }
    }

    /// <summary>Gives a file elsewhere a plain name in the folder.</summary>
    internal void Link(string name, string file) => File.CreateSymbolicLink(this[name], Path.GetFullPath(file));

    /// <summary>Bytes of a file, links followed.</summary>
    /// <param name="file">A name in the folder, or a path.</param>
    internal long LengthOf(string file)
    {
        using var open = LinuxFile.Open(Path.Combine(Folder, file), OpenFor.Reading);
        return open.Length;
    }

    /// <summary>Writes a file of the folder.</summary>
    internal void Write(string name, ReadOnlySpan<byte> content)
    {
        using var file = LinuxFile.Open(this[name], OpenFor.Writing | OpenFor.CreateNew);
        file.WriteAt(0, content);
    }

    /// <summary>Waits until the medium is on the disk.</summary>
    internal void Flush() => Flush(this[Medium]);

    /// <summary>Gives the medium its final name.</summary>
    /// <exception cref="RefusedFault">Somebody else took the name meanwhile.</exception>
    internal void Publish()
    {
        try
        {
            LinuxNames.RenameWithoutReplacing(this[Medium], _target);
        }
        catch (SystemCallException refusal) when (refusal.Error == Errno.EEXIST)
        {
            throw Taken(_target, refusal);
        }

        LinuxNames.FlushFolder(Path.GetDirectoryName(_target)!);
    }

    /// <summary>Takes the final name away again; the medium goes with the folder.</summary>
    internal void Withdraw()
    {
        LinuxNames.RenameWithoutReplacing(_target, this[Medium]);
        LinuxNames.FlushFolder(Path.GetDirectoryName(_target)!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // What ended the build says more than this; the folder's name tells whose it is.
        }
    }

    private static void Flush(string path)
    {
        if (!Directory.Exists(path))
        {
            using var file = LinuxFile.Open(path, OpenFor.Reading);
            file.Flush();
            return;
        }

        foreach (var below in Directory.EnumerateFileSystemEntries(path)) Flush(below);
        LinuxNames.FlushFolder(path);
    }

    private static RefusedFault Taken(string path, Exception? cause) => new("something has this name already, and is not overwritten", cause)
    {
        Which = path,
        Remedy = "Remove it, or give another name by --out. A stick is written by --write, after the file was made.",
    };
}
