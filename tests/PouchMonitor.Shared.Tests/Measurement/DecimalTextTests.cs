using System.Globalization;
using System.Numerics;
using PouchMonitor.Measurement;

namespace PouchMonitor.Shared.Tests.Measurement;

/// <summary>Claims of <see cref="DecimalText"/>: exactness, rounding once and only where it must, refusals by name.</summary>
public class DecimalTextTests
{
    [Theory]
    [InlineData("-4.030268478", -4030268478L, 9)]
    [InlineData("3.1e-05", 31L, 6)]
    [InlineData("+.5", 5L, 1)]
    [InlineData("12.", 12L, 0)]
    [InlineData("4.180", 418L, 2)]
    [InlineData("100", 100L, 0)]
    [InlineData("1e5", 100000L, 0)]
    [InlineData("1.5E+3", 1500L, 0)]
    [InlineData("0", 0L, 0)]
    [InlineData("-0.000", 0L, 0)]
    [InlineData("0e999999999999", 0L, 0)]
    [InlineData("  7.25\t", 725L, 2)]
    [InlineData("000123.4500", 12345L, 2)]
    [InlineData("0.000000000000000001", 1L, 18)]
    [InlineData("123456789012345678", 123456789012345678L, 0)]
    [InlineData("0.123456789012345678", 123456789012345678L, 18)]
    [InlineData("1.00000000000000000000000000000", 1L, 0)]
    [InlineData("1000000000000000000", 1000000000000000000L, 0)]
    [InlineData("9e18", 9000000000000000000L, 0)]
    public void NumberOfUpTo18Digits_IsExactWithFewestDecimals(string text, long mantissa, int decimals)
    {
        Assert.Equal(DecimalFault.None, DecimalText.TryParse(text, 0, text.Length, out long m, out int d, out bool isRounded));
        Assert.Equal(mantissa, m);
        Assert.Equal(decimals, d);
        Assert.False(isRounded);
    }

    [Theory]
    [InlineData("1.234567890123456789", 12345678901234568L, 16)]       // 19 digits to 17
    [InlineData("1.234567890123456850", 123456789012345685L, 17)]      // 18 digits and a zero: exact
    [InlineData("1.2345678901234565000001", 12345678901234565L, 16)]
    [InlineData("1.2345678901234565500001", 12345678901234566L, 16)]   // just above the half: up
    [InlineData("0.0000000000000000015", 2L, 18)]                      // half to even, up
    [InlineData("0.0000000000000000025", 2L, 18)]                      // half to even, down
    [InlineData("1e-19", 0L, 0)]
    [InlineData("9.9999999999999999999", 10L, 0)]
    [InlineData("1234567890123456789", 1234567890123456800L, 0)]
    public void NumberBeyond18Digits_IsRoundedOnceHalfToEvenAndSaysSo(string text, long mantissa, int decimals)
    {
        Assert.Equal(DecimalFault.None, DecimalText.TryParse(text, 0, text.Length, out long m, out int d, out bool isRounded));
        Assert.Equal(mantissa, m);
        Assert.Equal(decimals, d);
        Assert.Equal(text != "1.234567890123456850", isRounded);
    }

    [Theory]
    [InlineData("", DecimalFault.Empty)]
    [InlineData(" \t ", DecimalFault.Empty)]
    [InlineData("abc", DecimalFault.NotANumber)]
    [InlineData("NaN", DecimalFault.NotANumber)]
    [InlineData("-inf", DecimalFault.NotANumber)]
    [InlineData("Infinity", DecimalFault.NotANumber)]
    [InlineData("-", DecimalFault.NotANumber)]
    [InlineData(".", DecimalFault.NotANumber)]
    [InlineData("+.", DecimalFault.NotANumber)]
    [InlineData("1.2.3", DecimalFault.NotANumber)]
    [InlineData("1,5", DecimalFault.NotANumber)]
    [InlineData("1 5", DecimalFault.NotANumber)]
    [InlineData("--1", DecimalFault.NotANumber)]
    [InlineData("1e", DecimalFault.NotANumber)]
    [InlineData("1e+", DecimalFault.NotANumber)]
    [InlineData("1e5x", DecimalFault.NotANumber)]
    [InlineData("e5", DecimalFault.NotANumber)]
    [InlineData("0x10", DecimalFault.NotANumber)]
    [InlineData("٣", DecimalFault.NotANumber)]
    [InlineData("1e19", DecimalFault.OutOfRange)]
    [InlineData("9.3e18", DecimalFault.OutOfRange)]
    [InlineData("-1e999999999999", DecimalFault.OutOfRange)]
    public void WhatIsNoNumber_IsRefusedByName(string text, DecimalFault fault)
    {
        Assert.Equal(fault, DecimalText.TryParse(text, 0, text.Length, out long mantissa, out int decimals));
        Assert.Equal(0, mantissa);
        Assert.Equal(0, decimals);
    }

    [Fact]
    public void OnlyTheGivenRange_IsRead()
    {
        Assert.Equal(DecimalFault.None, DecimalText.TryParse("9,-1.25,9", 2, 5, out long mantissa, out int decimals));
        Assert.Equal(-125, mantissa);
        Assert.Equal(2, decimals);
        Assert.Throws<ArgumentOutOfRangeException>(() => DecimalText.TryParse("12", 1, 2, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecimalText.TryParse("12", -1, 1, out _, out _));
    }

    [Fact]
    public void RandomDecimals_AgreeWithBigIntegerArithmetic()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 20000; i++)
        {
            string whole = Digits(random, random.Next(0, 12));
            string fraction = Digits(random, random.Next(0, 14));
            if (whole.Length + fraction.Length == 0)
            {
                continue;
            }

            int exponent = random.Next(-8, 8);
            string text = (random.Next(2) == 0 ? "-" : "") + whole + "." + fraction + "e" + exponent.ToString(CultureInfo.InvariantCulture);
            DecimalFault fault = DecimalText.TryParse(text, 0, text.Length, out long mantissa, out int decimals, out bool isRounded);
            BigInteger digits = BigInteger.Parse("0" + whole + fraction, CultureInfo.InvariantCulture) * (text[0] == '-' ? -1 : 1);
            int scale = fraction.Length - exponent;

            // Compare as integers over a common power of ten that holds both.
            if (fault == DecimalFault.OutOfRange)
            {
                Assert.True(BigInteger.Abs(digits) * BigInteger.Pow(10, 30 - scale) > long.MaxValue * BigInteger.Pow(10, 30), $"{text} seed {seed}");
                continue;
            }

            Assert.True(fault == DecimalFault.None, $"{text} seed {seed}");
            BigInteger expected = digits * BigInteger.Pow(10, 40 - scale);
            BigInteger actual = mantissa * BigInteger.Pow(10, 40 - decimals);
            BigInteger error = BigInteger.Abs(expected - actual);
            Assert.True(decimals is >= 0 and <= 18 && (decimals == 0 || mantissa % 10 != 0), $"{text} seed {seed}");
            Assert.True(isRounded ? error <= Half(expected) : error.IsZero, $"{text} seed {seed}");
        }
    }

    [Theory]
    [InlineData(123L, 2, 5, 123000L, true)]
    [InlineData(123000L, 5, 2, 123L, true)]
    [InlineData(123001L, 5, 2, 0L, false)]
    [InlineData(9223372036854775807L, 0, 0, 9223372036854775807L, true)]
    [InlineData(922337203685477580L, 0, 1, 9223372036854775800L, true)]
    [InlineData(922337203685477581L, 0, 1, 0L, false)]
    [InlineData(-922337203685477580L, 0, 1, -9223372036854775800L, true)]
    [InlineData(-922337203685477581L, 0, 1, 0L, false)]
    [InlineData(1L, 0, 18, 1000000000000000000L, true)]
    [InlineData(1L, 0, 19, 0L, false)]
    [InlineData(1L, -1, 0, 0L, false)]
    public void Rescaling_IsExactOrRefused(long mantissa, int from, int to, long expected, bool possible)
    {
        Assert.Equal(possible, DecimalText.TryRescale(mantissa, from, to, out long rescaled));
        if (possible)
        {
            Assert.Equal(expected, rescaled);
        }
    }

    private static BigInteger Half(BigInteger expected)
    {
        // Half of a unit in the seventeenth digit, or of the eighteenth decimal, whichever is coarser.
        int length = BigInteger.Abs(expected).ToString(CultureInfo.InvariantCulture).Length;
        BigInteger digit = BigInteger.Pow(10, Math.Max(0, length - DecimalText.RoundedDigits)) / 2;
        BigInteger place = BigInteger.Pow(10, 40 - DecimalText.MaximumDecimals) / 2;
        return BigInteger.Max(digit, place);
    }

    private static string Digits(Random random, int length)
    {
        char[] digits = new char[length];
        for (int i = 0; i < length; i++)
        {
            digits[i] = (char)('0' + (random.Next(3) == 0 ? 0 : random.Next(10)));
        }

        return new string(digits);
    }
}
