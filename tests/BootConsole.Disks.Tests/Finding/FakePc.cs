// PCs this machine is not: what lsblk, losetup and sysfs say of them.
using System.Globalization;
using System.Text.Json.Nodes;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Finding;

/// <summary>A PC made of canned output. Device nodes can be made for it, so that paths lead to its device numbers.</summary>
internal sealed class FakePc : IProgramRunner, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly JsonArray _devices = [];
    private readonly JsonArray _loops = [];

    public ProgramResult? LsblkResult { get; set; }

    public string Mounts { get; set; } = "";

    internal static JsonObject Device(string name, string number, string type, long size = 1_000_204_886_016, string? mount = null, params JsonNode[] children)
    {
        var points = new JsonArray();
        points.Add(mount is null ? null : JsonValue.Create(mount));
        var device = new JsonObject
        {
            ["kname"] = name.Contains('/', StringComparison.Ordinal) ? name[(name.LastIndexOf('/') + 1)..] : name,
            ["path"] = "/dev/" + name,
            ["maj:min"] = number,
            ["type"] = type,
            ["size"] = size,
            ["log-sec"] = 512,
            ["phy-sec"] = 4096,
            ["model"] = null,
            ["serial"] = null,
            ["wwn"] = null,
            ["tran"] = null,
            ["rm"] = false,
            ["hotplug"] = false,
            ["ro"] = false,
            ["mountpoints"] = points,
        };
        if (children.Length > 0) device["children"] = new JsonArray(children);
        return device;
    }

    internal static JsonObject With(JsonObject device, string name, JsonNode value)
    {
        device[name] = value;
        return device;
    }

    internal FakePc Add(params JsonNode[] devices)
    {
        foreach (var device in devices) _devices.Add(device);
        return this;
    }

    internal FakePc AddLoop(string name, string number, string file, ulong inode, string fileSystem)
    {
        // losetup fills its numbers up with blanks.
        var (device, back) = ($"  {number} ", $"   {fileSystem}  ");
        _loops.Add(new JsonObject { ["name"] = "/dev/" + name, ["maj:min"] = device, ["back-file"] = file, ["back-ino"] = inode, ["back-maj:min"] = back });
        return this;
    }

    internal FakePc AddAttribute(string path, string text) => AddAttribute(path, System.Text.Encoding.UTF8.GetBytes(text));

    internal FakePc AddAttribute(string path, byte[] bytes)
    {
        var file = Path.Combine(_folder.Path, "sys", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return this;
    }

    /// <summary>Makes a link inside of sysfs.</summary>
    internal FakePc AddLink(string path, string target)
    {
        var link = Path.Combine(_folder.Path, "sys", path);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, target);
        return this;
    }

    /// <summary>Makes a device file that leads to a device number.</summary>
    internal string Node(string name, uint major, uint minor)
    {
        SystemTool.Run("mknod", _folder[name], "b", major.ToString(CultureInfo.InvariantCulture), minor.ToString(CultureInfo.InvariantCulture));
        return _folder[name];
    }

    internal async Task<DiskInventory> FindAsync(DiskSurroundings? surroundings = null)
    {
        await File.WriteAllTextAsync(_folder["mountinfo"], Mounts);
        var finder = new DiskFinder(this, Path.Combine(_folder.Path, "sys"), _folder["mountinfo"]);
        return await finder.FindAsync(surroundings ?? new DiskSurroundings(), CancellationToken.None);
    }

    public Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
    {
        if (call.Program == "lsblk" && LsblkResult is not null) return Task.FromResult(LsblkResult);
        var output = call.Program switch
        {
            "lsblk" => new JsonObject { ["blockdevices"] = _devices.DeepClone() }.ToJsonString(),
            "losetup" => _loops.Count == 0 ? "" : new JsonObject { ["loopdevices"] = _loops.DeepClone() }.ToJsonString(),
            _ => throw new InvalidOperationException(call.Program),
        };
        return Task.FromResult(new ProgramResult(0, output, "", TimedOut: false));
    }

    public void Dispose() => _folder.Dispose();
}
