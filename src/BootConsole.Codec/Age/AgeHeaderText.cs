// The text of an age header, line by line: the grammar of age-encryption.org/v1, "ABNF definition of file header", and nothing more lenient.
using System.Text;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Reads and writes header text. Messages hold line numbers, never text of the file.</summary>
internal static class AgeHeaderText
{
    private const int BodyColumns = 64, BodyLineBytes = 48, MacCharacters = 43;

    private static ReadOnlySpan<byte> VersionStart => "age-encryption.org/"u8;

    private static ReadOnlySpan<byte> Version => "age-encryption.org/v1"u8;

    private static ReadOnlySpan<byte> StanzaMark => "-> "u8;

    private static ReadOnlySpan<byte> MacMark => "--- "u8;

    /// <summary>Reads a header.</summary>
    /// <returns>Null when <paramref name="text"/> ends before the header does.</returns>
    /// <exception cref="CorruptFault">A line breaks the grammar.</exception>
    internal static AgeHeader? TryRead(ReadOnlySpan<byte> text)
    {
        var lines = new LineReader(text);
        if (!lines.TryNext(out var line)) return IsStartOf(text, Version) ? null : throw WrongVersion(text);
        if (!line.SequenceEqual(Version)) throw WrongVersion(line);

        var stanzas = new List<AgeStanza>();
        while (true)
        {
            var lineStart = lines.Position;
            if (!lines.TryNext(out line)) return null;
            if (line.StartsWith(MacMark)) return Finish(stanzas, text[..(lineStart + MacMark.Length - 1)], line[MacMark.Length..], lines);
            if (!line.StartsWith(StanzaMark)) throw Malformed("starts neither a recipient nor the end of the header", lines);
            var arguments = ReadArguments(line[StanzaMark.Length..], lines);
            if (ReadBody(ref lines) is not { } body) return null;
            stanzas.Add(new AgeStanza(arguments[0], arguments[1..], body));
        }
    }

    /// <summary>Writes the text of a header up to and with its <c>---</c>.</summary>
    internal static byte[] WriteSigned(IEnumerable<AgeStanza> stanzas)
    {
        var text = new StringBuilder().Append(Encoding.ASCII.GetString(Version)).Append('\n');
        foreach (var stanza in stanzas)
        {
            text.Append("-> ").AppendJoin(' ', [stanza.Type, .. stanza.Arguments]).Append('\n');
            // The last line is always short: an empty one follows a body that fills its lines.
            var body = AgeBase64.Encode(stanza.Body.Span);
            for (var start = 0; start <= body.Length; start += BodyColumns)
                text.Append(body, start, Math.Min(BodyColumns, body.Length - start)).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.Append("---").ToString());
    }

    private static AgeHeader Finish(List<AgeStanza> stanzas, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> macText, LineReader lines)
    {
        var mac = new byte[AgeFileKey.MacBytes];
        if (macText.Length != MacCharacters || !AgeBase64.TryDecode(macText, mac)) throw Malformed("does not hold a MAC", lines);
        if (stanzas.Count == 0) throw Malformed("ends a header without recipients", lines);
        // A password must not share its file with other recipients: it is taken as proof of who wrote the file.
        if (stanzas.Count > 1 && stanzas.Exists(stanza => stanza.Type == PasswordRecipient.StanzaType)) throw AgeFault.Header("it has a password beside other recipients");
        return new AgeHeader(stanzas, signed.ToArray(), mac, lines.Position);
    }

    private static string[] ReadArguments(ReadOnlySpan<byte> line, LineReader lines)
    {
        foreach (var character in line)
            if (character is < 0x20 or > 0x7E) throw Malformed("has a character that is not allowed", lines);
        var arguments = Encoding.ASCII.GetString(line).Split(' ');
        return arguments.Contains("") ? throw Malformed("has an empty argument", lines) : arguments;
    }

    private static byte[]? ReadBody(ref LineReader lines)
    {
        var body = new List<byte>();
        Span<byte> decoded = stackalloc byte[BodyLineBytes];
        while (lines.TryNext(out var line))
        {
            if (line.Length > BodyColumns) throw Malformed("is too long", lines);
            var part = decoded[..AgeBase64.DecodedBytes(line.Length)];
            if (!AgeBase64.TryDecode(line, part)) throw Malformed("is not canonical base64", lines);
            body.AddRange(part);
            if (line.Length < BodyColumns) return [.. body];
        }

        return null;
    }

    private static bool IsStartOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> whole) => text.Length <= whole.Length && whole.StartsWith(text);

    private static CorruptFault WrongVersion(ReadOnlySpan<byte> line) =>
        line.StartsWith(VersionStart) ? AgeFault.Header("it has another version of the age format than v1") : new CorruptFault("not an age file") { Part = EncryptedPart.Header };

    private static CorruptFault Malformed(string how, LineReader lines) => AgeFault.Header($"line {lines.Count} of its header {how}");

    /// <summary>Walks over lines that end with a line feed.</summary>
    private ref struct LineReader(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;

        /// <summary>First byte after the lines read so far.</summary>
        internal int Position { get; private set; }

        /// <summary>Lines read so far.</summary>
        internal int Count { get; private set; }

        /// <summary>Gives the next line without its line feed; false when no line feed is left.</summary>
        internal bool TryNext(out ReadOnlySpan<byte> line)
        {
            var rest = _text[Position..];
            var length = rest.IndexOf((byte)'\n');
            line = length < 0 ? default : rest[..length];
            if (length < 0) return false;
            Position += length + 1;
            Count++;
            return true;
        }
    }
}
