// The bytes of a TOML file: valid UTF-8, perhaps with a byte order mark in front.
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace BootConsole.Settings.Toml;

/// <summary>Checks on encoding, made once for the whole file so that everything after may take it for granted.</summary>
internal static class TomlEncoding
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Length of the byte order mark at the start: 3 or 0. TOML 1.0 is silent on it; Windows editors write it.</summary>
    public static int MarkLength(ReadOnlySpan<byte> text) => text.StartsWith(Mark) ? Mark.Length : 0;

    /// <summary>Offset of the first byte that is not UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF), or -1.</summary>
    public static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text)) return -1;
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf8(text[at..], out _, out var taken) != OperationStatus.Done) return at;
            at += taken;
        }

        return -1;
    }

    /// <summary>True for the control characters that may stand nowhere in a TOML file; tab, line feed and carriage return are judged by their place.</summary>
    public static bool IsForbiddenControl(int unit) => unit is (>= 0x00 and <= 0x08) or 0x0B or 0x0C or (>= 0x0E and <= 0x1F) or 0x7F;
}
