// Integers and floats.
using System.Globalization;

namespace BootConsole.Settings.Toml;

/// <summary>Reads numbers from a word, by the grammar of TOML 1.0 and not by what .NET would take.</summary>
internal static class TomlNumbers
{
    /// <summary>Reads a decimal, hexadecimal, octal or binary integer.</summary>
    /// <returns>False when the word is no integer (<paramref name="isTooLarge"/> false), or one beyond 64 bits (true).</returns>
    public static bool TryParseInteger(ReadOnlySpan<byte> word, out long number, out bool isTooLarge)
    {
        (number, isTooLarge) = (0, false);
        if (word.Length > 2 && word[0] == '0' && word[1] is (byte)'x' or (byte)'o' or (byte)'b')
        {
            var radix = word[1] switch { (byte)'x' => 16, (byte)'o' => 8, _ => 2 };
            return TryParseDigits(word[2..], radix, isNegative: false, out number, out isTooLarge);
        }

        var isNegative = word[0] == '-';
        var digits = isNegative || word[0] == '+' ? word[1..] : word;
        if (digits.Length > 1 && digits[0] == '0') return false;
        return TryParseDigits(digits, 10, isNegative, out number, out isTooLarge);
    }

    /// <summary>Reads a float, <c>inf</c> and <c>nan</c> included.</summary>
    public static bool TryParseFloat(ReadOnlySpan<byte> word, out double number)
    {
        var isNegative = word[0] == '-';
        var digits = isNegative || word[0] == '+' ? word[1..] : word;
        number = digits.SequenceEqual("inf"u8) ? double.PositiveInfinity : double.NaN;
        if (isNegative) number = -number;
        if (digits.SequenceEqual("inf"u8) || digits.SequenceEqual("nan"u8)) return true;
        if (!IsFloat(digits)) return false;
        // An array list, not a stack buffer: a word may be as long as the file.
        var plain = new byte[word.Length];
        var length = 0;
        foreach (var unit in word)
        {
            if (unit != '_') plain[length++] = unit;
        }

        return double.TryParse(plain.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryParseDigits(ReadOnlySpan<byte> digits, int radix, bool isNegative, out long number, out bool isTooLarge)
    {
        (number, isTooLarge) = (0, false);
        if (!IsDigits(digits, radix)) return false;
        // Counted downwards, because the range reaches one further below zero.
        Int128 value = 0;
        foreach (var unit in digits)
        {
            if (unit == '_') continue;
            value = (value * radix) - DigitValue(unit);
            isTooLarge = value < long.MinValue || (!isNegative && value < -long.MaxValue);
            if (isTooLarge) return false;
        }

        number = (long)(isNegative ? value : -value);
        return true;
    }

    // int ( exp / frac [ exp ] )
    private static bool IsFloat(ReadOnlySpan<byte> digits)
    {
        var exponentAt = digits.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? digits : digits[..exponentAt];
        var pointAt = mantissa.IndexOf((byte)'.');
        if (pointAt < 0 && exponentAt < 0) return false;
        var whole = pointAt < 0 ? mantissa : mantissa[..pointAt];
        if (!IsDigits(whole, 10) || (whole.Length > 1 && whole[0] == '0')) return false;
        if (pointAt >= 0 && !IsDigits(mantissa[(pointAt + 1)..], 10)) return false;
        return exponentAt < 0 || IsExponent(digits[(exponentAt + 1)..]);
    }

    private static bool IsExponent(ReadOnlySpan<byte> text) => IsDigits(text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? text[1..] : text, 10);

    // One digit or more; each underscore stands between two digits.
    private static bool IsDigits(ReadOnlySpan<byte> text, int radix)
    {
        var mayBreak = false;
        foreach (var unit in text)
        {
            var isDigit = DigitValue(unit) < radix;
            if (!isDigit && !(unit == '_' && mayBreak)) return false;
            mayBreak = isDigit;
        }

        return mayBreak;
    }

    private static int DigitValue(byte unit) => unit switch
    {
        >= (byte)'0' and <= (byte)'9' => unit - '0',
        >= (byte)'a' and <= (byte)'f' => unit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => unit - 'A' + 10,
        _ => int.MaxValue,
    };
}
