// Right and wrong age files, by the categories of the published age test vectors (github.com/C2SP/CCTV, age), made here from the specification.
using static BootConsole.Codec.Tests.Age.Outcome;

namespace BootConsole.Codec.Tests.Age;

internal static class AgeVectors
{
    private const int Full = AgeLayout.BlockBytes;

    internal static readonly IReadOnlyDictionary<string, Func<AgeVector>> All = Header().Concat(X25519()).Concat(Scrypt()).Concat(Stream()).Concat(Armor())
        .ToDictionary(entry => entry.Name, entry => entry.Make);

    private static (string Name, Func<AgeVector> Make) Case(string name, Outcome outcome, Func<AgeVector, AgeVector> build) => (name, () =>
    {
        var vector = build(new AgeVector());
        vector.Outcome = outcome;
        if (outcome is not (Success or PayloadFailure)) vector.Released.SetLength(0);
        return vector;
    }
    );

    private static AgeVector Whole(AgeVector file) => file.Version().X25519().Mac().Payload();

    private static AgeVector Opened(AgeVector file) => file.Version().X25519().Mac().Nonce();

    // A stanza before the one that opens the file.
    private static AgeVector WithStanza(AgeVector file, Func<AgeVector, AgeVector> stanza) => stanza(file.Version()).X25519().Mac().Payload();

    // The file's MAC line, changed as text.
    private static AgeVector WithMacLine(AgeVector file, Func<string, string> change)
    {
        file.Version().X25519().Mac();
        return file.Text(change(file.Unread())).Payload();
    }

    // The stanza's argument line, changed as text, under a MAC that fits.
    private static AgeVector WithArguments(AgeVector stanza, Func<string, string> change)
    {
        string body = stanza.Unread(), arguments = stanza.Unread();
        return stanza.Line(change(arguments)).Line(body).Mac().Payload();
    }

    private static AgeVector WithBody(AgeVector stanza, Func<string, string> change) => stanza.Line(change(stanza.Unread())).Mac().Payload();

    private static IEnumerable<(string Name, Func<AgeVector> Make)> Header() =>
    [
        Case("empty", HeaderFailure, file => file),
        Case("not_age", HeaderFailure, file => file.Line("hello world")),
        Case("version_unsupported", HeaderFailure, file => file.Line("age-encryption.org/v1234").X25519().Mac().Payload()),
        Case("header_crlf", HeaderFailure, file => file.Text("age-encryption.org/v1\r\n").X25519().Mac().Payload()),
        Case("header_no_recipients", HeaderFailure, file => file.Version().Mac().Payload()),
        Case("header_truncated", HeaderFailure, file => file.Version().X25519()),
        Case("stanza_valid_characters", Success, file => WithStanza(file, with => with.Line("-> !\"#$%&' ()*+,-./ 01234567 89:;<=>? @ABCDEFG HIJKLMNO").Body([]).Line("-> PQRSTUVW XYZ[\\]^_ `abcdefg hijklmno pqrstuvw xyz{|}~").Body([]))),
        Case("stanza_bad_start", HeaderFailure, file => WithStanza(file, with => with.Line("-- stanza").Body([]))),
        Case("stanza_base64_padding", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza").Line("AAA="))),
        Case("stanza_empty_argument", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza  two").Body([]))),
        Case("stanza_trailing_space", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza ").Body([]))),
        Case("stanza_empty_body", Success, file => WithStanza(file, with => with.Line("-> stanza").Body([]))),
        Case("stanza_empty_last_line", Success, file => WithStanza(file, with => with.Line("-> stanza").Body(new byte[48]))),
        Case("stanza_two_full_lines", Success, file => WithStanza(file, with => with.Line("-> stanza").Body(new byte[100]))),
        Case("stanza_invalid_character", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza \u00e8").Body([]))),
        Case("stanza_control_character", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza \u007f").Body([]))),
        Case("stanza_long_line", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza").Line(new string('A', 68)).Line(""))),
        Case("stanza_missing_body", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza"))),
        Case("stanza_missing_final_line", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza").Line(new string('A', 64)))),
        Case("stanza_multiple_short_lines", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza").Line("AAAA").Line("AAAA"))),
        Case("stanza_no_arguments", HeaderFailure, file => WithStanza(file, with => with.Line("->").Body([]))),
        Case("stanza_no_arguments_space", HeaderFailure, file => WithStanza(file, with => with.Line("-> ").Body([]))),
        Case("stanza_not_canonical", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza").Line("AAB"))),
        Case("stanza_impossible_length", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza").Line("AAAAA"))),
        Case("stanza_spurious_cr", HeaderFailure, file => WithStanza(file, with => with.Line("-> stanza").Line("AAAA\r"))),
        Case("hmac_bad", HmacFailure, file => file.Version().X25519().Mac(mac => [(byte)(mac[0] ^ 1), .. mac[1..]]).Payload()),
        Case("hmac_other_header", HmacFailure, file => file.Version().X25519().Line("-> more").Body([]).Mac(_ => new byte[32]).Payload()),
        Case("hmac_extra_space", HeaderFailure, file => WithMacLine(file, line => line.Replace("--- ", "---  ", StringComparison.Ordinal) + "\n")),
        Case("hmac_garbage", HeaderFailure, file => WithMacLine(file, line => line + "AAA\n")),
        Case("hmac_missing", HeaderFailure, file => WithMacLine(file, _ => "---\n")),
        Case("hmac_no_space", HeaderFailure, file => WithMacLine(file, line => line.Replace("--- ", "---", StringComparison.Ordinal) + "\n")),
        Case("hmac_not_canonical", HeaderFailure, file => WithMacLine(file, line => AgeVector.NotCanonical(line) + "\n")),
        Case("hmac_trailing_space", HeaderFailure, file => WithMacLine(file, line => line + " \n")),
        Case("hmac_crlf", HeaderFailure, file => WithMacLine(file, line => line + "\r\n")),
        Case("hmac_truncated", HeaderFailure, file => WithMacLine(file, line => line[..^1] + "\n")),
    ];

    private static IEnumerable<(string Name, Func<AgeVector> Make)> X25519() =>
    [
        Case("x25519", Success, Whole),
        Case("x25519_bad_tag", NoMatch, file => file.Version().X25519(change: body => [.. body[..^1], (byte)(body[^1] ^ 1)]).Mac().Payload()),
        Case("x25519_extra_argument", HeaderFailure, file => WithArguments(file.Version().X25519(), line => line + " 1234")),
        Case("x25519_missing_share", HeaderFailure, file => WithArguments(file.Version().X25519(), _ => "-> X25519")),
        Case("x25519_grease", Success, file => file.Version().Line("-> grease").Body([]).X25519().Line("-> grease").Body([]).Mac().Payload()),
        Case("x25519_identity", HeaderFailure, file => file.Version().X25519(share: new byte[32]).Mac().Payload()),
        Case("x25519_low_order", HeaderFailure, file => file.Version().X25519(share: Convert.FromHexString("E0EB7A7C3B41B8AE1656E3FAF19FC46ADA098DEB9C32B1FD866205165F49B800")).Mac().Payload()),
        Case("x25519_long_file_key", HeaderFailure, file => file.Key("A LONGER YELLOW SUBMARINE").Version().X25519().Mac().Payload()),
        Case("x25519_short_file_key", HeaderFailure, file => file.Key("YELLOW").Version().X25519().Mac().Payload()),
        Case("x25519_long_share", HeaderFailure, file => WithArguments(file.Version().X25519(), _ => "-> X25519 " + AgeVector.Base64(new byte[33]))),
        Case("x25519_short_share", HeaderFailure, file => WithArguments(file.Version().X25519(), _ => "-> X25519 " + AgeVector.Base64(new byte[31]))),
        Case("x25519_lowercase", NoMatch, file => file.Version().X25519(type: "x25519").Mac().Payload()),
        Case("x25519_multiple_recipients", Success, file => file.Version().X25519(AgeVector.OtherScalar).X25519().Mac().Payload()),
        Case("x25519_no_match", NoMatch, file => file.Version().X25519(AgeVector.OtherScalar).Mac().Payload()),
        Case("x25519_not_canonical_body", HeaderFailure, file => WithBody(file.Version().X25519(), AgeVector.NotCanonical)),
        Case("x25519_not_canonical_share", HeaderFailure, file => WithArguments(file.Version().X25519(), AgeVector.NotCanonical)),
    ];

    private static IEnumerable<(string Name, Func<AgeVector> Make)> Scrypt() =>
    [
        Case("scrypt", Success, file => file.Version().Scrypt().Mac().Payload()),
        Case("scrypt_and_x25519", HeaderFailure, file => file.Version().X25519().Scrypt().Mac().Payload()),
        Case("scrypt_and_grease", HeaderFailure, file => file.Version().Scrypt().Line("-> grease").Body([]).Mac().Payload()),
        Case("scrypt_double", HeaderFailure, file => file.Version().Scrypt().Scrypt().Mac().Payload()),
        Case("scrypt_bad_tag", NoMatch, file => file.Version().Scrypt(change: body => [.. body[..^1], (byte)(body[^1] ^ 1)]).Mac().Payload()),
        Case("scrypt_extra_argument", HeaderFailure, file => WithArguments(file.Version().Scrypt(), line => line + " 1234")),
        Case("scrypt_long_file_key", HeaderFailure, file => file.Key("A LONGER YELLOW SUBMARINE").Version().Scrypt().Mac().Payload()),
        Case("scrypt_no_match", NoMatch, file => file.Version().Scrypt("hunter2").Mac().Payload()),
        Case("scrypt_not_canonical_body", HeaderFailure, file => WithBody(file.Version().Scrypt(), AgeVector.NotCanonical)),
        Case("scrypt_not_canonical_salt", HeaderFailure, file => WithArguments(file.Version().Scrypt(), line => line.Replace(AgeVector.Base64(SampleContent.Random(104, 16)), AgeVector.NotCanonical(AgeVector.Base64(SampleContent.Random(104, 16))), StringComparison.Ordinal))),
        Case("scrypt_salt_long", HeaderFailure, file => file.Version().Scrypt(salt: new byte[17]).Mac().Payload()),
        Case("scrypt_salt_short", HeaderFailure, file => file.Version().Scrypt(salt: new byte[15]).Mac().Payload()),
        Case("scrypt_salt_missing", HeaderFailure, file => WithArguments(file.Version().Scrypt(), _ => "-> scrypt 10")),
        Case("scrypt_uppercase", NoMatch, file => file.Version().Scrypt(type: "Scrypt").Mac().Payload()),
        Case("scrypt_work_factor_15", Success, file => file.Version().Scrypt(logN: 15).Mac().Payload()),
        Case("scrypt_work_factor_23", HeaderFailure, file => file.Version().Scrypt(logText: "23").Mac().Payload()),
        Case("scrypt_work_factor_63", HeaderFailure, file => file.Version().Scrypt(logText: "63").Mac().Payload()),
        Case("scrypt_work_factor_hex", HeaderFailure, file => file.Version().Scrypt(logText: "0xA").Mac().Payload()),
        Case("scrypt_work_factor_leading_garbage", HeaderFailure, file => file.Version().Scrypt(logText: "aaaa10").Mac().Payload()),
        Case("scrypt_work_factor_leading_plus", HeaderFailure, file => file.Version().Scrypt(logText: "+9", logN: 9).Mac().Payload()),
        Case("scrypt_work_factor_leading_zero_decimal", HeaderFailure, file => file.Version().Scrypt(logText: "09", logN: 9).Mac().Payload()),
        Case("scrypt_work_factor_leading_zero_octal", HeaderFailure, file => file.Version().Scrypt(logText: "012").Mac().Payload()),
        Case("scrypt_work_factor_missing", HeaderFailure, file => WithArguments(file.Version().Scrypt(), line => line[..^3])),
        Case("scrypt_work_factor_negative", HeaderFailure, file => file.Version().Scrypt(logText: "-1").Mac().Payload()),
        Case("scrypt_work_factor_overflow", HeaderFailure, file => file.Version().Scrypt(logText: "18446744073709551616").Mac().Payload()),
        Case("scrypt_work_factor_trailing_garbage", HeaderFailure, file => file.Version().Scrypt(logText: "9a", logN: 9).Mac().Payload()),
        Case("scrypt_work_factor_wrong", NoMatch, file => file.Version().Scrypt(logText: "12").Mac().Payload()),
        Case("scrypt_work_factor_zero", HeaderFailure, file => file.Version().Scrypt(logText: "0", logN: 1).Mac().Payload()),
    ];

    private static IEnumerable<(string Name, Func<AgeVector> Make)> Stream() =>
    [
        Case("stream_no_nonce", HeaderFailure, file => file.Version().X25519().Mac()),
        Case("stream_short_nonce", HeaderFailure, file => file.Version().X25519().Mac().Raw(new byte[12])),
        Case("stream_no_chunks", PayloadFailure, Opened),
        Case("stream_empty_payload", Success, file => Opened(file).Block(0, isLast: true)),
        Case("stream_missing_tag", PayloadFailure, file => Opened(file).Raw(new byte[8])),
        Case("stream_bad_tag", PayloadFailure, file => Opened(file).Block(3, isLast: true, isReleased: false, isDamaged: true)),
        Case("stream_bad_tag_second_chunk", PayloadFailure, file => Opened(file).Block(Full).Block(3, isLast: true, isReleased: false, isDamaged: true)),
        Case("stream_bad_tag_second_chunk_full", PayloadFailure, file => Opened(file).Block(Full).Block(Full, isLast: true, isReleased: false, isDamaged: true)),
        Case("stream_short_chunk", PayloadFailure, file => Opened(file).Block(100, isReleased: false).Block(3, isLast: true, isReleased: false)),
        Case("stream_short_second_chunk", PayloadFailure, file => Opened(file).Block(Full).Raw(new byte[12])),
        Case("stream_two_chunks", Success, file => Opened(file).Block(Full).Block(3, isLast: true)),
        Case("stream_three_chunks", Success, file => Opened(file).Block(Full).Block(Full).Block(3, isLast: true)),
        Case("stream_last_chunk_full", Success, file => Opened(file).Block(Full, isLast: true)),
        Case("stream_last_chunk_full_second", Success, file => Opened(file).Block(Full).Block(Full, isLast: true)),
        Case("stream_last_chunk_empty", PayloadFailure, file => Opened(file).Block(Full).Block(0, isLast: true)),
        Case("stream_no_final", PayloadFailure, file => Opened(file).Block(3, isReleased: false)),
        Case("stream_no_final_full", PayloadFailure, file => Opened(file).Block(Full)),
        Case("stream_no_final_two_chunks", PayloadFailure, file => Opened(file).Block(Full).Block(3, isReleased: false)),
        Case("stream_no_final_two_chunks_full", PayloadFailure, file => Opened(file).Block(Full).Block(Full)),
        Case("stream_trailing_garbage_short", PayloadFailure, file => Opened(file).Block(Full, isLast: true).Raw(new byte[12])),
        Case("stream_trailing_garbage_long", PayloadFailure, file => Opened(file).Block(Full, isLast: true).Raw(new byte[20])),
        Case("stream_trailing_garbage_after_short", PayloadFailure, file => Opened(file).Block(3, isLast: true, isReleased: false).Raw(new byte[1])),
        Case("stream_two_final_chunks", PayloadFailure, file => Opened(file).Block(Full, isLast: true).Block(3, isLast: true, isReleased: false)),
        Case("stream_two_final_chunks_full", PayloadFailure, file => Opened(file).Block(Full, isLast: true).Block(Full, isLast: true, isReleased: false)),
        Case("stream_two_final_chunks_second", PayloadFailure, file => Opened(file).Block(Full).Block(Full, isLast: true).Block(3, isLast: true, isReleased: false)),
        Case("stream_two_final_chunks_short", PayloadFailure, file => Opened(file).Block(3, isLast: true, isReleased: false).Block(3, isLast: true, isReleased: false)),
        Case("stream_15_chunks_full", Success, file => Blocks(Opened(file), 14).Block(Full, isLast: true)),
        Case("stream_16_chunks", Success, file => Blocks(Opened(file), 15).Block(1, isLast: true)),
        Case("stream_257_chunks", Success, file => Blocks(Opened(file), 256).Block(3, isLast: true)),
        Case("stream_257_chunks_full", Success, file => Blocks(Opened(file), 256).Block(Full, isLast: true)),
    ];

    private static AgeVector Blocks(AgeVector file, int count)
    {
        for (var i = 0; i < count; i++) file.Block(Full);
        return file;
    }

    private static IEnumerable<(string Name, Func<AgeVector> Make)> Armor() =>
    [
        Case("armor", Success, file => Whole(file).Armor()),
        Case("armor_crlf", Success, file => Whole(file).Armor(lineEnd: "\r\n")),
        Case("armor_scrypt", Success, file => file.Version().Scrypt().Mac().Payload().Armor()),
        Case("armor_no_eol", Success, file => Whole(file).Armor(lines => lines[..^1])),
        Case("armor_whitespace_outside", Success, file => Whole(file).Armor(lines => ["", "\r   \t", .. lines, "\r   \t", ""])),
        Case("armor_full_last_line", Success, file => FullLine(file).Armor()),
        Case("armor_empty", HeaderFailure, file => file.Armor()),
        Case("armor_header_crlf", HeaderFailure, file => file.Text("age-encryption.org/v1\r\n").X25519().Mac().Payload().Armor()),
        Case("armor_no_match", NoMatch, file => file.Version().X25519(AgeVector.OtherScalar).Mac().Payload().Armor()),
        Case("armor_garbage_encoded", PayloadFailure, file => Opened(file).Block(Full, isLast: true).Raw(new byte[20]).Armor()),
        Case("armor_empty_last_line", ArmorFailure, file => FullLine(file).Armor(lines => [.. lines[..^2], "", .. lines[^2..]])),
        Case("armor_empty_line_begin", ArmorFailure, file => Whole(file).Armor(lines => [lines[0], "", .. lines[1..]])),
        Case("armor_empty_line_end", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^2], "", .. lines[^2..]])),
        Case("armor_eol_between_padding", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^3], lines[^3][..^1], "=", .. lines[^2..]])),
        Case("armor_garbage_leading", ArmorFailure, file => Whole(file).Armor(lines => ["garbage", .. lines])),
        Case("armor_garbage_trailing", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^1], "garbage", ""])),
        Case("armor_headers", ArmorFailure, file => Whole(file).Armor(lines => [lines[0], "Headers: are", "Not: allowed", "", .. lines[1..]])),
        Case("armor_invalid_character_header", ArmorFailure, file => Whole(file).Armor(lines => [lines[0], "*" + lines[1][1..], .. lines[2..]])),
        Case("armor_invalid_character_payload", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^3], "*" + lines[^3][1..], .. lines[^2..]])),
        Case("armor_long_line", ArmorFailure, file => Whole(file).Armor(lines => [lines[0], string.Concat(lines[1..^2]), .. lines[^2..]])),
        Case("armor_short_line", ArmorFailure, file => Whole(file).Armor(lines => [lines[0], lines[1][..60], lines[1][60..], .. lines[2..]])),
        Case("armor_lowercase", ArmorFailure, file => Whole(file).Armor(lines => [lines[0].ToLowerInvariant(), .. lines[1..]])),
        Case("armor_no_end_line", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^2], ""])),
        Case("armor_no_padding", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^3], lines[^3].TrimEnd('='), .. lines[^2..]])),
        Case("armor_not_canonical", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^3], NotCanonicalPadded(lines[^3]), .. lines[^2..]])),
        Case("armor_pgp_checksum", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^2], "=AAAA", .. lines[^2..]])),
        Case("armor_whitespace_begin", ArmorFailure, file => Whole(file).Armor(lines => ["----- BEGIN AGE ENCRYPTED FILE -----", .. lines[1..]])),
        Case("armor_whitespace_end", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^2], "----- END AGE ENCRYPTED FILE -----", ""])),
        Case("armor_whitespace_eol", ArmorFailure, file => Whole(file).Armor(lines => [lines[0], lines[1] + " ", .. lines[2..]])),
        Case("armor_whitespace_last_line", ArmorFailure, file => Whole(file).Armor(lines => [.. lines[..^3], lines[^3] + " ", .. lines[^2..]])),
        Case("armor_whitespace_line_start", ArmorFailure, file => Whole(file).Armor(lines => [lines[0], " " + lines[1], .. lines[2..]])),
        Case("armor_wrong_type", ArmorFailure, file => Whole(file).Armor(lines => ["-----BEGIN AGE ENCRYPTED MESSAGE-----", .. lines[1..^2], "-----END AGE ENCRYPTED MESSAGE-----", ""])),
    ];

    // A payload of a length that makes the last line of armor full.
    private static AgeVector FullLine(AgeVector file)
    {
        var start = Opened(file);
        return start.Block(48 - (start.File.Length + 16) % 48, isLast: true);
    }

    private static string NotCanonicalPadded(string line)
    {
        var text = line.TrimEnd('=');
        return AgeVector.NotCanonical(text) + line[text.Length..];
    }
}
