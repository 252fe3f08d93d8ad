using System.Globalization;
using System.Text;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats;

public sealed class DecimalNumberTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("3.700")]
    [InlineData("100")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("5.")]
    [InlineData("+5")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("-.")]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("--1")]
    [InlineData("1-")]
    [InlineData("1..2")]
    [InlineData("1e")]
    [InlineData("1.88493e-05")]
    [InlineData("7.7e-14")]
    [InlineData("1e-30")]
    [InlineData("1E+3")]
    [InlineData("99999999999999999")]
    [InlineData("999999999999999999")]
    [InlineData("9999999999999999999")]
    [InlineData("-99999999999999999.9")]
    [InlineData("108001.66799999952")]
    [InlineData("0.1234567890123456789")]
    [InlineData("0.00000000000000001")]
    [InlineData("é")]
    [InlineData("NaN")]
    public void SpecialForms_AreReadAsTheSharedRuleReadsThem(string text) => AssertSame(text, "special");

    [Fact]
    public void RandomForms_AreReadAsTheSharedRuleReadsThem()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        const string Alphabet = "0123456789012345678900.-+e";
        char[] text = new char[24];
        for (int round = 0; round < 200_000; round++)
        {
            int length = random.Next(0, text.Length);
            for (int i = 0; i < length; i++)
            {
                text[i] = Alphabet[random.Next(round % 2 == 0 ? Alphabet.Length - 3 : Alphabet.Length)];
            }

            AssertSame(new string(text, 0, length), $"seed {seed}");
        }
    }

    [Fact]
    public void PrintedDoubles_ComeBackAsTheSameDoubles()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 50_000; round++)
        {
            double value = Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 5)), random.Next(0, 10));
            string text = value.ToString("R", CultureInfo.InvariantCulture);
            Assert.Equal(DecimalFault.None, DecimalNumber.TryParse(Encoding.ASCII.GetBytes(text), out DecimalNumber number));
            Assert.True(value == number.ToDouble(), $"seed {seed}: {text} became {number.ToDouble():R}");
        }
    }

    [Fact]
    public void TimesOfAnyForm_AreRoundedHalfToEven()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 100_000; round++)
        {
            long mantissa = random.NextInt64(-1_000_000_000_000_000, 1_000_000_000_000_000) / (long)Math.Pow(10, random.Next(14));
            int decimals = random.Next(13);
            var number = new DecimalNumber(random.Next(2) == 0 ? mantissa : mantissa / 10 * 10 + 5, decimals);
            decimal exact = number.Mantissa / (decimal)Math.Pow(10, decimals) * 1_000_000m;
            bool fits = Math.Abs(exact) <= DecimalNumber.MaximumSeconds * 1_000_000m;
            Assert.True(fits == number.TryToMicroseconds(out long microseconds), $"seed {seed}: {number}");
            Assert.True(!fits || Math.Round(exact, MidpointRounding.ToEven) == microseconds, $"seed {seed}: {number} became {microseconds}");
        }
    }

    /// <summary>In a line, between commas and at its end, a plain cell gives what it gives alone.</summary>
    private static void AssertSameInALine(string text, in DecimalNumber alone, DecimalFault fault, string origin)
    {
        foreach (string rest in (ReadOnlySpan<string>)["", ",", ",12345678901"])
        {
            byte[] line = Encoding.UTF8.GetBytes($"1,{text}{rest}");
            int at = 2;
            if (!DecimalNumber.TryReadPlain(line, ref at, out DecimalNumber number, out int written))
            {
                continue;
            }

            byte[] cell = Encoding.UTF8.GetBytes(text);
            Assert.True(at == 2 + cell.Length, $"{origin}: '{text}' ends at {at}");
            bool same = written < 0
                ? fault == DecimalFault.Empty
                : fault == DecimalFault.None && number == alone && written == DecimalNumber.WrittenDecimals(cell);
            Assert.True(same, $"{origin}: '{text}' in a line is {number}, alone {alone} ({fault})");
        }
    }

    private static void AssertSame(string text, string origin)
    {
        DecimalFault fault = DecimalText.TryParse(text, 0, text.Length, out long mantissa, out int decimals);
        DecimalFault ours = DecimalNumber.TryParse(Encoding.UTF8.GetBytes(text), out DecimalNumber number);
        Assert.True(
            (fault, mantissa, decimals) == (ours, number.Mantissa, number.Decimals),
            $"{origin}: '{text}' is {fault} {mantissa}/10^{decimals}, read as {ours} {number.Mantissa}/10^{number.Decimals}");
        AssertSameInALine(text, number, fault, origin);
    }
}
