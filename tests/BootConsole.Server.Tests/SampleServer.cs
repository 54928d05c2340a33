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

    /// <summary>A path of the server, as this test sees it.</summary>
    internal string this[string path] => Machine[$"{Root}/{path}"];

    /// <summary>Makes one.</summary>
    internal static SampleServer Start()
    {
        var machine = PrivateMachine.Start();
        machine.Serve("init", Root, "--host", "backup.example").Succeeds();
        return new SampleServer(machine);
    }

    /// <summary>Runs bootserver on it.</summary>
    internal ProgramResult Run(params string[] arguments) => Machine.Serve(arguments);

    /// <summary>Runs bootserver and reads the document that it prints; it has to succeed.</summary>
    internal JsonElement Ask(params string[] arguments) => Machine.Serve([.. arguments, "--json"]).Succeeds().Document();

    /// <summary>Changes the catalogue behind the program's back.</summary>
    internal void Sql(string statement) => Machine.Run("python3", "-c", $"import sqlite3; c = sqlite3.connect('{Root}/catalogue/catalogue.db'); c.execute(\"{statement}\"); c.commit()");

    /// <summary>Who owns a path, and its mode: <c>root:root 755</c>.</summary>
    internal string Owner(string path) => Machine.Run("stat", "-c", "%U:%G %a", $"{Root}/{path}").Trim();

    public void Dispose() => Machine.Dispose();
}
