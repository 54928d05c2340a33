// The checksum against its published check value.
using BootConsole.Disks.Tables;

namespace BootConsole.Disks.Tests.Tables;

public sealed class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_polynomial_comes_out() => Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
}
