// Bytes of a keyboard to keys: the Linux console, xterm and its kin, vt100 and vt220 on a serial line.
using System.Text;

namespace BootConsole.Appliance.Terminal;

/// <summary>
/// Decodes what terminals send (ECMA-48 CSI and SS3 sequences; xterm "Function Keys"; the Linux console's CSI [ A to E; rxvt's finals $ and @; the keypad of a vt100; bracketed paste). Never fails:
/// what it does not know is <see cref="KeyCode.Unknown"/>.
/// </summary>
internal sealed class KeyDecoder
{
    private const int MostPasted = 1 << 20, MostSequence = 32, MostFlushes = 20;
    private static readonly byte[] PasteEnd = "\e[201~"u8.ToArray();

    private readonly List<byte> _bytes = [];
    private bool _isPaste;
    private int _flushes;

    /// <summary>Takes bytes and gives the keys that are complete.</summary>
    internal IReadOnlyList<Key> Take(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        _flushes = 0;
        return Drain(isEnd: false);
    }

    /// <summary>Nothing followed: what is held back is what it is. A paste may come in pieces; when nothing has followed for many a time, its end was lost on the way.</summary>
    internal IReadOnlyList<Key> Flush()
    {
        if (!_isPaste) return Drain(isEnd: true);
        return ++_flushes < MostFlushes ? [] : Drain(isEnd: true);
    }

    private List<Key> Drain(bool isEnd)
    {
        List<Key> keys = [];
        while (_bytes.Count > 0)
        {
            var (count, key) = _isPaste ? Pasted(isEnd) : First(isEnd);
            if (count == 0) break;
            _bytes.RemoveRange(0, count);
            if (key is { } pressed) keys.Add(pressed);
        }

        if (isEnd) _isPaste = false;
        return keys;
    }

    private (int Count, Key? Key) First(bool isEnd) => _bytes[0] switch
    {
        0x1B => Escape(isEnd),
        (byte)'\r' or (byte)'\n' => (1, KeyCode.Enter),
        (byte)'\t' => (1, KeyCode.Tab),
        0x7F or 0x08 => (1, KeyCode.Backspace),
        0x03 => (1, KeyCode.Interrupt),
        0x0C => (1, KeyCode.Redraw),
        < 0x20 => (1, KeyCode.Unknown),
        _ => Character(isEnd),
    };

    private (int Count, Key? Key) Character(bool isEnd)
    {
        var status = Rune.DecodeFromUtf8(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes), out var rune, out var count);
        if (status == System.Buffers.OperationStatus.NeedMoreData && !isEnd) return (0, null);
        return (Math.Max(1, count), status == System.Buffers.OperationStatus.Done && !Rune.IsControl(rune) ? new Key(KeyCode.Character, rune.ToString()) : KeyCode.Unknown);
    }

    private (int Count, Key? Key) Escape(bool isEnd)
    {
        if (_bytes.Count == 1) return isEnd ? (1, KeyCode.Escape) : (0, null);
        return _bytes[1] switch
        {
            // Two escapes: the first one stands alone.
            0x1B => (1, KeyCode.Escape),
            // The Linux console's Shift-Tab.
            (byte)'\t' => (2, KeyCode.BackTab),
            (byte)'[' or (byte)'O' => Sequence(isEnd),
            _ => (2, KeyCode.Unknown),
        };
    }

    private (int Count, Key? Key) Sequence(bool isEnd)
    {
        var isLong = _bytes[1] == '[';
        // The Linux console's F1 to F5 are CSI [ A to CSI [ E.
        var start = isLong && _bytes.Count > 2 && _bytes[2] == '[' ? 3 : 2;
        var end = start;
        while (end < Math.Min(_bytes.Count, MostSequence) && _bytes[end] is >= 0x20 and < 0x40 && !IsShifted(start, end)) end++;
        if (end == MostSequence) return (end, KeyCode.Unknown);
        if (end == _bytes.Count) return isEnd ? (end, KeyCode.Unknown) : (0, null);
        // A control character or another escape cuts the sequence off, and is a key itself.
        if (_bytes[end] is < 0x20 or > 0x7E) return (end, KeyCode.Unknown);
        var (arguments, final) = (Encoding.ASCII.GetString([.. _bytes[start..end]]), (char)_bytes[end]);
        if (!isLong) return (end + 1, arguments.Length == 0 && Keypad(final) is { } sign ? sign : final == 'M' ? KeyCode.Enter : Letter(final));
        if (start == 3) return (end + 1, arguments.Length == 0 && final is >= 'A' and <= 'E' ? KeyCode.F1 + (final - 'A') : KeyCode.Unknown);
        if (arguments == "200" && final == '~')
        {
            (_isPaste, _flushes) = (true, 0);
            return (end + 1, null);
        }

        // A report (of the mouse, of what the terminal is) has a private sign in front, and is no key.
        if (arguments.Length > 0 && arguments[0] is not (>= '0' and <= '9')) return (end + 1, KeyCode.Unknown);
        return (end + 1, final is '~' or '^' or '$' or '@' ? Numbered(arguments.Split(';')[0]) : final == 'Z' ? KeyCode.BackTab : Letter(final));
    }

    // rxvt ends a number with $ where Shift was held; with a private sign in front a $ is no end.
    private bool IsShifted(int start, int end) => _bytes[end] == '$' && end > start && _bytes[start] is >= (byte)'0' and <= (byte)'9';

    private (int Count, Key? Key) Pasted(bool isEnd)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
        var end = bytes.IndexOf(PasteEnd);
        if (end < 0 && bytes.Length < MostPasted && !isEnd) return (0, null);
        _isPaste = end < 0 && !isEnd;
        // What goes on is taken in pieces, and the end may have begun already.
        var length = end >= 0 ? end : isEnd ? bytes.Length : bytes.Length - PasteEnd.Length + 1;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        return (length + (end < 0 ? 0 : PasteEnd.Length), new Key(KeyCode.Paste, string.Concat(text.Where(character => !char.IsControl(character)))));
    }

    private static KeyCode Letter(char letter) => letter switch
    {
        'A' => KeyCode.Up,
        'B' => KeyCode.Down,
        'C' => KeyCode.Right,
        'D' => KeyCode.Left,
        // rxvt with Shift (CSI) and Ctrl (SS3).
        'a' => KeyCode.Up,
        'b' => KeyCode.Down,
        'c' => KeyCode.Right,
        'd' => KeyCode.Left,
        'H' => KeyCode.Home,
        'F' => KeyCode.End,
        >= 'P' and <= 'S' => KeyCode.F1 + (letter - 'P'),
        _ => KeyCode.Unknown,
    };

    // A vt100's keypad in application mode sends SS3 and a letter for each sign.
    private static Key? Keypad(char letter) => letter is >= 'j' and <= 'y' ? new Key(KeyCode.Character, ((char)(letter - 0x40)).ToString()) : null;

    private static KeyCode Numbered(string number) => number switch
    {
        "1" or "7" => KeyCode.Home,
        "2" => KeyCode.Insert,
        "3" => KeyCode.Delete,
        "4" or "8" => KeyCode.End,
        "5" => KeyCode.PageUp,
        "6" => KeyCode.PageDown,
        // A vt220 has no F1 of its own; its Help key is 28.
        "11" or "28" => KeyCode.F1,
        "12" => KeyCode.F2,
        "13" => KeyCode.F3,
        "14" => KeyCode.F4,
        "15" => KeyCode.F5,
        "17" => KeyCode.F6,
        "18" => KeyCode.F7,
        "19" => KeyCode.F8,
        "20" => KeyCode.F9,
        "21" => KeyCode.F10,
        "23" => KeyCode.F11,
        "24" => KeyCode.F12,
        _ => KeyCode.Unknown,
    };
}
