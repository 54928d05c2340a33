// Random but lawful partition tables, in sfdisk's script language.
using System.Globalization;
using System.Text;

namespace BootConsole.Disks.Tests.Tables;

internal static class RandomTables
{
    private static readonly string[] GptTypes =
    [
        "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "0FC63DAF-8483-4772-8E79-3D69D8477DE4", "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7",
        "E3C9E316-0B5C-4DB8-817D-F92DF00215AE", "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F", "21686148-6449-6E6F-744E-656564454649",
    ];

    private static readonly string[] MbrTypes = ["83", "7", "c", "82", "8e", "fd", "27"];
    private static readonly string[] Names = ["", "EFI system partition", "root", "Größe", "日本語", "a b  c", "0123456789012345678901234567890123456"[..36]];

    /// <summary>A GPT with up to 12 partitions and gaps between some of them.</summary>
    internal static string Gpt(int seed, long sectors)
    {
        var random = new Random(seed);
        var script = new StringBuilder("label: gpt\nfirst-lba: 34\n");
        var position = (long)random.Next(34, 4096);
        for (var count = random.Next(0, 13); count > 0; count--)
        {
            var size = random.NextInt64(1, sectors / 8);
            if (position + size > sectors - 40) break;
            var (type, name) = (random.GetItems(GptTypes, 1)[0], random.GetItems(Names, 1)[0]);
            script.Append(CultureInfo.InvariantCulture, $"start={position}, size={size}, type={type}, name=\"{name}\"\n");
            position += size + (random.Next(2) == 0 ? 0 : random.Next(1, 5000));
        }

        return script.ToString();
    }

    /// <summary>An MBR with up to three primary partitions and, half the time, an extended one with up to eight logical partitions.</summary>
    internal static string Mbr(int seed, long sectors)
    {
        var random = new Random(seed);
        var script = new StringBuilder("label: dos\n");
        var position = (long)random.Next(1, 2049);
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var size = random.NextInt64(1, sectors / 6);
            var flag = count == 1 ? ", bootable" : "";
            script.Append(CultureInfo.InvariantCulture, $"start={position}, size={size}, type={random.GetItems(MbrTypes, 1)[0]}{flag}\n");
            position += size + random.Next(0, 3000);
        }

        if (random.Next(3) == 0) return script.ToString();
        var container = sectors - position - random.Next(0, 1000);
        script.Append(CultureInfo.InvariantCulture, $"start={position}, size={container}, type={random.GetItems(["5", "f", "85"], 1)[0]}\n");
        for (var count = random.Next(1, 9); count > 0; count--)
        {
            position += random.Next(1, 3000);
            var size = random.NextInt64(1, sectors / 20);
            if (position + size > sectors - 1000) break;
            script.Append(CultureInfo.InvariantCulture, $"start={position}, size={size}, type={random.GetItems(MbrTypes, 1)[0]}\n");
            position += size;
        }

        return script.ToString();
    }
}
