// Words of other programs and machines, made fit to be shown.
using System.Text;

namespace BootConsole.Stores;

/// <summary>Text that came from elsewhere, for a message of ours.</summary>
internal static class PlainWords
{
    private const int MostCharacters = 400;

    /// <summary>One line of at most 400 characters: line ends become " / ", other control characters go, so that no server can write on somebody's terminal.</summary>
    internal static string Of(string text)
    {
        var words = new StringBuilder();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (words.Length > 0) words.Append(" / ");
            foreach (var character in line.Where(character => !char.IsControl(character))) words.Append(character);
            if (words.Length > MostCharacters) return words.ToString(0, MostCharacters) + "…";
        }

        return words.ToString();
    }
}
