// A server's folder with what network boot needs, made by hand: two authorities, facts, an empty catalogue.
namespace BootConsole.TestKit;

/// <summary>A private server (all PCs come in as root) in a folder that everybody may enter, as the TFTP server's user has to.</summary>
public static class NetworkBootServer
{
    /// <summary>Makes one.</summary>
    /// <param name="folder">A folder that is there.</param>
    public static void Make(string folder)
    {
        SystemTool.Run("chmod", "755", Path.GetDirectoryName(folder)!, folder);
        foreach (var name in (string[])["etc", "ca", "catalogue", "pcs", "bases", "log"]) Directory.CreateDirectory(Path.Combine(folder, name));
        SystemTool.Run("chmod", "700", Path.Combine(folder, "ca"));
        foreach (var authority in (string[])["user", "host"])
        {
            var key = Path.Combine(folder, "ca", authority);
            SystemTool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", authority, "-f", key);
            File.Move(key + ".pub", Path.Combine(folder, "etc", authority + "_ca.pub"));
        }

        File.WriteAllText(Path.Combine(folder, "etc/server.json"), """{"version":1,"host":"backup.example","port":22,"kind":"private","account":"root"}""");
        // The program makes its tables in an empty file.
        File.Create(Path.Combine(folder, "catalogue/catalogue.db")).Dispose();
    }
}
