using System.IO.Compression;
using System.Text;
using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

public sealed class NdaxTests
{
    private const int Start = 1_750_000_000;

    [Theory]
    [InlineData(11)]
    [InlineData(14)]
    [InlineData(16)]
    [InlineData(17)]
    public void SamplesRunInformationAndSteps_AreJoinedByNumber(byte version)
    {
        ReadSeries read = ReadSeries.Of(File(version, [
            (1, 1, 0, Start, 10_000, 0, 0), (3, 1, 20_000, Start + 20, 10_000, 0.004f, 0),
            (4, 2, 100, Start + 20, 5_000, 0, 0.001f), (4, 2, 100, Start + 20, 5_000, 9, 9), (6, 3, 0, Start + 3600, 1_000, 0, 0)]));

        Assert.Equal("neware-ndax", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([0, 10, 20, 20.1, 25.1, 3600], read.Rows.Select(row => row.Seconds - Start).Select(s => Math.Round(s, 6)));
        Assert.Equal([3.5, 3.5012, 3.5024, 3.5036, 3.5048, 3.506], read.Rows.Select(row => row.V!.Value));
        Assert.Equal([0, 0.1, 0.2, -0.3, -0.4, -0.5], read.Rows.Select(row => row.A!.Value));
        Assert.Equal([1, 1, 1, 2, 2, 3], read.Rows.Select(row => row.Step!.Value));
        Assert.Equal([1, 1, 1, 1, 1, 2], read.Rows.Select(row => row.Cycle!.Value));
        Assert.Equal([0, null, 0.004, 0, null, 0], read.Rows.Select(row => row.ChargeAh is { } ah ? Math.Round(ah, 8) : (double?)null));
        Assert.Equal([25, 25.5, 26, 26.5, 27, 27.5], read.Rows.Select(row => row.C!.Value));
    }

    [Fact]
    public void SampleBeforeAnyRunInformation_IsNamed()
    {
        ReadSeries read = ReadSeries.Of(File(17, [(3, 1, 0, Start, 1_000, 0, 0)]));
        Assert.Equal(
            ["x:1: there is no run information up to this record, so that its time is not known", "x:2: there is no run information up to this record, so that its time is not known"],
            read.Problems);
        Assert.Equal(4, read.Rows.Count);
    }

    [Fact]
    public void UnknownVersion_IsRefusedByName()
    {
        Assert.Equal(
            "x: damaged: data.ndc is of version 99; versions 11, 14, 16 and 17 are read; a CSV export can be read instead",
            Assert.Throws<SeriesFileException>(() => ReadSeries.Of(File(99, []))).Message);
    }

    [Fact]
    public void DamagedFile_GivesRowsOrOneClearError()
    {
        byte[] whole = File(17, [(1, 1, 0, Start, 10_000, 0, 0)]);
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Exception? fault = Record.Exception(() => ReadSeries.Of(round % 2 == 0 ? bytes : bytes[..random.Next(bytes.Length)]));
            Assert.True(fault is null or SeriesFileException, $"seed {seed}, round {round}: {fault}");
        }
    }

    [Fact]
    public void RealFile_HasEverySample_AndEndsWhereItsCountersDo()
    {
        ReadSeries read = ReadSeries.OfRaw("20260302_IFE_BTS85_2_9_8_1.ndax");
        Assert.Equal("neware-ndax", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal(252_951, read.Rows.Count);
        Assert.InRange(read.Rows.Min(row => row.C!.Value), 20, 27);

        // Charge of the one long charging step, counted here by rectangles of one second, against the instrument's counter.
        ReadRow last = read.Rows.Last(row => row.ChargeAh is > 0);
        double own = 0;
        for (int i = 1; i < read.Rows.Count && read.Rows[i].Microseconds <= last.Microseconds; i++)
        {
            own += read.Rows[i].Step == last.Step ? read.Rows[i].A!.Value * (read.Rows[i].Seconds - read.Rows[i - 1].Seconds) / 3600 : 0;
        }

        Assert.Equal(1, own / last.ChargeAh!.Value, 0.0005);
    }

    private static byte[] File(byte version, (int Index, int Step, int StepMs, int Clock, int IntervalMs, float Charge, float Discharge)[] runs)
    {
        bool isBase = version is 14 or 17;
        float unit = isBase ? 1 : 3_600_000;
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Put(zip, "data.ndc", 1, version, 8, 6, (writer, i) =>
            {
                float amperes = i < 3 ? i * 0.1f : -i * 0.1f;
                writer.Write(isBase ? 3.5f + (i * 0.0012f) : 35000 + (i * 12));
                writer.Write(isBase ? amperes : (float)Math.Round(amperes * 1000));
            });
            Put(zip, "data_runInfo.ndc", 18, version, version switch { 11 => 47, 14 => 55, _ => 100 }, runs.Length, (writer, i) =>
            {
                writer.Write(runs[i].StepMs);
                writer.Write((byte)0);
                writer.Write(runs[i].Charge * unit);
                writer.Write(runs[i].Discharge * unit);
                writer.Write(0f);
                writer.Write(0f);
                writer.Write(new byte[8]);
                writer.Write(runs[i].IntervalMs);
                writer.Write(runs[i].Clock);
                writer.Write(runs[i].Step + 100);
                writer.Write(runs[i].Index);
                writer.Write((short)0);
            });
            Put(zip, "data_step.ndc", 7, version, version is 11 or 14 ? 37 : 100, 3, (writer, i) =>
            {
                writer.Write(i < 2 ? 0 : 1);
                writer.Write(i + 1);
            });
            Put(zip, isBase ? "data_AUX_225_3_1.ndc" : "data_1.ndc", 5, version, isBase ? 4 : 7, 6, (writer, i) =>
            {
                if (isBase)
                {
                    writer.Write(25 + (i * 0.5f));
                    return;
                }

                writer.Write((byte)0x65);
                writer.Write(0f);
                writer.Write((short)(250 + (i * 5)));
            });
            Put(zip, "data_AUX_225_2_1.ndc", 5, version, isBase ? 4 : 7, 6, (writer, i) => writer.Write(3.9f));
        }

        return file.ToArray();
    }

    private static void Put(ZipArchive zip, string name, byte kind, byte version, int recordBytes, int count, Action<BinaryWriter, int> record)
    {
        byte[] content = new byte[2 * 4096];
        content[0] = kind;
        content[2] = version;
        for (int i = 0; i < count; i++)
        {
            using var one = new MemoryStream();
            using var writer = new BinaryWriter(one, Encoding.ASCII);
            record(writer, i);
            writer.Flush();
            one.ToArray().CopyTo(content, 4096 + 132 + (i * recordBytes));
        }

        using Stream stream = zip.CreateEntry(name).Open();
        stream.Write(content);
    }
}
