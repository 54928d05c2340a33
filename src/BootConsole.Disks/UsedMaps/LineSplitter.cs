// Cuts a program's output into lines without trusting that there are any.
namespace BootConsole.Disks.UsedMaps;

/// <summary>Joins pieces of output and hands on whole lines, without their line ends.</summary>
/// <param name="program">Whose output it is, for the reason when it is garbage.</param>
/// <param name="maxLength">Longest line in characters that the program can have a reason for.</param>
/// <param name="take">Gets each line.</param>
internal sealed class LineSplitter(string program, int maxLength, Action<ReadOnlySpan<char>> take)
{
    private char[] _held = new char[Math.Min(maxLength, 4096)];
    private int _count;

    /// <summary>Takes the next piece.</summary>
    /// <exception cref="UnprovenMapException">A line is too long.</exception>
    internal void Add(ReadOnlySpan<char> piece)
    {
        for (int end; (end = piece.IndexOf('\n')) >= 0; piece = piece[(end + 1)..])
        {
            if (_count == 0)
            {
                take(piece[..end]);
                continue;
            }

            Hold(piece[..end]);
            take(_held.AsSpan(0, _count));
            _count = 0;
        }

        Hold(piece);
    }

    /// <summary>Hands on a last line that had no end.</summary>
    internal void Finish()
    {
        if (_count > 0) take(_held.AsSpan(0, _count));
        _count = 0;
    }

    private void Hold(ReadOnlySpan<char> text)
    {
        if (text.Length > maxLength - _count) throw new UnprovenMapException($"the output of {program} cannot be understood");
        if (_count + text.Length > _held.Length) Array.Resize(ref _held, Math.Min(maxLength, Math.Max(_count + text.Length, 2 * _held.Length)));
        text.CopyTo(_held.AsSpan(_count));
        _count += text.Length;
    }
}
