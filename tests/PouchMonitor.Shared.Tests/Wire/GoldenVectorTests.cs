using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>
/// Bytes and content agreed once and for all: the encoder must give the bytes, the decoder the content. New vectors are
/// made by running the tests with <c>POUCHMONITOR_WRITE_VECTORS=1</c>; existing files are replaced only with
/// <c>POUCHMONITOR_WRITE_VECTORS=overwrite</c>.
/// </summary>
public class GoldenVectorTests
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (string path in Directory.GetFiles(Vectors.Folder, "*.hex").Order(StringComparer.Ordinal))
        {
            names.Add(Path.GetFileNameWithoutExtension(path));
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Encoder_GivesTheBytes(string name) =>
        Assert.Equal(Frames.Hex(Vectors.Bytes(name)), Frames.Hex(Frames.Encode(Vectors.Content(name))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoder_GivesTheContent(string name)
    {
        SampleFrame expected = Vectors.Content(name);
        Assert.Null(Frames.Difference(expected, Frames.Decode(Vectors.Bytes(name))));
        Assert.Null(Frames.Difference(expected, DescribedDecoder.Decode(Vectors.Bytes(name))));
    }

    [Fact]
    public void EveryVector_HasBytesAndContent()
    {
        string[] hex = [.. Directory.GetFiles(Vectors.Folder, "*.hex").Select(p => Path.GetFileNameWithoutExtension(p)!).Order()];
        string[] json = [.. Directory.GetFiles(Vectors.Folder, "*.json").Select(p => Path.GetFileNameWithoutExtension(p)!).Order()];
        Assert.Equal(json, hex);
        Assert.True(hex.Length >= 9);
    }

    /// <summary>The table of the worked example in WIRE.md holds the golden bytes, in order and complete.</summary>
    [Fact]
    public void WorkedExampleInTheDescription_IsTheGoldenVector()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Vectors.Root, "shared", "WIRE.md"));
        string hex = "";
        foreach (string line in lines.SkipWhile(l => !l.StartsWith("## Worked example", StringComparison.Ordinal)))
        {
            string[] cells = line.Split('|');
            if (cells.Length >= 4 && int.TryParse(cells[1].Trim(), out int position))
            {
                Assert.Equal(hex.Length / 2, position);
                hex += cells[2].Replace(" ", "").Replace("`", "");
            }
        }

        Assert.Equal(Convert.ToHexStringLower(Vectors.Bytes("worked-example")), hex);
    }

    [Fact]
    public void VectorContents_AreWhatTheVectorsHold()
    {
        string? wish = Environment.GetEnvironmentVariable("POUCHMONITOR_WRITE_VECTORS");
        foreach ((string name, string about, SampleFrame frame) in VectorContents.All())
        {
            string path = Path.Combine(Vectors.Folder, name);
            if (wish == "overwrite" || (wish == "1" && !File.Exists(path + ".hex")))
            {
                File.WriteAllText(path + ".hex", Frames.Hex(Frames.Encode(frame)));
                File.WriteAllText(path + ".json", FrameJson.Write(about, frame));
            }

            Assert.Equal(File.ReadAllText(path + ".json").ReplaceLineEndings("\n"), FrameJson.Write(about, frame));
        }
    }
}
