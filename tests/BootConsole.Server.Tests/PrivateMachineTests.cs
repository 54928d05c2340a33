// The machine that the other tests are run on: what happens there stays there.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class PrivateMachineTests
{
    [Fact]
    public void Users_and_folders_of_it_are_its_own_and_the_program_runs_there_without_an_environment()
    {
        using var machine = PrivateMachine.Start();
        machine.Run("useradd", "--system", "--no-create-home", "bc-office");
        machine.Run("mkdir", "/srv/bootconsole");

        Assert.Contains("bc-office", File.ReadAllText(machine["/etc/passwd"]), StringComparison.Ordinal);
        Assert.DoesNotContain("bc-office", File.ReadAllText("/etc/passwd"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(machine["/srv/bootconsole"]));
        Assert.False(Directory.Exists("/srv/bootconsole"));
        Assert.Contains("media", machine.Run("env", "-i", PrivateMachine.Program, "--help"), StringComparison.Ordinal);
    }
}
