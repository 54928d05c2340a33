// What mount(8) is given for an address, and what its words mean.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Stores.Mounts;

namespace BootConsole.Stores.Tests.Mounts;

public sealed class MountCallTests
{
    [Fact]
    public void An_NFS_export_is_mounted_so_that_no_call_waits_for_ever() =>
        Assert.Equal(
            "-t nfs -o rw,nosuid,nodev,noexec,soft,timeo=100,retrans=2,retry=0,nolock,port=2050 [2001:db8::9]:/srv/a b /m",
            Line(MountCall.Of(new NfsAddress("2001:db8::9", 2050, "/srv/a b"), StoreAccess.Write)));

    [Theory]
    [InlineData("", "guest")]
    [InlineData("/etc/bootconsole/nas.credentials", "credentials=/etc/bootconsole/nas.credentials")]
    public void An_SMB_share_is_mounted_with_its_credentials_file_or_as_guest(string file, string login) =>
        Assert.Equal(
            $"-t cifs -o ro,nosuid,nodev,noexec,soft,echo_interval=20,{login} //nas.example/backups/pcs /m",
            Line(MountCall.Of(new SmbAddress("nas.example", 0, "backups", "/pcs") { CredentialsFile = file }, StoreAccess.Read)));

    [Fact]
    public void A_credentials_file_cannot_add_mount_options() =>
        Assert.Throws<UsageFault>(() => MountCall.Of(new SmbAddress("nas", 0, "s", "") { CredentialsFile = "/f,uid=0" }, StoreAccess.Read));

    [Theory]
    [InlineData("ext2", "ext4", "noload", "")]
    [InlineData("ext3", "ext4", "noload", "")]
    [InlineData("ext4", "ext4", "noload", "")]
    [InlineData("xfs", "xfs", "norecovery", "")]
    [InlineData("btrfs", "btrfs", "rescue=nologreplay", "")]
    [InlineData("vfat", "vfat", "", "")]
    [InlineData("exfat", "exfat", "", "")]
    [InlineData("ntfs", "ntfs-3g", "norecover", "norecover")]
    public void Who_reads_a_medium_leaves_its_journal_as_it_is(string fileSystem, string type, string reading, string writing)
    {
        var (read, write) = (MountCall.Of("/dev/sdb1", fileSystem, StoreAccess.Read), MountCall.Of("/dev/sdb1", fileSystem, StoreAccess.Write));
        Assert.Equal($"-t {type} -o {$"ro,nosuid,nodev,noexec,{reading}".TrimEnd(',')} /dev/sdb1 /m", Line(read));
        Assert.Equal($"-t {type} -o {$"rw,nosuid,nodev,noexec,{writing}".TrimEnd(',')} /dev/sdb1 /m", Line(write));
        Assert.Equal((true, false), (read.IsProtected, write.IsProtected));
    }

    [Theory]
    [InlineData("ID_FS_LABEL=a\nID_FS_TYPE=ntfs\n", "ntfs")]
    [InlineData("ID_PART_TABLE_TYPE=gpt\n", "")]
    public void A_medium_s_file_system_is_read(string output, string type) => Assert.Equal(type, LabelSearch.FileSystem(output));

    // Sentences of util-linux 2.38, nfs-utils 2.6 and cifs-utils 7.0.
    [Theory]
    [InlineData("mount.nfs: Connection timed out", typeof(TransportFault), "does not answer")]
    [InlineData("mount.nfs: Failed to resolve server nas: Name or service not known", typeof(TransportFault), "name is not known")]
    [InlineData("mount.nfs: access denied by server while mounting 10.0.2.2:/x", typeof(TransportFault), "refuses the login")]
    [InlineData("mount.nfs: mounting 10.0.2.2:/x failed, reason given by server: No such file or directory", typeof(StoreFault), "no such share")]
    [InlineData("mount error(13): Permission denied\nRefer to the mount.cifs(8) manual page (e.g. man mount.cifs) and kernel log messages (dmesg)", typeof(TransportFault), "refuses the login")]
    [InlineData("mount error(2): No such file or directory", typeof(StoreFault), "no such share")]
    [InlineData("mount error(113): could not connect to 192.0.2.9Unable to find suitable address.", typeof(TransportFault), "does not answer")]
    [InlineData("mount error(111): could not connect to 10.0.2.2Unable to find suitable address.", typeof(TransportFault), "does not answer")]
    [InlineData("mount error: could not resolve address for nas: Unknown error", typeof(TransportFault), "name is not known")]
    [InlineData("mount: /m: unknown filesystem type 'exfat'.", typeof(HostFault), "cannot mount")]
    [InlineData("mount: /m: must be superuser to use mount.", typeof(HostFault), "administrator")]
    [InlineData("mount: /m: wrong fs type, bad option, bad superblock on /dev/sdb1, missing codepage or helper program, or other error.", typeof(StoreFault), "cannot be mounted")]
    [InlineData("mount: /m: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.", typeof(HostFault), "cannot mount")]
    [InlineData("something new\u001b[2J", typeof(StoreFault), "cannot be mounted")]
    public void What_mount_says_becomes_a_named_fault(string words, Type type, string what)
    {
        var fault = MountFaults.From(new LabelAddress("X"), new ProgramResult(32, "", words, TimedOut: false));
        Assert.IsType(type, fault);
        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', fault.Found);
    }

    [Fact]
    public void A_mount_that_takes_too_long_may_be_tried_again() =>
        Assert.True(Assert.IsType<TransportFault>(MountFaults.From(new NfsAddress("h", 0, "/x"), new ProgramResult(137, "", "", TimedOut: true))).MayPass);

    private static string Line(MountCall call) => string.Join(' ', call.Arguments("/m"));
}
