// Where tests put files: a mounted file system, or a FAT image that only mtools can open here.
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>Files under names, as an ageing test writes and checks them.</summary>
public interface IFileTree
{
    /// <summary>Makes a folder.</summary>
    void MakeFolder(string name);

    /// <summary>Writes a file, over the old one if there is one.</summary>
    void Put(string name, byte[] content);

    /// <summary>Removes a file.</summary>
    void Remove(string name);

    /// <summary>Reads a file.</summary>
    byte[] Get(string name);
}

/// <summary>A folder of the kernel's.</summary>
public sealed class FolderTree(string path) : IFileTree
{
    public void MakeFolder(string name) => Directory.CreateDirectory(Path.Combine(path, name));

    public void Put(string name, byte[] content) => File.WriteAllBytes(Path.Combine(path, name), content);

    public void Remove(string name) => File.Delete(Path.Combine(path, name));

    public byte[] Get(string name) => File.ReadAllBytes(Path.Combine(path, name));
}

/// <summary>A FAT image through mtools.</summary>
public sealed class MtoolsTree(string image) : IFileTree, IDisposable
{
    private readonly TempFolder _folder = new();

    public void MakeFolder(string name) => SystemTool.Run("mmd", "-i", image, $"::{name}");

    public void Put(string name, byte[] content)
    {
        File.WriteAllBytes(_folder["file"], content);
        SystemTool.Run("mcopy", "-o", "-i", image, _folder["file"], $"::{name}");
    }

    public void Remove(string name) => SystemTool.Run("mdel", "-i", image, $"::{name}");

    public byte[] Get(string name)
    {
        SystemTool.Run("mcopy", "-n", "-o", "-i", image, $"::{name}", _folder["file"]);
        return File.ReadAllBytes(_folder["file"]);
    }

    public void Dispose() => _folder.Dispose();
}
