// A server that serves network boot in a network of its own.
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

/// <summary>A server with a contract, a base that boots nothing, and a network.</summary>
internal sealed class ServeRoom : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private PipedProgram? _serving;

    internal ServeRoom()
    {
        Directory.CreateDirectory(Root);
        NetworkBootServer.Make(Root);
        Run("contract", "add", "basic").Succeeds();
        Run("base", "import", SampleBase.Make(_folder["base"])).Succeeds();
    }

    /// <summary>The server's folder.</summary>
    internal string Root => _folder["server"];

    /// <summary>The network.</summary>
    internal PrivateNetwork Network { get; } = PrivateNetwork.Make();

    /// <summary>A path of the test's folder.</summary>
    internal string this[string name] => _folder[name];

    /// <summary>What the served folder holds.</summary>
    internal string Served(string path) => Path.Combine(Root, "pxe", path);

    /// <summary>Runs bootserver on it.</summary>
    internal ProgramResult Run(params string[] arguments) => RunAt(Root, arguments);

    /// <summary>Runs bootserver on the server at another path.</summary>
    internal ProgramResult RunAt(string root, params string[] arguments) => Network.Try("env", [$"DOTNET_ROOT={Bootserver.DotnetRoot}", Path.Combine(Bootserver.Folder, "bootserver"), .. arguments, "--root", root]);

    /// <summary>Runs bootconsole in its network.</summary>
    internal ProgramResult Bootconsole(params string[] arguments) => Network.Try("env", [$"DOTNET_ROOT={Bootserver.DotnetRoot}", Path.Combine(Bootserver.Folder, "bootconsole"), .. arguments]);

    /// <summary>Asks its HTTP server for something, as curl prints it.</summary>
    internal string Curl(params string[] arguments) => Network.Try("curl", ["--silent", "--show-error", "--max-time", "20", .. arguments]).Output;

    /// <summary>Serves, and waits until it does.</summary>
    internal async Task ServeAsync(params string[] more)
    {
        _serving = PipedProgram.Start("ip", Network.Inside("env", [$"DOTNET_ROOT={Bootserver.DotnetRoot}", Path.Combine(Bootserver.Folder, "bootserver"), "serve", "--interface", PrivateNetwork.Interface, "--dhcp", "full", "--range", "192.0.2.100,192.0.2.150", "--root", Root, .. more]));
        using var reader = new StreamReader(_serving.Output, leaveOpen: true);
        while (await Eventually.EndsAsync(reader.ReadLineAsync()) is { } line)
            if (line.Contains("Ctrl-C ends it.", StringComparison.Ordinal)) return;
        throw new InvalidOperationException(_serving.Errors);
    }

    /// <summary>Ends serving, as systemd does.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int?> EndAsync()
    {
        SystemTool.Run("kill", "-TERM", $"{_serving!.Id}");
        return await _serving.WaitForEndAsync(Eventually.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (_serving is not null)
        {
            _serving.Kill();
            await _serving.DisposeAsync();
        }

        await Network.DisposeAsync();
        _folder.Dispose();
    }
}
