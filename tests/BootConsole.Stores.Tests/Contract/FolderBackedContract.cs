// What every store over a real folder must do with a hostile one.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Contract;

/// <summary>The contract, and what may lie in a folder: links, pipes, sockets, devices, odd names.</summary>
public abstract class FolderBackedContract : StoreContract
{
    private string Here(string name) => System.IO.Path.Combine(Place.Folder, name);

    [Fact]
    public async Task Links_pipes_sockets_and_devices_are_not_there_and_are_never_opened()
    {
        using var outside = new TempFolder();
        await File.WriteAllTextAsync(outside["secret"], "secret");
        File.CreateSymbolicLink(Here("link"), outside["secret"]);
        File.CreateSymbolicLink(Here("nowhere"), outside["nothing"]);
        File.CreateSymbolicLink(Here("away"), outside.Path);
        await SystemTool.RunAsync("mkfifo", Here("pipe"));
        await SystemTool.RunAsync("mknod", Here("device"), "c", "1", "5");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Here("socket")));
        await WriteAsync("file", [1]);

        Assert.Equal(["file"], await NamesAsync(StorePath.Top));
        foreach (var name in new[] { "link", "nowhere", "away", "pipe", "device", "socket" })
        {
            Assert.Null(await Store.FindAsync(Path(name), None));
            await Eventually.EndsAsync(FailsAsync(StoreProblem.Missing, () => Store.OpenReadAsync(Path(name), None)));
            await Eventually.EndsAsync(FailsAsync(StoreProblem.Missing, () => Store.RewriteAsync(Path(name), new byte[9], None)));
            await FailsAsync(StoreProblem.Missing, () => Store.ListAsync(Path(name), None));
            await FailsAsync(StoreProblem.Missing, () => Store.PublishAsync(Path(name), Path("final"), 6, None));
            await FailsAsync(StoreProblem.Missing, () => Store.RenameAsync(Path(name), Path("final"), None));
            // The name is taken all the same.
            await FailsAsync(StoreProblem.Exists, () => Store.CreateAsync(Path(name), None));
            await FailsAsync(StoreProblem.Exists, () => Store.CreateFolderAsync(Path(name), None));
            await FailsAsync(StoreProblem.Exists, () => Store.PublishAsync(Path("file"), Path(name), 1, None));
        }

        Assert.Equal("secret", await File.ReadAllTextAsync(outside["secret"]));
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(outside.Path).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public async Task No_path_leads_through_a_linked_folder()
    {
        using var outside = new TempFolder();
        await File.WriteAllTextAsync(outside["secret"], "secret");
        Directory.CreateDirectory(outside["below"]);
        File.CreateSymbolicLink(Here("away"), outside.Path);
        Assert.Null(await Store.FindAsync(Path("away/secret"), None));
        await FailsAsync(StoreProblem.Missing, () => Store.OpenReadAsync(Path("away/secret"), None));
        await FailsAsync(StoreProblem.Missing, () => Store.CreateAsync(Path("away/new"), None));
        await FailsAsync(StoreProblem.Missing, () => Store.ReplaceAsync(Path("away/secret"), new byte[1], None));
        await FailsAsync(StoreProblem.Missing, () => Store.RewriteAsync(Path("away/secret"), new byte[1], None));
        await FailsAsync(StoreProblem.Missing, () => Store.RenameAsync(Path("away/secret"), Path("away/other"), None));
        await FailsAsync(StoreProblem.Missing, () => Store.PublishAsync(Path("away/secret"), Path("away/other"), 6, None));
        await FailsAsync(StoreProblem.Missing, () => Store.ListAsync(Path("away/below"), None));
        await Assert.ThrowsAsync<StoreFault>(() => Store.CreateFolderAsync(Path("away/new"), None));
        await Record.ExceptionAsync(() => Store.RemoveAsync(Path("away/secret"), None));
        await Record.ExceptionAsync(() => Store.RemoveFolderAsync(Path("away/below"), None));
        Assert.Equal(["below", "secret"], Directory.GetFileSystemEntries(outside.Path).Select(System.IO.Path.GetFileName).Order());
        Assert.Equal("secret", await File.ReadAllTextAsync(outside["secret"]));
    }

    [Fact]
    public async Task Removing_a_link_removes_the_link()
    {
        using var outside = new TempFolder();
        await File.WriteAllTextAsync(outside["kept"], "kept");
        File.CreateSymbolicLink(Here("link"), outside["kept"]);
        await Store.RemoveAsync(Path("link"), None);
        Assert.False(System.IO.Path.Exists(Here("link")));
        Assert.Equal("kept", await File.ReadAllTextAsync(outside["kept"]));
    }

    [Fact]
    public async Task Names_that_no_store_path_can_have_are_listed_and_harm_nothing()
    {
        var odd = new[] { "with space", "new\nline", "-dash", ".hidden", "ümlaut", "a\\b", "quote\"s", "$(reboot)" };
        foreach (var name in odd) await File.WriteAllTextAsync(Here(name), "x");
        await WriteAsync("plain", [1]);
        Assert.Equal(odd.Append("plain").Order(StringComparer.Ordinal), await NamesAsync(StorePath.Top));
    }

    [Fact]
    public async Task A_name_that_is_not_utf8_is_listed_somehow()
    {
        // mv by a shell of the test, because .NET cannot write such a name.
        await File.WriteAllTextAsync(Here("x"), "four");
        await SystemTool.RunAsync("sh", "-c", $"mv '{Here("x")}' \"$(printf '{Place.Folder}/bad\\377name')\"");
        var entry = Assert.Single(await Store.ListAsync(StorePath.Top, None));
        Assert.Equal(4, entry.Length);
        Assert.False(StorePath.TryParse(entry.Name, out _));
        // Nor can .NET remove it.
        await SystemTool.RunAsync("find", Place.Folder, "-name", "bad*", "-delete");
    }

    [Fact]
    public async Task Five_thousand_files_are_listed()
    {
        for (var index = 0; index < 5000; index++) await File.WriteAllBytesAsync(Here($"file-{index:0000}"), new byte[index % 7]);
        var entries = (await Store.ListAsync(StorePath.Top, None)).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(0, 5000).Select(index => ($"file-{index:0000}", (long)(index % 7))), entries.Select(entry => (entry.Name, entry.Length)));
    }

    [Fact]
    public async Task Files_and_folders_have_no_more_rights_than_the_account_gives()
    {
        await Store.CreateFolderAsync(Path("folder"), None);
        await WriteAsync("folder/file", [1]);
        // Nothing executable, nothing with setuid; the umask decides about the rest.
        Assert.Equal("", await SystemTool.RunAsync("find", Place.Folder, "-type", "f", "-perm", "/7111"));
        Assert.Equal("", await SystemTool.RunAsync("find", Place.Folder, "-perm", "/0022"));
    }
}
