using System.Text;
using System.Text.Json;
using PouchMonitor.Firmware.Care;

namespace PouchMonitor.Firmware.Tests.Care;

/// <summary>A message is read as a whole or refused with what is wrong and where.</summary>
public sealed class FlatJsonTests(ITestOutputHelper output)
{
    [Fact]
    public void FieldsAreReadAsTheyWereWritten()
    {
        FlatJson json = Read(" {\"id\":\"a-1\" ,\n\"n\": -12.50,\"yes\":true,\"no\":false,\"text\":\"a \\\"b\\\" \\\\ \\u00e9\\n\"}\r\n");
        Assert.Equal(5, json.Count);
        Assert.Equal("a-1", json.Find("id"));
        Assert.Equal("-12.50", json.Find("n"));
        Assert.Equal("true", json.Find("yes"));
        Assert.Equal("false", json.Find("no"));
        Assert.Equal("a \"b\" \\ é\n", json.Find("text"));
        Assert.Null(json.Find("ID"));
        Assert.Equal(0, Read("{}").Count);
    }

    [Theory]
    [InlineData("", "'{' is missing at character 1")]
    [InlineData("[]", "'{' is missing")]
    [InlineData("{\"a\":1", "',' or '}' is missing at character 7")]
    [InlineData("{\"a\" 1}", "':' is missing")]
    [InlineData("{a:1}", "a field's name in quotes is missing")]
    [InlineData("{\"a\":1,}", "a field's name in quotes is missing")]
    [InlineData("{\"a\":1} x", "the end is missing at character 9")]
    [InlineData("{\"a\":1,\"a\":2}", "field 'a' is there twice")]
    [InlineData("{\"a\":null}", "the value of 'a' is neither")]
    [InlineData("{\"a\":[1]}", "the value of 'a' is neither")]
    [InlineData("{\"a\":{}}", "the value of 'a' is neither")]
    [InlineData("{\"a\":yes}", "the value of 'a' is neither")]
    [InlineData("{\"a\":1e999}", "the value of 'a' is neither")]
    [InlineData("{\"a\":-}", "the value of 'a' is neither")]
    [InlineData("{\"a\":\"x}", "the value of 'a' is neither")]
    [InlineData("{\"a\":\"\\u12g4\"}", "the value of 'a' is neither")]
    [InlineData("{\"a\":\"\\x\"}", "the value of 'a' is neither")]
    [InlineData("{\"a\":\"\n\"}", "the value of 'a' is neither")]
    public void WhatIsNoFlatObject_IsRefusedWithItsPlace(string text, string expected)
    {
        Assert.Null(FlatJson.Read(Encoding.UTF8.GetBytes(text), out string fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FlatJson.MaximumFields, true)]
    [InlineData(FlatJson.MaximumFields + 1, false)]
    public void TheNumberOfFieldsIsBounded(int count, bool isTaken)
    {
        string text = "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"f{i}\":{i}")) + "}";
        FlatJson? json = FlatJson.Read(Encoding.UTF8.GetBytes(text), out string fault);
        Assert.Equal(isTaken, json is not null);
        Assert.Equal(isTaken ? "" : "more than 96 fields", fault);
    }

    [Theory]
    [InlineData(FlatJson.MaximumBytes, true)]
    [InlineData(FlatJson.MaximumBytes + 1, false)]
    public void TheSizeIsBounded(int bytes, bool isTaken)
    {
        byte[] message = Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', bytes - 8) + "\"}");
        Assert.Equal(bytes, message.Length);
        Assert.Equal(isTaken, FlatJson.Read(message, out _) is not null);
    }

    [Fact]
    public void AnyBytes_AreReadAsTheReferenceReadsThem_OrRefused()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] pieces = ["{", "}", "\"", ":", ",", "\"a\"", "\"b\":1", "true", "null", "-1", "\\", "\\u0041", " ", "[", "é", "0"];
        int taken = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = random.Next(2) == 0 ? "{" : "";
            for (int i = random.Next(8); i >= 0; i--)
            {
                text += pieces[random.Next(pieces.Length)];
            }

            text += random.Next(2) == 0 ? "}" : "";
            if (FlatJson.Read(Encoding.UTF8.GetBytes(text), out string fault) is not { } json)
            {
                Assert.NotEqual("", fault);
                continue;
            }

            taken++;

            // Numbers are kept as words, so only those that JSON allows may be compared.
            if (Enumerable.Range(0, json.Count).All(i => !json.ValueAt(i).StartsWith('-') && !json.ValueAt(i).StartsWith('0')))
            {
                using JsonDocument reference = JsonDocument.Parse(text);
                Assert.Equal(
                    reference.RootElement.EnumerateObject().Select(field => (field.Name, field.Value.ToString().Replace("True", "true", StringComparison.Ordinal))),
                    Enumerable.Range(0, json.Count).Select(i => (json.NameAt(i), json.ValueAt(i))));
            }
        }

        Assert.True(taken > 20, $"only {taken} were objects");
    }

    [Fact]
    public void Words_AreEscapedAndCut()
    {
        var text = new StringBuilder();
        JsonWords.AppendText(text, "a\"\\\n€😀" + new string('x', 100), 10);
        Assert.Equal("a\"\\\n€??xxx", JsonDocument.Parse(text.ToString()).RootElement.GetString());
    }

    private static FlatJson Read(string text)
    {
        FlatJson? json = FlatJson.Read(Encoding.UTF8.GetBytes(text), out string fault);
        Assert.Equal("", fault);
        return json!;
    }
}
