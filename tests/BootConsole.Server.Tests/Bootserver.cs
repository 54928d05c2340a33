// The program under test, started as a shell would start it.
using System.Text.Json;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

/// <summary>Starts bootserver, which lies beside this assembly.</summary>
internal static class Bootserver
{
    /// <summary>The folder of the program, for a PATH.</summary>
    internal static string Folder => AppContext.BaseDirectory.TrimEnd('/');

    /// <summary>Where the program finds .NET: where this test runs.</summary>
    internal static string DotnetRoot => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>Runs it to its end.</summary>
    internal static ProgramResult Run(params string[] arguments) => SystemTool.Try("env", [$"DOTNET_ROOT={DotnetRoot}", Path.Combine(Folder, "bootserver"), .. arguments]);

    /// <summary>Fails unless it was a success without complaint.</summary>
    internal static ProgramResult Succeeds(this ProgramResult result)
    {
        Assert.True(result.ExitCode == 0 && result.Error.Length == 0, result.ToString());
        return result;
    }

    /// <summary>Fails unless it ended with a code and with what happened, what is safe and what to do.</summary>
    internal static void Reports(this ProgramResult result, int code, params string[] words)
    {
        Assert.True(result.ExitCode == code, result.ToString());
        var lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.StartsWith("bootserver: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  Safe:  ", lines[^2], StringComparison.Ordinal);
        Assert.StartsWith("  To do: ", lines[^1], StringComparison.Ordinal);
        foreach (var word in words) Assert.Contains(word, result.Error, StringComparison.OrdinalIgnoreCase);
        foreach (var raw in new[] { "   at ", "System.", "defect of its own" }) Assert.DoesNotContain(raw, result.Error, StringComparison.Ordinal);
        Assert.True(result.Error.All(character => character == '\n' || !char.IsControl(character)), result.ToString());
    }

    /// <summary>The one JSON document on standard output.</summary>
    internal static JsonElement Document(this ProgramResult result)
    {
        Assert.Equal(1, result.Output.Count(character => character == '\n'));
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }
}
