// How far two words are apart, in slips of a typing hand.
namespace BootConsole.Settings.Reading;

/// <summary>Optimal string alignment distance: letters left out, put in, replaced, or two neighbours swapped; case and '-' for '_' do not count.</summary>
internal static class TypingSlips
{
    private const int FarApart = 100;

    /// <summary>Number of slips between two words; 100 when their lengths alone tell that they are not meant to be the same.</summary>
    public static int Between(string first, string second)
    {
        if (Math.Abs(first.Length - second.Length) > 3) return FarApart;
        var (a, b) = (Fold(first), Fold(second));
        var slips = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) slips[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) slips[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = slips[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                slips[i, j] = Math.Min(replaced, Math.Min(slips[i - 1, j], slips[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) slips[i, j] = Math.Min(slips[i, j], slips[i - 2, j - 2] + 1);
            }
        }

        return slips[a.Length, b.Length];
    }

    private static string Fold(string word) => word.ToLowerInvariant().Replace('-', '_');
}
