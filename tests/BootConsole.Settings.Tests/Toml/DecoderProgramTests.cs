// The decoder as a program: what toml-test sees of it.
using System.Diagnostics;

namespace BootConsole.Settings.Tests.Toml;

public sealed class DecoderProgramTests
{
    private static (int Code, string Output, string Errors) Run(byte[] input)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "toml-decoder"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var program = Process.Start(start)!;
        program.StandardInput.BaseStream.Write(input);
        program.StandardInput.Close();
        var errors = program.StandardError.ReadToEndAsync();
        var output = program.StandardOutput.ReadToEnd();
        program.WaitForExit();
        return (program.ExitCode, output, errors.Result);
    }

    [Fact]
    public void A_document_is_written_as_tagged_JSON()
    {
        var (code, output, errors) = Run("""
            i = 1
            f = 1.0
            b = true
            s = "x\u0000é"
            [t]
            d = 2021-05-06
            a = [ 07:32:00, -nan, 1e400, [ ] ]
            z = 2021-05-06 07:32:00.50-00:00
            l = 2021-05-06 07:32:00
            """u8.ToArray());
        Assert.Equal("", errors);
        Assert.Equal(0, code);
        Assert.Equal(
            """
            {"i":{"type":"integer","value":"1"},"f":{"type":"float","value":"1.0"},"b":{"type":"bool","value":"true"},"s":{"type":"string","value":"x\u0000é"},
            "t":{"d":{"type":"date-local","value":"2021-05-06"},"a":[{"type":"time-local","value":"07:32:00"},{"type":"float","value":"nan"},{"type":"float","value":"inf"},[]],
            "z":{"type":"datetime","value":"2021-05-06T07:32:00.50Z"},"l":{"type":"datetime-local","value":"2021-05-06T07:32:00"}}}
            """.ReplaceLineEndings("") + "\n",
            output);
    }

    [Fact]
    public void An_invalid_document_gives_code_1_the_reason_and_no_output()
    {
        var (code, output, errors) = Run("k = 1\nk = 2\n"u8.ToArray());
        Assert.Equal((1, "", "line 2, column 1: k already has a value on line 1\n"), (code, output, errors));
    }

    [Fact]
    public void A_deep_document_is_written_and_a_deeper_one_refused()
    {
        Assert.Equal(0, Run([.. "a = "u8, .. Enumerable.Repeat((byte)'[', 256), .. Enumerable.Repeat((byte)']', 256)]).Code);
        Assert.Equal(1, Run([.. "a = "u8, .. Enumerable.Repeat((byte)'[', 1 << 20)]).Code);
    }
}
