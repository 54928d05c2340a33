// A server of one test on a machine of its own.
using System.Text.Json;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

/// <summary>A server in /srv/bootconsole, the usual place.</summary>
internal sealed class SampleServer : IDisposable
{
    /// <summary>Its folder, as its machine sees it.</summary>
    internal const string Root = "/srv/bootconsole";

    private SampleServer(PrivateMachine machine) => Machine = machine;

    /// <summary>The machine.</summary>
    internal PrivateMachine Machine { get; }

    // Where bootserver looks for programs before the usual places; empty for nowhere.
    private string Path { get; init; } = "";

    /// <summary>A path of the server, as this test sees it.</summary>
    internal string this[string path] => Machine[$"{Root}/{path}"];

    /// <summary>Makes one.</summary>
    /// <param name="prepare">What is done to its machine before there is a server.</param>
    internal static SampleServer Start(Action<PrivateMachine>? prepare = null)
    {
        var machine = PrivateMachine.Start();
        prepare?.Invoke(machine);
        machine.Serve("init", Root, "--host", "backup.example").Succeeds();
        return new SampleServer(machine);
    }

    /// <summary>The same server with programs of a folder of its machine before the usual ones.</summary>
    internal SampleServer Looking(string folder) => new(Machine) { Path = folder };

    /// <summary>Runs bootserver on it.</summary>
    internal ProgramResult Run(params string[] arguments) => Path.Length == 0 ? Machine.Serve(arguments) : Machine.Try("env", [$"PATH={Path}:/usr/sbin:/usr/bin:/sbin:/bin", PrivateMachine.Program, .. arguments]);

    /// <summary>Runs bootserver and reads the document that it prints; it has to succeed.</summary>
    internal JsonElement Ask(params string[] arguments) => Run([.. arguments, "--json"]).Succeeds().Document();

    /// <summary>Changes the catalogue behind the program's back.</summary>
    internal void Sql(string statement) => Machine.Run("python3", "-c", $"import sqlite3; c = sqlite3.connect('{Root}/catalogue/catalogue.db'); c.execute(\"{statement}\"); c.commit()");

    /// <summary>Who owns a path, and its mode: <c>root:root 755</c>.</summary>
    internal string Owner(string path) => Machine.Run("stat", "-c", "%U:%G %a", $"{Root}/{path}").Trim();

    public void Dispose() => Machine.Dispose();
}
