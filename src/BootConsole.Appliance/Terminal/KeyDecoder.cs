// Bytes of a keyboard to keys: the Linux console, xterm and its kin, vt100 and vt220 on a serial line.
using System.Text;

namespace BootConsole.Appliance.Terminal;

/// <summary>
/// Decodes what terminals send (ECMA-48 CSI and SS3 sequences; xterm "Function Keys"; the Linux console's CSI [ A to E; bracketed paste). Never fails: what it does not know is
/// <see cref="KeyCode.Unknown"/>.
/// </summary>
internal sealed class KeyDecoder
{
    private const int MostPasted = 1 << 20, MostSequence = 32;
    private static readonly byte[] PasteEnd = "\e[201~"u8.ToArray();

    private readonly List<byte> _bytes = [];
    private bool _isPaste;

    /// <summary>True when bytes are held back that may be the beginning of something: an escape that stands alone is known only when nothing follows.</summary>
    internal bool IsHolding => _bytes.Count > 0;

    /// <summary>Takes bytes and gives the keys that are complete.</summary>
    internal IReadOnlyList<Key> Take(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return Drain(isEnd: false);
    }

    /// <summary>Nothing followed: what is held back is what it is.</summary>
    internal IReadOnlyList<Key> Flush() => Drain(isEnd: true);

    private List<Key> Drain(bool isEnd)
    {
        List<Key> keys = [];
        while (_bytes.Count > 0)
        {
            var (count, key) = _isPaste ? Pasted() : First(isEnd);
            if (count == 0) break;
            _bytes.RemoveRange(0, count);
            if (key is { } pressed) keys.Add(pressed);
        }

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
        // Two escapes: the first one stands alone.
        if (_bytes[1] == 0x1B) return (1, KeyCode.Escape);
        if (_bytes[1] is not ((byte)'[' or (byte)'O')) return (2, KeyCode.Unknown);
        if (_bytes.Count == 2) return isEnd ? (2, KeyCode.Unknown) : (0, null);
        if (_bytes[1] == 'O') return (3, Letter(_bytes[2]));
        // The Linux console's F1 to F5 are CSI [ A to CSI [ E.
        if (_bytes[2] == '[') return _bytes.Count < 4 ? (isEnd ? 3 : 0, isEnd ? KeyCode.Unknown : null) : (4, _bytes[3] is >= (byte)'A' and <= (byte)'E' ? KeyCode.F1 + (_bytes[3] - 'A') : KeyCode.Unknown);
        var end = 2;
        while (end < _bytes.Count && _bytes[end] is >= 0x20 and < 0x40) end++;
        if (end == _bytes.Count && end < MostSequence) return isEnd ? (end, KeyCode.Unknown) : (0, null);
        if (end >= MostSequence) return (end, KeyCode.Unknown);
        var arguments = Encoding.ASCII.GetString([.. _bytes[2..end]]);
        if (_bytes[end] != '~') return (end + 1, _bytes[end] == 'Z' ? KeyCode.BackTab : Letter(_bytes[end]));
        if (arguments == "200")
        {
            _isPaste = true;
            return (end + 1, null);
        }

        return (end + 1, Numbered(arguments.Split(';')[0]));
    }

    private (int Count, Key? Key) Pasted()
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
        var end = bytes.IndexOf(PasteEnd);
        if (end < 0 && bytes.Length < MostPasted) return (0, null);
        _isPaste = false;
        var length = end < 0 ? bytes.Length : end;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        return (length + (end < 0 ? 0 : PasteEnd.Length), new Key(KeyCode.Paste, string.Concat(text.Where(character => !char.IsControl(character)))));
    }

    private static KeyCode Letter(byte letter) => (char)letter switch
    {
        'A' => KeyCode.Up,
        'B' => KeyCode.Down,
        'C' => KeyCode.Right,
        'D' => KeyCode.Left,
        'H' => KeyCode.Home,
        'F' => KeyCode.End,
        'M' => KeyCode.Enter,
        >= 'P' and <= 'S' => KeyCode.F1 + (letter - 'P'),
        _ => KeyCode.Unknown,
    };

    private static KeyCode Numbered(string number) => number switch
    {
        "1" or "7" => KeyCode.Home,
        "2" => KeyCode.Insert,
        "3" => KeyCode.Delete,
        "4" or "8" => KeyCode.End,
        "5" => KeyCode.PageUp,
        "6" => KeyCode.PageDown,
        "11" => KeyCode.F1,
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
