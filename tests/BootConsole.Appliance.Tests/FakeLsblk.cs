// Hardware that no test machine has: an lsblk that lists what the test says.
using System.Text.Json;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>A folder with a program <c>lsblk</c>, to be put in front of PATH.</summary>
internal sealed class FakeLsblk : IDisposable
{
    private readonly TempFolder _folder = new();

    private FakeLsblk(params object[] disks)
    {
        File.WriteAllText(_folder["list.json"], JsonSerializer.Serialize(new Dictionary<string, object> { ["blockdevices"] = disks }));
        var program = _folder["lsblk"];
        File.WriteAllText(program, $"#!/bin/sh\nexec cat '{_folder["list.json"]}'\n");
        SystemTool.Run("chmod", "700", program);
    }

    internal string Folder => _folder.Path;

    /// <summary>A disk /dev/sdz, of which an existing device is shown as the partition.</summary>
    internal static FakeLsblk WithPartition(string device, string model, string serial)
    {
        var disk = Node("sdz", "/dev/sdz", "8:400", "disk", model, serial);
        disk["children"] = new[] { Node(Path.GetFileName(device), device, NumberOf(device), "part", "", "") };
        return new FakeLsblk(disk);
    }

    /// <summary>Two disks that say the same serial number.</summary>
    internal static FakeLsblk WithTwins(string serial) =>
        new(Node("sdy", "/dev/sdy", "8:384", "disk", "Twin", serial), Node("sdz", "/dev/sdz", "8:400", "disk", "Twin", serial));

    public void Dispose() => _folder.Dispose();

    private static string NumberOf(string device) => SystemTool.Run("lsblk", "--noheadings", "--nodeps", "--output", "MAJ:MIN", device).Trim();

    private static Dictionary<string, object?> Node(string name, string path, string number, string type, string model, string serial) => new()
    {
        ["kname"] = name,
        ["path"] = path,
        ["maj:min"] = number,
        ["type"] = type,
        ["size"] = 8 << 20,
        ["log-sec"] = 512,
        ["phy-sec"] = 512,
        ["model"] = model,
        ["serial"] = serial,
        ["wwn"] = null,
        ["tran"] = "sata",
        ["rm"] = false,
        ["hotplug"] = false,
        ["ro"] = false,
        ["mountpoints"] = Array.Empty<string>(),
    };
}
