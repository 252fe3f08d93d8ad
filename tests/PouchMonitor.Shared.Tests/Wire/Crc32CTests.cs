using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>The check sum: published values, and the table the nodes use against the instruction the gateway uses.</summary>
public class Crc32CTests
{
    [Theory]
    [InlineData("313233343536373839", 0xE3069283)] // "123456789", the usual check value
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)] // RFC 3720 B.4
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62A8AB43)] // RFC 3720 B.4
    [InlineData("", 0x00000000)]
    public void KnownValues(string hex, uint crc)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(crc, Crc32C.Compute(bytes, 0, bytes.Length));
        Assert.Equal(crc, Crc32C.ComputeByTable(bytes, 0, bytes.Length));
    }

    [Fact]
    public void TableAndInstruction_Agree()
    {
        byte[] bytes = new byte[100];
        new Random(1).NextBytes(bytes);
        for (int length = 0; length <= 90; length++)
        {
            Assert.Equal(Crc32C.ComputeByTable(bytes, length % 9, length), Crc32C.Compute(bytes, length % 9, length));
        }
    }
}
