// The moments at which issuing a boot image can be cut off, and that only the key makes two boot images differ.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Media.Building;
using BootConsole.Server.BootImages;
using BootConsole.Server.Catalogue;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.BootImages;

public sealed class BootImageIssueTests : IDisposable
{
    private readonly IssuingServer _server = new();
    private readonly CatalogueFile _catalogue;
    private readonly ServerTree _tree;

    public BootImageIssueTests()
    {
        _tree = ServerTree.Of(_server.Root);
        _catalogue = CatalogueFile.Open(_tree.Catalogue, "tester", TimeProvider.System);
    }

    private BootImageIssue Issue => new(_tree, _catalogue, new ProgramRunner(), TimeProvider.System);

    public void Dispose()
    {
        _catalogue.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(MediumKind.Iso)]
    [InlineData(MediumKind.Usb)]
    [InlineData(MediumKind.Uki)]
    public async Task The_same_key_certificate_settings_and_base_make_the_same_bytes(MediumKind kind)
    {
        var key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"u8.ToArray();
        foreach (var name in (string[])["one", "two", "other"])
        {
            if (name == "two") await Eventually.BecomesTrueAsync(() => DateTime.UtcNow > File.GetLastWriteTimeUtc(_server["one"]).AddSeconds(2.1), "the clock goes on by two seconds");
            var order = Plan(name, kind).Order(key, name == "other" ? "other certificate"u8.ToArray() : "certificate"u8.ToArray());
            await new MediaBuilder(new ProgramRunner()).BuildAsync(order, CancellationToken.None);
        }

        SystemTool.Run("cmp", _server["one"], _server["two"]);
        Assert.Equal(1, SystemTool.Try("cmp", _server["one"], _server["other"]).ExitCode);
    }

    [Fact]
    public async Task What_is_refused_at_the_last_moment_has_no_name_and_no_entry()
    {
        await Assert.ThrowsAsync<RefusedFault>(() => Issue.RunAsync(Plan("pc.iso"), _ => throw new RefusedFault("too small"), CancellationToken.None));
        // The contract ends while the medium is made.
        var refusal = await Assert.ThrowsAsync<RefusedFault>(() => Issue.RunAsync(
            Plan("pc.iso"),
            _ => _server.Change(session => session.ChangeContract(session.Contract("basic") with { LastDay = new DateOnly(2020, 2, 1) })),
            CancellationToken.None));
        Assert.Contains("has ended", refusal.Message, StringComparison.Ordinal);
        AssertNothing();
    }

    [Fact]
    public async Task A_catalogue_that_cannot_take_the_entry_leaves_no_medium()
    {
        // The entry is good and the medium has its name; only then does the change fail.
        _server.Change(session => session.Execute("CREATE TRIGGER late BEFORE INSERT ON event WHEN NEW.what LIKE '%issued' BEGIN SELECT raise(ABORT, 'no'); END"));
        await Assert.ThrowsAsync<HostFault>(() => Issue.RunAsync(Plan("pc.iso"), _ => { }, CancellationToken.None));
        AssertNothing();
    }

    [Fact]
    public async Task Somebody_elses_file_of_the_same_name_is_neither_overwritten_nor_taken_away()
    {
        await Assert.ThrowsAsync<RefusedFault>(() => Issue.RunAsync(Plan("pc.iso"), _ => File.WriteAllText(_server["pc.iso"], "mine"), CancellationToken.None));
        Assert.Equal("mine", File.ReadAllText(_server["pc.iso"]));
        Assert.Empty(_catalogue.Read(session => session.BootImages()));
    }

    [Fact]
    public async Task When_the_disk_fills_up_meanwhile_nothing_has_the_name_and_the_next_build_gets_the_next_number()
    {
        await using var middle = await SmallFileSystem.CreateAsync(80 << 20);
        var filler = Path.Combine(middle.Path, "filler");
        var issue = new BootImageIssue(_tree, _catalogue, new FillingRunner(filler, "grub-mkimage"), TimeProvider.System);
        var fault = await Record.ExceptionAsync(() => issue.RunAsync(Plan("") with { Wish = Plan("x").Wish with { Target = Path.Combine(middle.Path, "pc.iso") } }, _ => { }, CancellationToken.None));
        Assert.True(fault is HostFault or IOException, $"{fault}");
        Assert.Equal(["filler", "lost+found"], Directory.GetFileSystemEntries(middle.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Empty(_catalogue.Read(session => session.BootImages()));
        Assert.Equal(2, (await Issue.RunAsync(Plan("pc.iso"), _ => { }, CancellationToken.None)).Image.Serial);
    }

    [Fact]
    public async Task A_cancel_leaves_no_key_and_no_medium()
    {
        using var cancel = new CancellationTokenSource();
        var issue = new BootImageIssue(_tree, _catalogue, new FillingRunner("", "xorriso", cancel.Cancel), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => issue.RunAsync(Plan("pc.iso"), _ => { }, cancel.Token));
        AssertNothing();
    }

    private BootImagePlan Plan(string name, MediumKind kind = MediumKind.Iso) =>
        BootImagePlan.Make(_tree, _catalogue, new BootImageWish { Pc = "office", Medium = kind, Target = _server[name.Length > 0 ? name : "unused"] }, DateTimeOffset.UtcNow);

    private void AssertNothing()
    {
        Assert.False(Path.Exists(_server["pc.iso"]));
        Assert.Empty(Directory.GetFileSystemEntries(_server.Folder.Path, ".bootserver*"));
        Assert.Empty(_catalogue.Read(session => session.BootImages()));
        Assert.DoesNotContain(_catalogue.Read(session => session.Events(100)), entry => entry.What.EndsWith("issued", StringComparison.Ordinal));
    }

    // Runs the real programs; before one of them something happens, or the disk is filled up.
    private sealed class FillingRunner(string filler, string before, Action? happens = null) : IProgramRunner
    {
        private readonly ProgramRunner _real = new();

        public async Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
        {
            if (call.Program == before)
            {
                if (happens is not null) happens();
                else await FillAsync();
            }

            return await _real.RunAsync(call, cancel);
        }

        private async Task FillAsync()
        {
            await using var file = File.Create(filler);
            var bytes = new byte[1 << 20];
            try
            {
                while (true)
                {
                    file.Write(bytes);
                    file.Flush(flushToDisk: true);
                }
            }
            catch (IOException)
            {
                // Full now.
            }
        }
    }
}
