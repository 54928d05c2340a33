// Names that would have been right, for the fault that says that one was not.
namespace BootConsole.Server.Catalogue;

/// <summary>What there is, in a few words.</summary>
internal static class Known
{
    private const int Most = 8;

    /// <summary>The names, eight of them at most.</summary>
    internal static string Of(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count switch
        {
            0 => "none is there yet",
            <= Most => "one of " + string.Join(", ", all),
            _ => $"one of {all.Count}, such as {string.Join(", ", all.Take(Most))}",
        };
    }
}
