// What keyboards send, sequence by sequence as the terminals' own documents list them; cut anywhere; and what no keyboard sends.
using System.Text;
using BootConsole.Appliance.Terminal;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Appliance.Tests.Terminals;

public sealed class KeyDecoderTests
{
    private static readonly (string Terminal, string[] Keys)[] Known =
    [
        ("xterm", [
            "\e[A Up", "\e[B Down", "\e[C Right", "\e[D Left", "\e[H Home", "\e[F End", "\eOA Up", "\eOB Down", "\eOC Right", "\eOD Left", "\eOH Home", "\eOF End", "\e[2~ Insert", "\e[3~ Delete", "\e[5~ PageUp", "\e[6~ PageDown",
            "\eOP F1", "\eOQ F2", "\eOR F3", "\eOS F4", "\e[15~ F5", "\e[17~ F6", "\e[18~ F7", "\e[19~ F8", "\e[20~ F9", "\e[21~ F10", "\e[23~ F11", "\e[24~ F12", "\e[Z BackTab", "\eOM Enter",
            "\e[1;2A Up", "\e[1;5D Left", "\e[1;3H Home", "\e[1;2P F1", "\e[1;5S F4", "\e[3;5~ Delete", "\e[15;2~ F5", "\e[24;8~ F12", "\eO2P F1", "\eO5C Right", "\x7F Backspace", "\b Backspace", "\r Enter", "\n Enter", "\t Tab",
            "\x03 Interrupt", "\f Redraw", "\x1A Unknown", "\x01 Unknown", "\0 Unknown",
        ]),
        ("Linux console", [
            "\e[[A F1", "\e[[B F2", "\e[[C F3", "\e[[D F4", "\e[[E F5", "\e[17~ F6", "\e[18~ F7", "\e[19~ F8", "\e[20~ F9", "\e[21~ F10", "\e[23~ F11", "\e[24~ F12", "\e[1~ Home", "\e[4~ End", "\e\t BackTab", "\e[[F Unknown", "\e[[1A Unknown",
        ]),
        ("vt100", ["\eOP F1", "\eOS F4", "\eOp 0", "\eOy 9", "\eOm -", "\eOl ,", "\eOn .", "\eOM Enter"]),
        ("vt220", ["\e[1~ Home", "\e[2~ Insert", "\e[3~ Delete", "\e[4~ End", "\e[5~ PageUp", "\e[6~ PageDown", "\e[17~ F6", "\e[24~ F12", "\e[28~ F1", "\e[29~ Unknown", "\e[34~ Unknown"]),
        ("rxvt", ["\e[7~ Home", "\e[8~ End", "\e[11~ F1", "\e[12~ F2", "\e[13~ F3", "\e[14~ F4", "\e[a Up", "\e[b Down", "\e[c Right", "\e[d Left", "\eOa Up", "\eOd Left", "\e[3$ Delete", "\e[3^ Delete", "\e[3@ Delete", "\e[7$ Home", "\e[11^ F1"]),
        ("reports, which are no keys", ["\e[<0;10;5M Unknown", "\e[<0;10;5m Unknown", "\e[M Unknown", "\e[I Unknown", "\e[O Unknown", "\e[?1;2c Unknown", "\e[>0;276;0c Unknown", "\e[?2026;2$y Unknown", "\e[99~ Unknown", "\e[~ Unknown", "\ex Unknown", "\e\x7F Unknown"]),
    ];

    public static TheoryData<string> Terminals => [.. Known.Select(known => known.Terminal)];

    // What people and paste buffers send, in pieces that FsCheck strings together.
    private static readonly Gen<string> Pieces = Gen.Elements((string[])[.. Known.SelectMany(known => known.Keys).Select(key => Split(key).Bytes), "a", "é", "日", "😀", "\e", "\e\e", "\e[200~pa\nste\e[201~", "\e[200~", "\e[201~", "\e[", "\eO", "\e[[", "\e[1;", new string('1', 40), "\e[" + new string('1', 40) + "~"]);
    private static readonly Gen<byte[]> Typed = from pieces in Pieces.ListOf() select Encoding.UTF8.GetBytes(string.Concat(pieces));
    private static readonly Gen<byte[]> Any = Gen.Frequency((1, Typed), (1, Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()), (1, Gen.Elements<byte>(0x1B, (byte)'[', (byte)'O', (byte)'2', (byte)'0', (byte)'~', (byte)';', 0xE6, 0x97, (byte)'A', (byte)'$').ArrayOf()));

    [Theory]
    [MemberData(nameof(Terminals))]
    public void Every_key_of_a_terminal_is_known_whole_and_cut_at_any_byte(string terminal)
    {
        foreach (var (text, expected) in Known.Single(known => known.Terminal == terminal).Keys.Select(Split))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var decoder = new KeyDecoder();
            Assert.Equal([expected], decoder.Take(bytes));
            Assert.Empty(decoder.Flush());
            for (var cut = 1; cut < bytes.Length; cut++)
            {
                var (first, second) = (decoder.Take(bytes.AsSpan(0, cut)), decoder.Take(bytes.AsSpan(cut)));
                Assert.Equal([expected], [.. first, .. second]);
                Assert.Empty(decoder.Flush());
            }
        }
    }

    [Fact]
    public void However_the_bytes_come_in_the_keys_are_the_same() => Check(from bytes in Any from seed in Gen.Choose(0, int.MaxValue) select (bytes, seed), sample =>
    {
        var (whole, pieces, random) = (new KeyDecoder(), new KeyDecoder(), new Random(sample.seed));
        var expected = whole.Take(sample.bytes);
        List<Key> keys = [];
        for (var done = 0; done < sample.bytes.Length;)
        {
            var count = Math.Min(random.Next(1, 8), sample.bytes.Length - done);
            keys.AddRange(pieces.Take(sample.bytes.AsSpan(done, count)));
            done += count;
        }

        return expected.SequenceEqual(keys) && End(whole).SequenceEqual(End(pieces));
    });

    [Fact]
    public void No_bytes_make_it_fail_hang_or_hold_anything_for_ever() => Check(Any, bytes =>
    {
        var decoder = new KeyDecoder();
        var keys = decoder.Take(bytes).Concat(End(decoder)).ToList();
        // Whatever came before, the next key is heard, and no character is a control character.
        return decoder.Take("x"u8).SequenceEqual([new Key(KeyCode.Character, "x")]) && keys.TrueForAll(key => !key.Text.Any(char.IsControl)) && keys.Count <= bytes.Length;
    });

    [Fact]
    public void An_escape_is_a_key_when_nothing_follows_and_two_are_two()
    {
        var decoder = new KeyDecoder();
        Assert.Empty(decoder.Take("\e"u8));
        Assert.Equal([KeyCode.Escape], decoder.Flush());
        Assert.Equal([KeyCode.Escape], decoder.Take("\e\e"u8));
        Assert.Equal([KeyCode.Escape], decoder.Flush());
        Assert.Equal([KeyCode.Escape, KeyCode.Up], decoder.Take("\e\e[A"u8));
        Assert.Empty(decoder.Take("\e["u8));
        Assert.Equal([KeyCode.Unknown], decoder.Flush());
    }

    [Fact]
    public void Characters_come_whole_and_bytes_that_are_none_are_no_key()
    {
        var decoder = new KeyDecoder();
        var bytes = Encoding.UTF8.GetBytes("aß日😀");
        Assert.Equal(["a", "ß", "日", "😀"], bytes.SelectMany(value => decoder.Take([value])).Select(key => key.Text));
        Assert.Equal([KeyCode.Unknown, new Key(KeyCode.Character, "a")], decoder.Take([0xFF, (byte)'a']));
        Assert.Empty(decoder.Take([0xE6, 0x97]));
        Assert.Equal([KeyCode.Unknown], decoder.Flush());
        // CSI as one byte, of an 8-bit terminal: no character, and certainly no sequence.
        Assert.DoesNotContain(KeyCode.Up, decoder.Take([0xC2, 0x9B, (byte)'A']).Select(key => key.Code));
    }

    [Fact]
    public void A_paste_is_one_key_however_long_and_has_no_line_ends()
    {
        var decoder = new KeyDecoder();
        var text = string.Concat(Enumerable.Repeat("0123456789日", 1000));
        Assert.Equal([new Key(KeyCode.Paste, text), KeyCode.Enter], decoder.Take(Encoding.UTF8.GetBytes($"\e[200~{text.Insert(500, "\r\n\e[A\x03")}\e[201~\r")).Select(key => key with { Text = key.Text.Replace("[A", "", StringComparison.Ordinal) }));
        // Slowly, with nothing between the pieces for a while.
        List<Key> keys = [];
        foreach (var piece in Encoding.UTF8.GetBytes($"\e[200~{text}\e[201~").Chunk(7)) keys.AddRange([.. decoder.Take(piece), .. decoder.Flush()]);
        Assert.Equal([new Key(KeyCode.Paste, text)], keys);
    }

    [Fact]
    public void A_paste_whose_end_was_lost_ends_by_itself_and_the_keyboard_lives()
    {
        var decoder = new KeyDecoder();
        Assert.Empty(decoder.Take("\e[200~half"u8));
        Assert.Equal([new Key(KeyCode.Paste, "half")], Enumerable.Range(0, 20).SelectMany(_ => decoder.Flush()));
        Assert.Equal([KeyCode.Interrupt], decoder.Take("\x03"u8));
        // One without anything in it, too.
        Assert.Empty(decoder.Take("\e[200~"u8));
        for (var wait = 0; wait < 20; wait++) Assert.Empty(decoder.Flush());
        Assert.Equal([KeyCode.Enter], decoder.Take("\r"u8));
    }

    [Fact]
    public void An_endless_paste_comes_in_pieces_and_never_turns_into_keys()
    {
        var decoder = new KeyDecoder();
        var piece = Encoding.ASCII.GetBytes(new string('y', 1 << 16) + "\r");
        List<Key> keys = [.. decoder.Take("\e[200~"u8)];
        for (var count = 0; count < 40; count++) keys.AddRange(decoder.Take(piece));
        keys.AddRange(decoder.Take("\e[201~"u8));
        Assert.All(keys, key => Assert.Equal(KeyCode.Paste, key.Code));
        Assert.Equal(40 << 16, keys.Sum(key => key.Text.Length));
    }

    private static List<Key> End(KeyDecoder decoder) => [.. Enumerable.Range(0, 20).SelectMany(_ => decoder.Flush())];

    private static (string Bytes, Key Key) Split(string text)
    {
        var (bytes, name) = (text[..text.LastIndexOf(' ')], text[(text.LastIndexOf(' ') + 1)..]);
        return (bytes, name.Length > 1 ? Enum.Parse<KeyCode>(name) : new Key(KeyCode.Character, name));
    }

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Arb.From(values), holds));
}
