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

    private static void AssertSame(string text, string origin)
    {
        DecimalFault fault = DecimalText.TryParse(text, 0, text.Length, out long mantissa, out int decimals);
        DecimalFault ours = DecimalNumber.TryParse(Encoding.UTF8.GetBytes(text), out DecimalNumber number);
        Assert.True(
            (fault, mantissa, decimals) == (ours, number.Mantissa, number.Decimals),
            $"{origin}: '{text}' is {fault} {mantissa}/10^{decimals}, read as {ours} {number.Mantissa}/10^{number.Decimals}");
    }
}
