// The catalogue as a file: made, opened by several, damaged, locked, newer than the program.
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Catalogue;

public sealed class CatalogueFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["catalogue.db"];

    [Fact]
    public void What_was_changed_is_there_when_it_is_opened_again_and_has_an_author()
    {
        using (var made = Make()) made.Change("contract added", "basic", session => session.AddContract(SampleContract.Basic));

        using var opened = Open();
        Assert.Equal(SampleContract.Basic, opened.Read(session => session.Contract("basic")) with { Id = 0, Media = SampleContract.Basic.Media });
        var change = Assert.Single(opened.Read(session => session.Events(10)));
        Assert.Equal(("tester", "contract added", "basic"), (change.Author, change.What, change.Subject));
    }

    [Fact]
    public void A_change_that_fails_in_its_middle_leaves_nothing()
    {
        using var catalogue = Make();
        Assert.Throws<InvalidOperationException>(() => catalogue.Change("contract added", "basic", session =>
        {
            session.AddContract(SampleContract.Basic);
            throw new InvalidOperationException();
        }));

        Assert.Empty(catalogue.Read(session => session.Contracts()));
        Assert.Empty(catalogue.Read(session => session.Events(10)));
    }

    [Fact]
    public async Task Many_writers_at_once_wait_for_each_other_and_nothing_is_lost()
    {
        Make().Dispose();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            using var catalogue = Open();
            for (var number = 0; number < 10; number++)
            {
                var name = $"c-{writer}-{number}";
                catalogue.Change("contract added", name, session => session.AddContract(SampleContract.Basic with { Name = name }));
            }
        })));

        using var opened = Open();
        Assert.Equal(40, opened.Read(session => session.Contracts()).Count);
        Assert.Empty(opened.Check());
    }

    [Fact]
    public void While_one_changes_it_others_read_the_state_before_and_who_wants_to_change_it_is_told_that_it_is_locked()
    {
        using var first = Make();
        using var second = CatalogueFile.Open(Path, "second", TimeProvider.System, TimeSpan.FromSeconds(1));
        first.Change("contract added", "basic", session =>
        {
            session.AddContract(SampleContract.Basic);
            Assert.Empty(second.Read(other => other.Contracts()));
            var fault = Assert.Throws<HostFault>(() => second.Change("contract added", "other", other => other.AddContract(SampleContract.Basic with { Name = "other" })));
            Assert.Contains("locked", fault.Message, StringComparison.Ordinal);
        });
        Assert.Single(second.Read(session => session.Contracts()));
    }

    [Fact]
    public void A_newer_one_is_refused_and_stays_as_it_is()
    {
        Make().Dispose();
        SystemTool.Run("python3", "-c", $"import sqlite3; c=sqlite3.connect('{Path}'); c.execute('PRAGMA user_version = {CatalogueVersions.Current + 1}'); c.commit(); c.close()");
        Assert.Contains("newer", Assert.Throws<RefusedFault>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void A_damaged_one_is_a_fault_that_says_so(int position)
    {
        Make().Dispose();
        using (var file = File.OpenWrite(Path))
        {
            file.Position = position;
            file.Write(RandomBytes.Of(7, 3000));
        }

        var fault = Assert.Throws<CorruptFault>(() =>
        {
            using var catalogue = Open();
            if (catalogue.Check() is { Count: > 0 } lines) throw new CorruptFault(lines[0]);
        });
        Assert.NotEmpty(fault.Message);
    }

    [Fact]
    public void A_file_that_is_none_is_refused_and_stays_as_it_is()
    {
        File.WriteAllText(Path, new string('x', 5000));
        Assert.Contains("damaged", Assert.Throws<CorruptFault>(Open).Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(Path));
    }

    [Fact]
    public void One_that_is_missing_is_not_made() => Assert.Contains("cannot be opened", Assert.Throws<HostFault>(Open).Message, StringComparison.Ordinal);

    [Fact]
    public void A_copy_has_all_of_it()
    {
        using var catalogue = Make();
        catalogue.Change("contract added", "basic", session => session.AddContract(SampleContract.Basic));
        catalogue.CopyTo(_folder["copy.db"]);
        using var copy = CatalogueFile.Open(_folder["copy.db"], "tester", TimeProvider.System);
        Assert.Equal("basic", Assert.Single(copy.Read(session => session.Contracts())).Name);
    }

    public void Dispose() => _folder.Dispose();

    private CatalogueFile Make() => CatalogueFile.Create(Path, "tester", TimeProvider.System);

    private CatalogueFile Open() => CatalogueFile.Open(Path, "tester", TimeProvider.System);
}
