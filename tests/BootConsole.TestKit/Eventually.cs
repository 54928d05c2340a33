// Waits for something outside this process to become true.
namespace BootConsole.TestKit;

/// <summary>Looks again and again until a condition holds. The limit is only there so that a broken test ends; a passing one never depends on it.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task BecomesTrueAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"never happened: {what}");
            await Task.Delay(2, CancellationToken.None);
        }
    }

    /// <summary>Awaits a task, and fails instead of hanging.</summary>
    public static Task<T> EndsAsync<T>(Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Awaits a task, and fails instead of hanging.</summary>
    public static Task EndsAsync(Task task) => task.WaitAsync(Limit);
}
