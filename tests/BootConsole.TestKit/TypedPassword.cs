// Programs that read a password from a terminal and from nowhere else.
using System.Text;
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>Gives a program a terminal, by script(1), and types at it.</summary>
public static class TypedPassword
{
    /// <summary>Runs a program to its end, typing <paramref name="password"/> at each of the first <paramref name="times"/> prompts; any other exit than 0 fails the test.</summary>
    public static async Task RunAsync(string password, int times, params string[] command)
    {
        await using var script = PipedProgram.Start("script", ["--quiet", "--return", "--command", string.Join(' ', command), "/dev/null"]);
        var shown = new StringBuilder();
        var buffer = new byte[4096];
        var typed = 0;
        int count;
        while ((count = await script.Output.ReadAsync(buffer)) > 0)
        {
            shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
            var prompts = shown.ToString().Split("passphrase").Length - 1;
            if (typed >= times || prompts <= typed) continue;
            typed++;
            await script.Input.WriteAsync(Encoding.UTF8.GetBytes(password + "\n"));
            await script.Input.FlushAsync();
        }

        var exit = await script.WaitForEndAsync(TimeSpan.FromSeconds(60));
        if (exit != 0) throw new InvalidOperationException($"{string.Join(' ', command)}: exit {exit}\n{shown}");
    }
}
