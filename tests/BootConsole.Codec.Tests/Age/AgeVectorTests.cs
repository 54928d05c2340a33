// Every vector through every reader of the product, through age-tool, and through the real age program.
using System.Diagnostics;
using System.Text;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Codec.Tests.Age;

public sealed class AgeVectorTests
{
    // The program of age 1.1.1 takes an empty last line of armor, and no blanks before the armor; the published vectors say otherwise.
    private static readonly string[] AgeDiffers = ["armor_empty_last_line", "armor_whitespace_outside"];

    public static TheoryData<string> Names => [.. AgeVectors.All.Keys];

    // Stored files have no armor, and small ones have all the edges.
    public static TheoryData<string> Binary => [.. AgeVectors.All.Keys.Where(name => !IsArmored(name))];

    public static TheoryData<string> Small => [.. AgeVectors.All.Keys.Where(name => !name.Contains("257", StringComparison.Ordinal))];

    // The tool adds the recognition of armor and the exit codes; starting it costs a tenth of a second.
    public static TheoryData<string> ForTool =>
        [.. AgeVectors.All.Keys.Where(IsArmored), "empty", "not_age", "hmac_bad", "x25519", "x25519_no_match", "scrypt", "scrypt_no_match", "scrypt_work_factor_23", "stream_no_final_two_chunks_full", "stream_257_chunks"];

    // The program asks a terminal for passwords: see AgeProgramTests.
    public static TheoryData<string> ForAge => [.. AgeVectors.All.Keys.Where(name => !name.Contains("scrypt", StringComparison.Ordinal)).Except(AgeDiffers)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_stream_is_read_as_the_format_demands_and_gives_what_is_authentic(string name)
    {
        var vector = AgeVectors.All[name]();
        using var plain = new MemoryStream();
        Assert.Equal(vector.Outcome, await OutcomeOf(() => AgeFile.DecryptAsync(Dearmored(name, new MemoryStream(vector.File)), plain, Identities(), CancellationToken.None)));
        Assert.Equal(vector.Released.ToArray(), plain.ToArray());
    }

    [Theory]
    [MemberData(nameof(Small))]
    public async Task A_stream_that_trickles_is_read_the_same(string name)
    {
        var vector = AgeVectors.All[name]();
        using var plain = new MemoryStream();
        Assert.Equal(vector.Outcome, await OutcomeOf(() => AgeFile.DecryptAsync(Dearmored(name, new TricklingStream(vector.File)), plain, Identities(), CancellationToken.None)));
        Assert.Equal(vector.Released.ToArray(), plain.ToArray());
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public async Task A_file_in_memory_and_a_range_reader_agree(string name)
    {
        var vector = AgeVectors.All[name]();
        var file = vector.File;
        byte[] opened = [], ranged = [];
        Assert.Equal(vector.Outcome, await OutcomeOf(() => Task.FromResult(opened = AgeFile.Open(file, Identities()))));
        Assert.Equal(vector.Outcome, await OutcomeOf(async () =>
        {
            using var reader = await AgeRangeReader.OpenAsync(file.Length, ReadFrom(file), Identities(), CancellationToken.None);
            await reader.CheckEndAsync(CancellationToken.None);
            ranged = new byte[reader.Layout.PlainBytes];
            await reader.ReadAsync(0, ranged, CancellationToken.None);
        }));
        if (vector.Outcome != Outcome.Success) return;
        Assert.Equal(vector.Released.ToArray(), opened);
        Assert.Equal(vector.Released.ToArray(), ranged);
    }

    [Theory]
    [MemberData(nameof(ForTool))]
    public async Task The_tool_ends_with_the_exit_code_of_the_outcome(string name)
    {
        var vector = AgeVectors.All[name]();
        using var folder = new TempFolder();
        await WriteKeys(folder);
        await File.WriteAllTextAsync(folder["password"], AgeVector.Password + "\n");
        var (exitCode, output) = await Run("dotnet", vector.File, Path.Combine(AppContext.BaseDirectory, "age-tool.dll"), "decrypt", "--identity", folder["keys"], "--password-file", folder["password"]);
        var expected = vector.Outcome switch { Outcome.Success => 0, Outcome.HeaderFailure => 3, Outcome.HmacFailure => 4, Outcome.PayloadFailure => 5, Outcome.NoMatch => 6, _ => 7 };
        Assert.Equal(expected, exitCode);
        if (vector.Outcome != Outcome.ArmorFailure) Assert.Equal(vector.Released.ToArray(), output);
    }

    [Theory]
    [MemberData(nameof(ForAge))]
    public async Task The_age_program_accepts_and_refuses_the_same_files(string name)
    {
        var vector = AgeVectors.All[name]();
        using var folder = new TempFolder();
        await WriteKeys(folder);
        var (exitCode, output) = await Run("age", vector.File, "-d", "-i", folder["keys"]);
        Assert.Equal(vector.Outcome == Outcome.Success, exitCode == 0);
        if (vector.Outcome == Outcome.Success) Assert.Equal(vector.Released.ToArray(), output);
    }

    internal static AgeStoredRead ReadFrom(byte[] file) => (offset, buffer, _) =>
    {
        file.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    };

    internal static IReadOnlyList<AgeIdentity> Identities() =>
        [X25519Identity.Parse(SecretText(AgeVector.Scalar)), new PasswordIdentity(Encoding.UTF8.GetBytes(AgeVector.Password), new ScryptLimits { MaxLogN = 22 })];

    internal static async Task<Outcome> OutcomeOf(Func<Task> read)
    {
        try
        {
            await read();
            return Outcome.Success;
        }
        catch (KeyFault)
        {
            return Outcome.NoMatch;
        }
        catch (RefusedFault)
        {
            return Outcome.HeaderFailure;
        }
        catch (CorruptFault fault)
        {
            return fault.Part switch
            {
                EncryptedPart.Header => Outcome.HeaderFailure,
                EncryptedPart.HeaderMac => Outcome.HmacFailure,
                EncryptedPart.Payload => Outcome.PayloadFailure,
                EncryptedPart.Armor => Outcome.ArmorFailure,
                _ => throw new InvalidOperationException("a fault without its part", fault),
            };
        }
    }

    private static byte[] SecretText(ReadOnlySpan<byte> scalar)
    {
        var text = new byte[X25519Identity.TextBytes];
        Bech32.Encode(scalar, "AGE-SECRET-KEY-"u8, text);
        return text;
    }

    private static bool IsArmored(string name) => name.StartsWith("armor", StringComparison.Ordinal);

    private static Stream Dearmored(string name, Stream file) => IsArmored(name) ? new AgeArmorStream(file) : file;

    private static Task WriteKeys(TempFolder folder) => File.WriteAllBytesAsync(folder["keys"], SecretText(AgeVector.Scalar));

    private static async Task<(int ExitCode, byte[] Output)> Run(string program, byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It refused before reading all.
        }

        await reading;
        await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output.ToArray());
    }
}
