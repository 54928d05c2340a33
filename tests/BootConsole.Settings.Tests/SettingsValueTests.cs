// What right values become.
using System.Globalization;
using System.Net;
using BootConsole.Core;

namespace BootConsole.Settings.Tests;

public sealed class SettingsValueTests
{
    private const string HostKey = "@cert-authority * ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwYY1QtU3Z9zmEiQH8VtxwMvyJkyDEI30WKCRSDmB88";
    private const string Recipient = "age18z4csaz25qwwej8ugalzx0qc6kktgttqe94lr3t8kzdecqpke40s4n4yje";

    private static readonly ApplianceSettings Whole = Golden.Settings(Golden.Whole);

    private static ApplianceSettings With(string from, string to) => Golden.Settings(Golden.Changed(from, to));

    [Fact]
    public void The_PC_is_read()
    {
        var pc = Whole.Pc;
        Assert.Equal(("office-pc", 12, "de-latin1", "Europe/Berlin"), (pc.Name, pc.Vlan, pc.Keyboard, pc.TimeZone));
        Assert.Equal(new StaticAddress(IPAddress.Parse("192.0.2.17"), 24, IPAddress.Parse("192.0.2.1")), pc.Address);
        Assert.Equal([IPAddress.Parse("192.0.2.53"), IPAddress.Parse("2001:db8::53")], pc.Dns);
    }

    [Fact]
    public void The_server_is_read_and_its_values_alone_count()
    {
        Assert.Equal(new SftpAddress("office-pc", "backup.example", 2222, "/store"), Whole.Server!.Address);
        var ssh = Whole.Server.Ssh;
        Assert.Equal((true, "/etc/bootconsole/id_ed25519", "relay@relay.example:22", ""), (ssh.OnlyTheseValues, ssh.IdentityFile, ssh.Jump, ssh.KnownHostsFile));
        Assert.Equal([HostKey], ssh.KnownHostsLines);
    }

    [Fact]
    public void The_backup_is_read()
    {
        var backup = Whole.Backup!;
        Assert.Equal(("server", "nightly", BackupKind.Incremental, null, (byte)0), (backup.Store, backup.Name, backup.Kind, backup.Level, backup.Pad));
        Assert.Equal([new SerialDisk("S4EVNF0M"), new WwnDisk("0x5002538e40a1b2c3")], backup.Disks);
        Assert.Equal((6_250_000L, true, TimeSpan.FromHours(12)), (backup.LimitBytesPerSecond, backup.Verify, backup.RetryFor));
        Assert.Equal(new RecipientsEncryption([Recipient], "/etc/bootconsole/table.key"), backup.Encryption);
        Assert.Equal([new SegmentRate(1_250_000, 16 << 20), new SegmentRate(null, 1 << 30)], backup.SegmentByRate);
    }

    [Fact]
    public void The_restore_and_the_job_are_read()
    {
        var restore = Whole.Restore!;
        Assert.Equal(("nas", "latest", true), (restore.Store, restore.Image, restore.OnlyDifferences));
        Assert.Equal([new RestoreDisk(0, new SerialDisk("S4EVNF0M"))], restore.Disks);
        Assert.Equal(["S4EVNF0M"], restore.Overwrite);
        Assert.Equal(new IdentityKey("/etc/bootconsole/restore.key", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), restore.Key);
        Assert.Equal(
            new JobSettings
            {
                Action = JobAction.Backup,
                At = new StartAtClock(new TimeOnly(2, 0)),
                Jitter = TimeSpan.FromMinutes(30),
                Afterwards = JobEnd.PowerOff,
                OnFailure = JobFailure.Retry,
                CountdownSeconds = 15,
            },
            Whole.Job);
    }

    [Fact]
    public void Only_the_name_is_needed_and_the_rest_has_the_documented_defaults()
    {
        var settings = Golden.Settings("[pc]\nname = \"x\"\n[backup]\n");
        Assert.Equal(new DhcpAddress(), settings.Pc.Address);
        Assert.Equal(("us", "UTC", null), (settings.Pc.Keyboard, settings.Pc.TimeZone, settings.Pc.Vlan));
        Assert.Empty(settings.Pc.Dns);
        Assert.Equal((null, null), (settings.Server, settings.Restore));
        Assert.Empty(settings.Storages);
        Assert.Equal(new JobSettings { Action = JobAction.Menu, At = new StartNow(), CountdownSeconds = 15 }, settings.Job);
        var backup = settings.Backup!;
        Assert.Equal(("", "backup", BackupKind.Full, null, (byte)0, 0L), (backup.Store, backup.Name, backup.Kind, backup.Level, backup.Pad, backup.LimitBytesPerSecond));
        Assert.Equal((null, false, TimeSpan.FromHours(12)), (backup.Encryption, backup.Verify, backup.RetryFor));
        Assert.Equal([new SegmentRate(1_250_000, 16 << 20), new SegmentRate(12_500_000, 64 << 20), new SegmentRate(125_000_000, 256 << 20), new SegmentRate(null, 1 << 30)], backup.SegmentByRate);
        Assert.Null(Golden.Settings("[pc]\nname = \"x\"").Backup);
    }

    [Theory]
    [InlineData("smb://nas/backups", "smb://nas/backups")]
    [InlineData("smb://nas.example:4450/a%20b/c/d/", "smb://nas.example:4450/a b/c/d")]
    public void An_SMB_share_is_read_with_its_credentials(string url, string address)
    {
        var storage = With("smb://nas.example/backups/pcs", url).Store("nas");
        Assert.Equal((address, "/etc/bootconsole/nas.credentials"), (storage.ToString(), Assert.IsType<SmbAddress>(storage.Place).CredentialsFile));
    }

    [Fact]
    public void Every_kind_of_storage_is_read()
    {
        StorageTarget Storage(string url) => With("label:BACKUP", url).Store("usb");
        Assert.Equal(new MountStorage(new LabelAddress("My disk")), Storage("label:My disk"));
        Assert.Equal(new MountStorage(new NfsAddress("192.0.2.9", 0, "/backups")), Storage("nfs://192.0.2.9/backups"));
        Assert.Equal(new MountStorage(new NfsAddress("2001:db8::9", 2049, "/srv/b")), Storage("nfs://[2001:db8::9]:2049/srv/b"));
        Assert.Equal("nfs://[2001:db8::9]:2049/srv/b", Storage("nfs://[2001:db8::9]:2049/srv/b").ToString());
        Assert.Equal(new FolderStorage(new DirectoryAddress("/mnt/backup")), Storage("/mnt/backup"));
        var sftp = Assert.IsType<SftpStorage>(With("label:BACKUP\"", $"sftp://x@second.example/~/b\"\nhost_keys = [\"{HostKey}\"]\nidentity = \"/k\"").Store("usb"));
        Assert.Equal(new SftpAddress("x", "second.example", 0, "/~/b"), sftp.Address);
        Assert.Equal((true, "/k", HostKey), (sftp.Ssh.OnlyTheseValues, sftp.Ssh.IdentityFile, Assert.Single(sftp.Ssh.KnownHostsLines)));
    }

    [Fact]
    public void A_store_is_found_by_its_name()
    {
        Assert.Equal(["server", "nas", "usb"], Whole.StoreNames);
        Assert.Equal(Whole.Server!.Address, Assert.IsType<SftpStorage>(Whole.Store("server")).Address);
        var fault = Assert.Throws<UsageFault>(() => Whole.Store("cloud"));
        Assert.Equal(("cloud", "server, nas, usb"), (fault.Which, fault.Expected));
        Assert.Equal("a [server] or [[storage]] table", Assert.Throws<UsageFault>(() => Golden.Settings("[pc]\nname = \"x\"").Store("server")).Expected);
    }

    [Fact]
    public void The_time_to_begin_has_four_forms()
    {
        JobStart Start(string at) => With("at = \"02:00\"\njitter = \"30 min\"", $"at = \"{at}\"").Job.At;
        Assert.Equal(new StartNow(), Start("now"));
        Assert.Equal(new StartAtClock(new TimeOnly(23, 59)), Start("23:59"));
        var day = new DateTime(2028, 2, 29, 2, 3, 4, DateTimeKind.Unspecified);
        Assert.Equal(new StartAtLocal(day), Start("2028-02-29T02:03:04"));
        Assert.Equal(new StartAtLocal(day.AddSeconds(-4)), Start("2028-02-29 02:03"));
        Assert.Equal(new StartAtInstant(new DateTimeOffset(day, TimeSpan.Zero)), Start("2028-02-29T02:03:04Z"));
        Assert.Equal(new StartAtInstant(new DateTimeOffset(day.AddSeconds(-4), TimeSpan.FromHours(-5.5))), Start("2028-02-29T02:03-05:30"));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("0000-01-01T00:00:00")]
    [InlineData("2028-02-29T02:03:04+14:01")]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("2028-02-29")]
    [InlineData("02:03:04")]
    [InlineData("")]
    public void A_time_that_no_clock_can_wait_for_is_refused(string at) =>
        Assert.Null(Golden.Check(Golden.Changed("at = \"02:00\"", $"at = \"{at}\"")).Settings);

    [Theory]
    [InlineData("90 s", "90 s")]
    [InlineData("90s", "90 s")]
    [InlineData("120 min", "2 h")]
    [InlineData("0 s", "0 s")]
    [InlineData("365 d", "365 d")]
    [InlineData("24 h", "1 d")]
    public void A_duration_is_read_and_written(string text, string written) =>
        Assert.Equal(written, DurationText.Format(With("retry_for = \"12 h\"", $"retry_for = \"{text}\"").Backup!.RetryFor));

    [Theory]
    [InlineData("2001:db8::17/64\"\ngateway = \"fe80::1")]
    [InlineData("2001:db8::17/64\"\ngateway = \"2001:db8::1")]
    [InlineData("198.51.100.1/31\"\ngateway = \"198.51.100.0")]
    [InlineData("10.0.0.1/8\"\ngateway = \"10.255.255.254")]
    [InlineData("172.16.4.0/22\"\ngateway = \"172.16.4.1", false)]
    [InlineData("172.16.5.0/22\"\ngateway = \"172.16.4.1")]
    [InlineData("172.16.7.255/22\"\ngateway = \"172.16.4.1", false)]
    [InlineData("2001:db8::17/129\"\ngateway = \"fe80::1", false)]
    [InlineData("192.0.2.17/24 \"\ngateway = \"192.0.2.1", false)]
    [InlineData("192.0.2.17/024\"\ngateway = \"192.0.2.1", false)]
    [InlineData("0x7f.1/8\"\ngateway = \"192.0.2.1", false)]
    public void An_address_is_one_of_a_host_and_its_gateway_is_in_its_network(string address, bool isRight = true) =>
        Assert.Equal(isRight, Golden.Check(Golden.Changed("192.0.2.17/24\"\ngateway = \"192.0.2.1", address)).Settings is not null);

    [Fact]
    public void Disks_of_a_restore_are_numbered_when_there_are_several()
    {
        var restore = With("disks = [\"serial:S4EVNF0M\"]\noverwrite = [\"S4EVNF0M\"]", "disks = [\"1=wwn:eui.01\", \"0=serial:A\"]\noverwrite = [\"B\", \"A\"]").Restore!;
        Assert.Equal([new RestoreDisk(1, new WwnDisk("eui.01")), new RestoreDisk(0, new SerialDisk("A"))], restore.Disks);
        Assert.Equal(new RestoreDisk(2, new PathDisk("/dev/sda=1")), Assert.Single(With("disks = [\"serial:S4EVNF0M\"]", "disks = [\"2=/dev/sda=1\"]").Restore!.Disks));
    }

    [Fact]
    public void The_other_ways_to_encrypt_and_to_open_are_read()
    {
        const string keys = "encryption = \"recipients\"\nrecipients = [\"" + Recipient + "\"]\ntable_key = \"/etc/bootconsole/table.key\"";
        Assert.Equal(new NoEncryption(), With(keys, "encryption = \"none\"").Backup!.Encryption);
        Assert.Equal(new PasswordEncryption("/etc/pw"), With(keys, "encryption = \"password\"\npassword_file = \"/etc/pw\"").Backup!.Encryption);
        var start = Golden.Whole.IndexOf("identity = \"/etc/bootconsole/restore.key\"", StringComparison.Ordinal);
        var restoreKeys = Golden.Whole[start..Golden.Whole.IndexOf("\n[job]", StringComparison.Ordinal)];
        Assert.Equal(new PasswordKey("/etc/pw"), With(restoreKeys, "password_file = \"/etc/pw\"\n").Restore!.Key);
        Assert.Equal(new IdentityKey("/k", ""), With(restoreKeys, "identity = \"/k\"\n").Restore!.Key);
        Assert.Null(With(restoreKeys, "").Restore!.Key);
    }

    [Fact]
    public void A_server_may_be_known_by_another_name()
    {
        const string Jump = "jump = \"relay@relay.example:22\"";
        Assert.Equal("store.example", With(Jump, "host_key_alias = \"store.example\"").Server!.Ssh.HostKeyAlias);
        Assert.Equal("", With(Jump, "host_key_alias = \"\"").Server!.Ssh.HostKeyAlias);
        var sftp = Assert.IsType<SftpStorage>(With("label:BACKUP\"", $"sftp://x@second.example/\"\nhost_keys = [\"{HostKey}\"]\nhost_key_alias = \"nas\"\nidentity = \"/k\"").Store("usb"));
        Assert.Equal("nas", sftp.Ssh.HostKeyAlias);
    }

    [Fact]
    public void Recipients_made_by_age_are_taken_and_each_single_mistyped_character_is_found()
    {
        foreach (var place in Enumerable.Range(4, Recipient.Length - 4))
        {
            var typo = Recipient[..place] + (Recipient[place] == 'q' ? 'p' : 'q') + Recipient[(place + 1)..];
            Assert.Equal("is mistyped: its checksum is wrong", Reading.AgeRecipient.Parse(typo, out _));
        }

        Assert.Null(Reading.AgeRecipient.Parse(Recipient, out _));
        Assert.Null(Reading.AgeRecipient.Parse("age10zdw70ucrv3zw4antkfeqqnx2rqvqyhjgv3j3572exj7qg66msuq9yzu0z", out _));
        Assert.NotNull(Reading.AgeRecipient.Parse(Recipient.ToUpper(CultureInfo.InvariantCulture), out _));
    }

    [Fact]
    public void Links_and_new_names_of_time_zones_are_known()
    {
        foreach (var zone in (string[])["UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "Europe/Kiev", "Europe/Kyiv", "Asia/Calcutta"])
            Assert.Equal(zone, With("Europe/Berlin", zone).Pc.TimeZone);
    }
}
