// The program under test, started as a shell would start it: an argument list, two streams, an exit code.
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BootConsole.Appliance.Tests;

/// <summary>Starts bootconsole, which lies beside this assembly.</summary>
internal static class Bootconsole
{
    /// <summary>The folder of the program, for a PATH.</summary>
    internal static string Folder => AppContext.BaseDirectory.TrimEnd('/');

    /// <summary>The program.</summary>
    internal static string Program => Path.Combine(Folder, "bootconsole");

    /// <summary>Where the program finds .NET: where this test runs.</summary>
    internal static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>Runs it to its end.</summary>
    internal static Run Run(params IReadOnlyList<string> arguments) => Start(arguments).WaitForEnd();

    /// <summary>Runs it to its end with lines on its standard input.</summary>
    internal static Run RunWithInput(IReadOnlyList<string> lines, params IReadOnlyList<string> arguments) =>
        RunningProgram.Start(Program, arguments, path: null, string.Concat(lines.Select(line => line + "\n"))).WaitForEnd();

    /// <summary>The number of the row of a disk image that was named in the console: after all disks of this machine. Loop devices are not offered.</summary>
    internal static int RowOfNamedDisk() => Run("disks", "--json").Succeeds().Document.GetProperty("disks").EnumerateArray().Count(disk => !disk.GetProperty("path").GetString()!.StartsWith("/dev/loop", StringComparison.Ordinal)) + 1;

    /// <summary>Starts it.</summary>
    internal static RunningProgram Start(params IReadOnlyList<string> arguments) => RunningProgram.Start(Program, arguments, path: null);

    /// <summary>Runs it under another program, such as strace.</summary>
    internal static Run RunUnder(IReadOnlyList<string> wrapper, params IReadOnlyList<string> arguments) =>
        RunningProgram.Start(wrapper[0], [.. wrapper.Skip(1), Program, .. arguments], path: null).WaitForEnd();

    /// <summary>Runs it with a folder in front of PATH.</summary>
    internal static Run RunWithPath(string folder, params IReadOnlyList<string> arguments) =>
        RunningProgram.Start(Program, arguments, $"{folder}:{Environment.GetEnvironmentVariable("PATH")}").WaitForEnd();

    /// <summary>The start of a program with both streams captured and nothing on its standard input.</summary>
    internal static ProcessStartInfo StartInfo(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] = DotnetRoot;
        return start;
    }
}
