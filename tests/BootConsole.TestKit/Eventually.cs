// Waits for something outside this process to become true.
using System.Globalization;

namespace BootConsole.TestKit;

/// <summary>Looks again and again until a condition holds. The limit is only there so that a broken test ends; a passing one never depends on it.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>How much later than it could a test goes on, as if the programs under test ran on a far faster machine: milliseconds in BOOTCONSOLE_TEST_LAG, otherwise none.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(int.TryParse(Environment.GetEnvironmentVariable("BOOTCONSOLE_TEST_LAG"), CultureInfo.InvariantCulture, out var lag) ? lag : 0);

    public static Task BecomesTrueAsync(Func<bool> condition, string what) => BecomesTrueAsync(condition, () => what, Limit, TimeSpan.FromMilliseconds(2));

    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">Says what never happened, and what is there instead.</param>
    /// <param name="longest">How long at most.</param>
    /// <param name="pause">How long between two looks.</param>
    public static async Task BecomesTrueAsync(Func<bool> condition, Func<string> what, TimeSpan longest, TimeSpan pause)
    {
        using var limit = new CancellationTokenSource(longest);
        while (!condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"never happened: {what()}");
            await Task.Delay(pause, CancellationToken.None);
        }

        if (Lag > TimeSpan.Zero) await Task.Delay(Lag, CancellationToken.None);
    }

    /// <summary>Awaits a task, and fails instead of hanging.</summary>
    public static Task<T> EndsAsync<T>(Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Awaits a task, and fails instead of hanging.</summary>
    public static Task EndsAsync(Task task) => task.WaitAsync(Limit);
}
