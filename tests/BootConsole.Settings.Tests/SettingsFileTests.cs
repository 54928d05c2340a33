// Settings files as files: loaded, missing, endless, broken.
using System.Text;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Settings.Tests;

public sealed class SettingsFileTests
{
    [Fact]
    public void A_file_is_loaded()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["pc.toml"], Golden.Whole);
        Assert.Equal("office-pc", SettingsFile.Load(folder["pc.toml"]).Pc.Name);
    }

    [Fact]
    public void A_broken_file_is_a_usage_fault_that_lists_all_errors()
    {
        using var folder = new TempFolder();
        var path = folder["pc.toml"];
        File.WriteAllText(path, "[pc]\nvlan = 0\n");
        var fault = Assert.Throws<UsageFault>(() => SettingsFile.Load(path));
        Assert.Equal(
            $"{path} has 2 errors; nothing was started:\n{path}:1:2: pc.name: is missing; expected 1 to 60 of the characters A-Z a-z 0-9 . - (not . or - first)\n"
            + $"{path}:2:8: pc.vlan: 0 is out of range; expected a whole number from 1 to 4094",
            fault.Message);
        Assert.Equal($"Correct the file, then try it with: bootconsole check-config {path}", fault.Remedy);
    }

    [Fact]
    public void More_than_a_hundred_errors_are_counted_in_the_fault()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["pc.toml"], "[pc]\nname = \"a\"\n" + string.Concat(Enumerable.Range(0, 130).Select(index => $"k{index} = 1\n")));
        var fault = Assert.Throws<UsageFault>(() => SettingsFile.Load(folder["pc.toml"]));
        Assert.EndsWith("\n(and 30 more)", fault.Message, StringComparison.Ordinal);
        Assert.Equal(102, fault.Message.Split('\n').Length);
    }

    [Fact]
    public void A_file_that_is_not_TOML_is_told_by_its_first_error()
    {
        Assert.Equal("pc.toml:2:8: expected a value, found the end of the line", Assert.Single(Golden.Check("[pc]\nname = \nvlan = = 1\n").Errors).ToString());
        Assert.Equal("pc.toml:1:1: expected UTF-8, found a byte that cannot be part of it", Assert.Single(SettingsFile.Check([0xFF, 0xFE, 0x5B, 0], "pc.toml").Errors).ToString());
    }

    [Fact]
    public void A_file_that_is_missing_a_folder_or_endless_is_a_usage_fault()
    {
        using var folder = new TempFolder();
        Assert.Equal(folder["none.toml"], Assert.Throws<UsageFault>(() => SettingsFile.Load(folder["none.toml"])).Which);
        Assert.Equal(folder.Path, Assert.Throws<UsageFault>(() => SettingsFile.Load(folder.Path)).Which);
        Assert.Throws<UsageFault>(() => SettingsFile.Load(""));
        const string tooLong = "the file has more than 1048576 bytes, the most that settings may have";
        Assert.Contains(tooLong, Assert.Throws<UsageFault>(() => SettingsFile.Load("/dev/zero")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_and_Windows_line_ends_are_taken()
    {
        var text = Encoding.UTF8.GetBytes(Golden.Whole.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal("office-pc", SettingsFile.Check([0xEF, 0xBB, 0xBF, .. text], "pc.toml").Settings!.Pc.Name);
    }
}
