// Sizes and rates as text.
using BootConsole.Core;

namespace BootConsole.Core.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(1_572_864, "1.50 MiB")]
    [InlineData(10_234, "9.99 KiB")]
    [InlineData(10_235, "10.0 KiB")]
    [InlineData(102_348, "99.9 KiB")]
    [InlineData(102_349, "100 KiB")]
    [InlineData(1_152, "1.13 KiB")]
    [InlineData(-5, "-5 B")]
    [InlineData(16L << 30, "16.0 GiB")]
    [InlineData(234L << 30, "234 GiB")]
    [InlineData(long.MaxValue, "8388608 TiB")]
    public void A_size_has_three_digits(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));

    [Fact]
    public void A_size_is_rounded_as_its_quotient_is()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            // Units whose quotients are exact in floating point with digits to spare.
            var power = random.Next(1, 4);
            var bytes = random.NextInt64(1L << (10 * power), 1L << (10 * (power + 1)));
            var quotient = bytes / Math.Pow(1024, power);
            var digits = quotient >= 99.95 ? "0" : quotient >= 9.995 ? "0.0" : "0.00";
            Assert.Equal($"{quotient.ToString(digits, System.Globalization.CultureInfo.InvariantCulture)} {" KMG"[power]}iB", ByteSize.Format(bytes));
        }
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("16 MiB", 16 << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("2 GB", 2_000_000_000)]
    public void A_size_is_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var found));
        Assert.Equal(bytes, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1 mib")]
    [InlineData("1 X")]
    [InlineData("99999999999 TiB")]
    [InlineData("1..5 MiB")]
    public void A_bad_size_is_not_read(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("50 Mbit/s", 6_250_000)]
    [InlineData("5 MB/s", 5_000_000)]
    [InlineData("2.5 MiB/s", 2_621_440)]
    [InlineData("1 B/s", 1)]
    public void A_rate_is_read_in_bits_or_bytes(string text, long bytesPerSecond)
    {
        Assert.True(ByteSize.TryParseRate(text, out var found));
        Assert.Equal(bytesPerSecond, found);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("50 Mbit")]
    [InlineData("5 mb/s")]
    [InlineData("7 bit/s")]
    [InlineData("0 MB/s")]
    [InlineData("-1 MB/s")]
    [InlineData("99999999999 GiB/s")]
    [InlineData("fast")]
    public void A_bad_rate_is_not_read(string text) => Assert.False(ByteSize.TryParseRate(text, out _));
}
