using System.Text;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>What the gateway's <c>stored</c> frees, and what a text that is not as expected does not.</summary>
public sealed class StoredReportTests
{
    private const ulong Boot = 0xc0ffee00c0ffee;
    private const string Hex = "00c0ffee00c0ffee";
    private readonly FrameStore store = new(100, 100_000, null, freesOnStored: true);
    private readonly StoredReport report;

    public StoredReportTests()
    {
        report = new StoredReport(store, "n1", Boot);
        for (int i = 0; i < 5; i++)
        {
            byte[] frame = Frame(i * 10);
            Assert.True(store.TryAdd("pouch/v1/n1/1/frame", frame, frame.Length, 10, endsTest: false));
        }
    }

    [Theory]
    [InlineData("{\"boot\":\"" + Hex + "\",\"channels\":{\"1\":{\"committed\":19,\"analysed\":50}}}", 1)]
    [InlineData("{\"boot\":\"" + Hex + "\",\"channels\":{\"1\":{\"committed\":20,\"analysed\":0}}}", 2)]
    [InlineData("{\"boot\":\"" + Hex + "\",\"channels\":{\"1\":{\"committed\":21,\"analysed\":0}}}", 2)]
    [InlineData("{ \"channels\" : { \"2\" : {\"committed\":50}, \"1\":{\"analysed\":0,\"committed\":50} }, \"boot\" : \"" + Hex + "\" }", 5)]
    [InlineData("{\"boot\":\"00c0ffee00c0ffed\",\"channels\":{\"1\":{\"committed\":50}}}", 0)]
    [InlineData("{\"boot\":\"00c0ffee00c0ffed\",\"channels\":{},\"boots\":{\"" + Hex + "\":{\"1\":{\"committed\":30,\"analysed\":1}}}}", 3)]
    public void Numbers_FreeTheFramesBelowThem(string text, int freed)
    {
        Assert.Equal(freed, report.Apply(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(5 - freed, store.Count);
        Assert.Equal(0, report.FaultCount);
    }

    [Theory]
    [InlineData("{\"boot\":\"" + Hex + "\",\"channels\":{\"1\":{\"committed\":-50}}}")]
    [InlineData("{\"boot\":\"" + Hex + "\",\"channels\":{\"1\":{\"committed\":99999999999999999999}}}")]
    [InlineData("{\"boot\":\"xyz\",\"channels\":{\"1\":{\"committed\":50}}}")]
    [InlineData("{\"boot\":\"" + Hex)]
    [InlineData("}{")]
    [InlineData("{{{{{{{{{{{{")]
    [InlineData("\"")]
    public void Nonsense_FreesNothingAndIsCounted(string text)
    {
        Assert.Equal(0, report.Apply(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(5, store.Count);
        Assert.Equal(1, report.FaultCount);
    }

    private static byte[] Frame(long first)
    {
        var frame = new SampleFrame(10) { Node = "n1", Channel = "1", Boot = Boot, Kind = FrameKind.Samples };
        for (int i = 0; i < 10; i++)
        {
            frame.Add(new CellSample { Number = first + i, UptimeMicroseconds = 1000 + first + i });
        }

        byte[] buffer = new byte[2048];
        return buffer[..SampleFrameEncoder.Encode(frame, buffer, 0)];
    }
}
