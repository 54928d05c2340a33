// Users held to their contracts' space: what the commands ask of the programs for quotas, from the first to the last of a PC. A kernel with quotas is in the tests of virtual PCs.
using System.Text.Json;
using BootConsole.Server.Tests.Images;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Stores;

public sealed class QuotaTests : IDisposable
{
    private const string Folder = "/opt/quota";

    // They keep what they are told: setquota's limits in a file for each user, its calls in a log. Their words are those of quota 4.06.
    private const string Programs = """
        set -eu
        mkdir -p /opt/quota/limits
        cd /opt/quota
        echo 'on (enforced)' > state
        : > calls
        cat > quotaon <<'END'
        #!/bin/sh
        test "$*" = "-p -u -v /srv" || exit 2
        if grep -q none /opt/quota/state; then echo "quotaon: Mountpoint (or device) $4 not found or has no quota enabled." >&2; exit 0; fi
        echo "user quota on $4 (/dev/loop0) is $(cat /opt/quota/state)"
        END
        cat > setquota <<'END'
        #!/bin/sh
        echo "$*" >> /opt/quota/calls
        if test -e /opt/quota/refuses; then echo "setquota: Cannot set quota for user $2 from kernel on $7: Operation not permitted" >&2; exit 1; fi
        getent passwd "$2" > /dev/null || { echo "setquota: user $2 does not exist." >&2; exit 1; }
        echo "$2,ok,ok,20,$3,$4,0,7,$5,$6,0" > "/opt/quota/limits/$2"
        END
        cat > repquota <<'END'
        #!/bin/sh
        test "$*" = "-u -v -O csv /srv" || exit 2
        echo "User,BlockStatus,FileStatus,BlockUsed,BlockSoftLimit,BlockHardLimit,BlockGrace,FileUsed,FileSoftLimit,FileHardLimit,FileGrace"
        echo "root,ok,ok,8192,0,0,0,40,0,0,0"
        cat /opt/quota/limits/* 2> /dev/null
        exit 0
        END
        chmod 755 quotaon setquota repquota
        """;

    private readonly TempFolder _folder = new();
    private readonly SampleServer _server;

    public QuotaTests()
    {
        PartitionedImage.Sparse(_folder["disk"], 8L << 30);
        SystemTool.Run("mkfs.ext4", "-q", "-F", _folder["disk"]);
        var made = SampleServer.Start(machine =>
        {
            machine.Run("mount", "-o", "loop", _folder["disk"], "/srv");
            machine.Run("rmdir", "/srv/lost+found");
            machine.Run("sh", "-c", Programs);
        });
        _server = made.Looking(Folder);
    }

    [Fact]
    public void A_user_is_held_to_the_contract_from_the_addition_of_its_PC_to_the_removal()
    {
        _server.AddPc("office", "basic", "--space", "10 GiB");
        Assert.Equal("-u bc-office 0 10551296 0 263840 /srv", Last());
        _server.Run("contract", "change", "basic", "--space", "1 GiB").Succeeds();
        Assert.Equal("-u bc-office 0 1114112 0 116384 /srv", Last());
        _server.Run("contract", "change", "basic", "--space", "none").Succeeds();
        Assert.Equal("-u bc-office 0 0 0 0 /srv", Last());
        _server.Run("contract", "add", "other", "--space", "2 GiB").Succeeds();
        _server.Run("pc", "change", "office", "--contract", "other").Succeeds();
        Assert.Equal("-u bc-office 0 2162688 0 132768 /srv", Last());
        // The number of its user will be another's: setquota knows the user still, or the removal would fail.
        _server.Run("pc", "remove", "office").Succeeds();
        Assert.Equal("-u bc-office 0 0 0 0 /srv", Last());
        Assert.NotEqual(0, _server.Machine.Try("getent", "passwd", "bc-office").ExitCode);
    }

    [Fact]
    public void What_is_sealed_stays_part_of_the_contracts_space_until_it_is_deleted()
    {
        _server.AddPc("office", "vault", "--space", "1 GiB", "--deletion", "forbidden", "--minimum-age", "0");
        var image = _server.Backup("office", "daily");
        _server.Run("seal", "--once").Succeeds();
        var sealedFiles = _server.Machine.Run("find", StoredImages.Store("office") + "/images", "-mindepth", "1", "-user", "root", "-printf", "%y %s\n").Trim().Split('\n').Select(line => line.Split(' ')).ToList();
        var bytes = sealedFiles.Where(entry => entry[0] == "f").Sum(entry => long.Parse(entry[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(bytes > 4 << 20, $"{bytes}");
        Assert.Equal($"-u bc-office 0 {((1088L << 20) - bytes + 1023) / 1024} 0 {116384 - sealedFiles.Count} /srv", Last());
        Assert.Equal("ok", Quota().GetProperty("level").GetString());
        _server.Run("images", "delete", image, "--yes", "--even-append-only").Succeeds();
        Assert.Equal("-u bc-office 0 1114112 0 116384 /srv", Last());
    }

    [Fact]
    public void An_image_is_sealed_also_where_the_limit_cannot_be_set_and_doctor_says_so()
    {
        _server.AddPc("office", "vault", "--space", "1 GiB", "--deletion", "forbidden");
        var image = _server.Backup("office", "daily");
        File.WriteAllText(_server.Machine[Folder + "/refuses"], "");
        _server.Run("seal", "--once").Succeeds();
        Assert.True(_server.Listed("office")[image].TryGetProperty("sealed", out _));
        Assert.Contains("space could not be limited", _server.Run("pc", "show", "office").Output, StringComparison.Ordinal);
        Assert.Equal("fault", Quota().GetProperty("level").GetString());
        File.Delete(_server.Machine[Folder + "/refuses"]);
        _server.Run("doctor", "--rebuild").Succeeds();
        Assert.Equal("ok", Quota().GetProperty("level").GetString());
    }

    [Fact]
    public void Limits_that_are_not_the_contracts_are_found_and_mended()
    {
        _server.AddPc("office", "basic", "--space", "1 GiB");
        Assert.Equal(("ok", "The file system holds PCs to their contracts' space: 1 of 1 have a limit."), (Quota().GetProperty("level").GetString(), Quota().GetProperty("what").GetString()));
        foreach (var damage in (string[])["rm /opt/quota/limits/bc-office", "sed -i s/1114112/2228224/ /opt/quota/limits/bc-office"])
        {
            _server.Machine.Run("sh", "-c", damage);
            Assert.Equal("fault", Quota().GetProperty("level").GetString());
            Assert.Contains("instead of 1114112 KiB and 116384 files", Quota().GetProperty("what").GetString(), StringComparison.Ordinal);
            _server.Run("doctor", "--rebuild").Succeeds();
            Assert.Equal("ok", Quota().GetProperty("level").GetString());
        }
    }

    [Theory]
    [InlineData("on (accounting)", "the quotas of users of /srv are counted and not enforced")]
    [InlineData("off", "/srv (ext4) has no quotas of users switched on")]
    [InlineData("none", "/srv (ext4) has no quotas of users switched on")]
    public void Where_limits_are_not_enforced_none_is_set_and_doctor_says_how_to_switch_them_on(string state, string why)
    {
        File.WriteAllText(_server.Machine[Folder + "/state"], state + "\n");
        _server.Run("contract", "add", "free").Succeeds();
        _server.Run("pc", "add", "other", "--contract", "free").Succeeds();
        Assert.Equal(("ok", "No contract limits space."), (Quota().GetProperty("level").GetString(), Quota().GetProperty("what").GetString()));
        _server.AddPc("office", "basic", "--space", "1 GiB");
        Assert.Equal(("warning", $"Space is counted, not enforced: {why}."), (Quota().GetProperty("level").GetString(), Quota().GetProperty("what").GetString()));
        Assert.Contains("tune2fs -O quota /dev/loop", Quota().GetProperty("remedy").GetString(), StringComparison.Ordinal);
        _server.Run("pc", "remove", "office").Succeeds();
        Assert.Empty(Calls());
    }

    [Fact]
    public void A_limit_that_cannot_be_set_is_a_fault_and_the_same_command_goes_on()
    {
        _server.Run("contract", "add", "basic", "--space", "1 GiB").Succeeds();
        File.WriteAllText(_server.Machine[Folder + "/refuses"], "");
        _server.Run("pc", "add", "office", "--contract", "basic").Reports(1, "quota could not be set", "Operation not permitted");
        File.Delete(_server.Machine[Folder + "/refuses"]);
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private string[] Calls() => File.ReadAllLines(_server.Machine[Folder + "/calls"]);

    private string Last() => Calls().Last();

    // Other checks may have their faults here: the exit code is theirs.
    private JsonElement Quota() => _server.Run("doctor", "--json").Document().GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("check").GetString() == "quota");
}
