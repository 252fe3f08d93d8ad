using PouchMonitor.Formats;
using PouchMonitor.Formats.Columns;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

public sealed class UnitTests
{
    [Theory]
    [InlineData("Chg. Cap.(mAh)", "chgcap", 3)]
    [InlineData("U[V]", "u", 0)]
    [InlineData("~Time[h]", "time", 0)]
    [InlineData("<I>/mA", "i", 3)]
    [InlineData("(Q-Qo)/mA.h", "q-qo", 3)]
    [InlineData("Q charge/discharge/mA.h", "qcharge/discharge", 3)]
    [InlineData("Temperature/\ufffdC", "temperature", 0)]
    [InlineData("T1(?)", "t1", 0)]
    [InlineData("Current (\u03bcA)", "current", 6)]
    public void Name_IsTakenApart(string name, string key, int shift)
    {
        ColumnName parsed = ColumnName.Parse(name);
        Assert.Equal((key, shift), (parsed.Key, parsed.Unit!.Value.Shift));
    }

    [Theory]
    [InlineData("Step Type")]
    [InlineData("Aux. Volts (X)")]
    [InlineData("mAh/g")]
    public void NameWithoutAKnownUnit_HasNone(string name) => Assert.Null(ColumnName.Parse(name).Unit);

    [Theory]
    [InlineData(12345, 2, 3, 12345, 5)]
    [InlineData(1500, 0, 3, 15, 1)]
    [InlineData(15, 1, -3, 1500, 0)]
    [InlineData(123456789012345678, 17, 3, 123456789012345678 / 100 + 1, 18)]
    [InlineData(25, 18, 1, 2, 18)]
    [InlineData(35, 18, 1, 4, 18)]
    [InlineData(-35, 18, 1, -4, 18)]
    public void ShiftedNumber_IsExact_AndRoundedOnceBeyond18Decimals(long mantissa, int decimals, int shift, long expected, int expectedDecimals)
    {
        Assert.True(new DecimalNumber(mantissa, decimals).TryShift(shift, out DecimalNumber shifted));
        Assert.Equal(new DecimalNumber(expected, expectedDecimals), shifted);
    }

    [Fact]
    public void ShiftBeyond64Bits_IsRefused() => Assert.False(new DecimalNumber(long.MaxValue, 0).TryShift(-1, out _));

    [Fact]
    public void Kelvin_BecomesCelsiusExactly()
    {
        Assert.True(new DecimalNumber(29815, 2).TryFromKelvin(out DecimalNumber celsius));
        Assert.Equal(new DecimalNumber(25, 0), celsius);
        Assert.True(new DecimalNumber(3001234, 4).TryFromKelvin(out celsius));
        Assert.Equal(new DecimalNumber(269734, 4), celsius);
    }

    [Theory]
    [InlineData(0.1f, 1, 1)]
    [InlineData(-3.1415927f, -31415927, 7)]
    [InlineData(1e-7f, 1, 7)]
    public void Float_IsItsShortestDecimal(float value, long mantissa, int decimals)
    {
        Assert.True(DecimalNumber.TryFrom(value, out DecimalNumber number));
        Assert.Equal(new DecimalNumber(mantissa, decimals), number);
    }

    [Fact]
    public void FloatThatIsNoNumber_IsRefused()
    {
        Assert.False(DecimalNumber.TryFrom(float.NaN, out _));
        Assert.False(DecimalNumber.TryFrom(double.PositiveInfinity, out _));
    }

    [Fact]
    public void Hours_BecomeMicrosecondsExactly()
    {
        Assert.True(new DecimalNumber(3111, 7).TryToMicroseconds(3600, 0, out long microseconds));
        Assert.Equal(1_119_960, microseconds);
        Assert.True(new DecimalNumber(15, 1).TryToMicroseconds(1, 3, out microseconds));
        Assert.Equal(1_500, microseconds);
    }

    [Theory]
    [InlineData("1.5000", 4)]
    [InlineData("-1", 0)]
    [InlineData("-8.9986578E+002", 5)]
    [InlineData("1.50e-7", 9)]
    [InlineData("1000", 0)]
    public void DecimalsAreCountedAsWritten(string text, int decimals) =>
        Assert.Equal(decimals, DecimalNumber.WrittenDecimals(System.Text.Encoding.ASCII.GetBytes(text)));
}
