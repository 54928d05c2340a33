// The console without screens: the same questions in lines, answered from a pipe.
namespace BootConsole.Appliance.Tests;

public sealed class PlainSessionTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private static readonly string[] Skip = ["", "", ""];

    [Fact]
    public void A_disk_is_backed_up_with_a_password_and_restored_by_answers_alone()
    {
        var store = sample.NewPath();
        string[] backUp = ["1", "p", sample.Source, "2", store, .. Skip, "by-hand", "", "", "", "", "", "correct horse battery", "correct horse batterz", "correct horse battery", "", ""];
        string[] restore = ["2", store, .. Skip, "1", "wrong", "correct horse battery", "p", sample.NewDisk(SampleStore.DiskBytes), "2", "", "", "", "", ""];
        var target = restore[9];
        var row = $"{Bootconsole.RowOfNamedDisk()}";
        (backUp[3], restore[10]) = (row, row);
        var run = Bootconsole.RunWithInput([.. backUp, .. restore, "not the disk", target, "", "8"], "--plain");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("The two are not the same.", run.Output, StringComparison.Ordinal);
        Assert.Contains("The password is wrong.", run.Output, StringComparison.Ordinal);
        Assert.Contains($"That is not what {target} says of itself.", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{target} is restored and read back", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", run.Output + run.Errors, StringComparison.Ordinal);
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, 16 << 20), Content.Read(target, SampleStore.LinuxStart, 16 << 20));
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    public void Images_are_verified_and_deleted_by_number_and_letter_and_the_end_of_the_input_ends_the_program()
    {
        var store = sample.CopyStore();
        var run = Bootconsole.RunWithInput(["3", store.Folder, .. Skip, "1 v", "", "1 k", "", "1 d", "n", "1 d", "y", "", "?", "9"], "--plain");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains($"All 64 chunks of {store.Image} decode to what was saved", run.Output, StringComparison.Ordinal);
        Assert.Contains($"files of {store.Image} are as they were written", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{store.Image} is deleted", run.Output, StringComparison.Ordinal);
        Assert.Contains("There is nothing to choose from.", run.Output, StringComparison.Ordinal);
        Assert.Contains("That is none of them.", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(store.Folder, "images")));
    }

    [Fact]
    public void The_full_screen_console_says_so_where_there_is_no_terminal() => Bootconsole.Run().Reports(2, "needs a terminal", "--plain asks in lines");
}
