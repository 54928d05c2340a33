// The contract, held behind SFTP: a bare sftp-server, a plain sshd, and an sshd as a service provider runs it.
using BootConsole.Stores.Sftp;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Contract;

public sealed class SftpServerChildContract : FolderBackedContract
{
    private protected override Task<StorePlace> MakePlaceAsync()
    {
        var folder = new TempFolder();
        return Task.FromResult(new StorePlace(
            async () => await SftpStore.OpenChildAsync("/usr/lib/openssh/sftp-server", [], folder.Path, StoreAccess.Write, IfMissing.Refuse, None),
            folder.Path,
            () =>
            {
                folder.Dispose();
                return ValueTask.CompletedTask;
            }));
    }
}

/// <summary>One plain sshd for all tests of a class: keys by list, sftp-server, this user.</summary>
public class PlainSshd : IAsyncLifetime
{
    public PrivateSshd Server { get; private set; } = null!;

    private protected virtual SshdOptions Options => new();

    public async Task InitializeAsync() => Server = await PrivateSshd.StartAsync(Options);

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>One sshd as a provider runs it: nobody's account in a chroot, internal-sftp, host and user certificates.</summary>
public sealed class ProviderSshd : PlainSshd
{
    private protected override SshdOptions Options => new() { Chroot = true, HostCertificate = true, UserCertificate = true };
}

public abstract class SshdContract(PrivateSshd server) : FolderBackedContract
{
    private protected override async Task<StorePlace> MakePlaceAsync()
    {
        var name = "s-" + Guid.NewGuid().ToString("N")[..8];
        var folder = System.IO.Path.Combine(server.StoreFolder, name);
        Directory.CreateDirectory(folder);
        await SystemTool.RunAsync("chown", server.User, folder);
        return new StorePlace(
            async () => await SftpStore.OpenAsync(server.Address(server.Address().Path + "/" + name), server.Settings, StoreAccess.Write, IfMissing.Refuse, None),
            folder,
            () =>
            {
                Directory.Delete(folder, recursive: true);
                return ValueTask.CompletedTask;
            });
    }
}

public sealed class PlainSshdContract(PlainSshd sshd) : SshdContract(sshd.Server), IClassFixture<PlainSshd>;

public sealed class ProviderSshdContract(ProviderSshd sshd) : SshdContract(sshd.Server), IClassFixture<ProviderSshd>;
