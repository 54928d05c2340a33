// Names of a folder as READDIR gives them.
namespace BootConsole.Stores.Sftp;

/// <summary>One name.</summary>
internal readonly record struct SftpName(string Name, SftpAttributes Attributes)
{
    /// <summary>Shortest form of one name in a packet: three length or flag fields.</summary>
    private const int SmallestBytes = 12;

    /// <summary>Takes a NAME answer apart: count, then file name, a line for people, attributes.</summary>
    /// <exception cref="SftpBrokenException">It is damaged, or holds no name at all, which would make a listing endless.</exception>
    internal static List<SftpName> TakeAll(ref SftpPacketReader body)
    {
        var count = body.TakeUInt32();
        if (count is 0 or > SftpLimits.PacketBytes / SmallestBytes) throw new SftpBrokenException($"a listing of {count} names in one packet");
        var names = new List<SftpName>();
        for (; count > 0; count--)
        {
            var name = body.TakeText();
            _ = body.TakeBytes();
            names.Add(new SftpName(name, SftpAttributes.Take(ref body)));
        }

        return names;
    }
}
