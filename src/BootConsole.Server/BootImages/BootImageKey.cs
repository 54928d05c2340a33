// The key pair of one boot image. It is made in memory-backed storage where there is some: a private key that was on a disk can be found there again.
using BootConsole.Host;
using BootConsole.Server.Certificates;

namespace BootConsole.Server.BootImages;

/// <summary>A new key with its certificate.</summary>
/// <param name="Private">The private key, as ssh-keygen writes it.</param>
/// <param name="Certificate">Its certificate.</param>
internal sealed record BootImageKey(byte[] Private, PcCertificate Certificate)
{
    private const string MemoryFolder = "/dev/shm";

    /// <summary>The certificate as a file.</summary>
    internal byte[] CertificateFile => System.Text.Encoding.ASCII.GetBytes(Certificate.Text + "\n");

    /// <summary>Makes one.</summary>
    /// <param name="authority">Signs it.</param>
    /// <param name="programs">Runs ssh-keygen.</param>
    /// <param name="pcName">The PC.</param>
    /// <param name="serial">The boot image's number.</param>
    /// <param name="cancel">Ends the attempt; nothing is left of it.</param>
    internal static async Task<BootImageKey> MakeAsync(UserAuthority authority, IProgramRunner programs, string pcName, long serial, CancellationToken cancel)
    {
        var folder = Path.Combine(Directory.Exists(MemoryFolder) ? MemoryFolder : Path.GetTempPath(), $"bootserver-{Guid.NewGuid():N}");
        LinuxNames.MakePrivateFolder(folder);
        try
        {
            var file = Path.Combine(folder, "id_ed25519");
            await new SshKeygen(programs).MakeKeyAsync(file, UserAuthority.KeyId(pcName, serial), cancel);
            var certificate = await authority.SignAsync(file + ".pub", pcName, serial, cancel);
            return new BootImageKey(await File.ReadAllBytesAsync(file, cancel), certificate);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
