using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("1,abc", "x.csv:3: voltage_V is not a number: 'abc'")]
    [InlineData("1,nan", "x.csv:3: voltage_V is not a number: 'nan'")]
    [InlineData("1,4 V", "x.csv:3: voltage_V is not a number: '4 V'")]
    [InlineData("1,4.1.2", "x.csv:3: voltage_V is not a number: '4.1.2'")]
    [InlineData("1,.", "x.csv:3: voltage_V is not a number: '.'")]
    [InlineData("1,-", "x.csv:3: voltage_V is not a number: '-'")]
    [InlineData("1,1e30", "x.csv:3: voltage_V is beyond 18 digits: '1e30'")]
    [InlineData("x,4", "x.csv:3: time_s is not a number: 'x'")]
    [InlineData(",4", "x.csv:3: time_s is blank")]
    [InlineData("1", "x.csv:3: short row: 1 cells, the header has 2")]
    [InlineData("1,4,5", "x.csv:3: long row: more than 2 cells, the header has 2")]
    [InlineData("-1.5,4", "x.csv:3: time_s -1.5 runs backwards: the row before is at 0 s")]
    [InlineData("1000000000000.1,4", "x.csv:3: time_s 1000000000000.1 is beyond 1000000000000 s")]
    [InlineData("\"1,4\"", "x.csv:3: time_s is not a number: '\"1'")]
    public void BadRow_IsReportedWithFileLineAndReason_AndTheGoodOnesAroundItKept(string bad, string problem)
    {
        using RecordedSeriesReader reader = RecordedSeriesTests.Open($"time_s,voltage_V\n0,4.0\n{bad}\n2,4.2\n");
        Assert.Equal(4.0, RecordedSeriesTests.Next(reader).Value(SampleColumns.Voltage));
        RecordedRow after = RecordedSeriesTests.Next(reader);
        Assert.Equal((4.2, 1L, 4L), (after.Value(SampleColumns.Voltage), after.Number, after.LineNumber));
        Assert.Equal(1, reader.BadRowCount);
        Assert.Equal(problem, Assert.Single(reader.Problems).ToString());
    }

    [Fact]
    public void EqualTime_IsNotBackwards()
    {
        using RecordedSeriesReader reader = RecordedSeriesTests.Open("time_s,voltage_V\n1,4\n1,5\n0.999999,6\n");
        RecordedSeriesTests.Next(reader);
        RecordedSeriesTests.Next(reader);
        Assert.False(reader.TryRead(new RecordedRow()));
        Assert.Equal(1, reader.BadRowCount);
    }

    [Theory]
    [InlineData(RecordedSeriesReader.MaximumProblems - 1)]
    [InlineData(RecordedSeriesReader.MaximumProblems)]
    [InlineData(RecordedSeriesReader.MaximumProblems + 1)]
    public void Problems_AreBounded_AndTheRestCounted(int bad)
    {
        using RecordedSeriesReader reader = RecordedSeriesTests.Open("time_s,voltage_V\n" + string.Concat(Enumerable.Repeat("0,x\n", bad)));
        Assert.False(reader.TryRead(new RecordedRow()));
        Assert.Equal(bad, reader.BadRowCount);
        Assert.Equal(Math.Min(bad, RecordedSeriesReader.MaximumProblems), reader.Problems.Count);
    }

    [Theory]
    [InlineData(LineReader.MaximumLineBytes, 0)]
    [InlineData(LineReader.MaximumLineBytes + 1, 1)]
    [InlineData(5 * LineReader.MaximumLineBytes, 1)]
    public void LineBeyondTheBound_IsLeftOut(int length, int bad)
    {
        string padded = "1,5" + new string(' ', length - 3);
        using RecordedSeriesReader reader = RecordedSeriesTests.Open($"time_s,voltage_V\n0,4\n{padded}\n2,6\n");
        var row = new RecordedRow();
        int good = 0;
        while (reader.TryRead(row))
        {
            good++;
        }

        Assert.Equal((3 - bad, bad), (good, reader.BadRowCount));
        Assert.Equal(6, row.Value(SampleColumns.Voltage));
        Assert.Equal(4, row.LineNumber);
    }

    [Theory]
    [InlineData("", "x.csv: empty file")]
    [InlineData("\n \n", "x.csv: empty file (blank lines only)")]
    [InlineData("a,b\n1,2\n", "x.csv: columns cannot be mapped: found a, b; needed time_s and voltage_V")]
    [InlineData("time_s,current_A\n1,2\n", "x.csv: columns cannot be mapped: found time_s, current_A; needed")]
    [InlineData("1,2\n3,4\n", "x.csv: columns cannot be mapped: found 1, 2; needed")]
    [InlineData("time_s,voltage_V,voltage_v\n", "x.csv: header names column voltage_v twice")]
    [InlineData("PK\u0003\u0004rest", "x.csv: zip data damaged")]
    [InlineData("time_s,voltage_V\n1,\0\n", "x.csv: not a text file (byte 0x00 near its start)")]
    public void FileThatIsNoSeries_GivesOneClearLine(string content, string message)
    {
        SeriesFileException fault = Assert.Throws<SeriesFileException>(() => RecordedSeriesTests.Open(content));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void EmptyGzip_IsAnEmptyFile()
    {
        SeriesFileException fault = Assert.Throws<SeriesFileException>(
            () => RecordedSeries.Open(new MemoryStream(RecordedSeriesTests.Zip("")), "x.gz"));
        Assert.Equal("x.gz: empty file", fault.Message);
    }

    [Fact]
    public void MissingFileAndFolder_AreNamed()
    {
        string missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "no.csv");
        Assert.Equal($"{missing}: no such file", Assert.Throws<SeriesFileException>(() => RecordedSeries.Open(missing)).Message);
        string folder = AppContext.BaseDirectory;
        Assert.Equal($"{folder}: is a folder, not a file", Assert.Throws<SeriesFileException>(() => RecordedSeries.Open(folder)).Message);
    }

    [Fact]
    public void DamagedOrTruncatedGzip_IsNeverTakenForAWholeFile()
    {
        string rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{3 + (i * 7919 % 1000 / 1000.0)}\n"));
        byte[] whole = RecordedSeriesTests.Zip("time_s,voltage_V\n" + rows);
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 400; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            if (round % 2 == 0)
            {
                bytes = bytes[..random.Next(2, bytes.Length)];
            }
            else
            {
                bytes[random.Next(10, bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            Exception? fault = Record.Exception(() => ReadAll(new MemoryStream(bytes)));
            Assert.True(
                fault is SeriesFileException && fault.Message.StartsWith("x.gz: ", StringComparison.Ordinal),
                $"seed {seed}, round {round}, {bytes.Length} of {whole.Length} bytes: {fault}");
        }
    }

    [Fact]
    public void CutOffGzip_GivesTheWholeRowsBeforeTheCut_ButNotTheCutOne()
    {
        byte[] whole = RecordedSeriesTests.Zip("time_s,voltage_V\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i},{i + 0.12345}\n")));
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(whole[..(whole.Length / 2)]), "x.gz");
        var row = new RecordedRow();
        SeriesFileException fault = Assert.Throws<SeriesFileException>(() =>
        {
            while (reader.TryRead(row))
            {
                Assert.Equal(row.Number + 0.12345, row.Value(SampleColumns.Voltage)!.Value, 9);
            }
        });
        Assert.True(reader.GoodRowCount > 100, $"{reader.GoodRowCount} rows before the cut");
        Assert.Equal($"x.gz: gzip data cut off after line {reader.GoodRowCount + 1}", fault.Message);
    }

    [Fact]
    public void ChainedGzipMembers_AreOneFile()
    {
        byte[] chained = [.. RecordedSeriesTests.Zip("time_s,voltage_V\n1,4\n"), .. RecordedSeriesTests.Zip("2,4\n3,4\n")];
        Assert.Equal(3, ReadAll(new MemoryStream(chained)).Good);
    }

    [Fact]
    public void RandomBytes_NeverGiveAnythingButRowsProblemsOrOneClearError()
    {
        int rounds = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 200_000 : 3_000;
        int seed = Environment.TickCount;
        var random = new Random(seed);
        byte[] alphabet = "0123456789.,-+eE\"\n\r \tabc\uFEFF"u8.ToArray();
        for (int round = 0; round < rounds; round++)
        {
            byte[] body = new byte[random.Next(0, 400)];
            bool wild = random.Next(4) == 0;
            for (int i = 0; i < body.Length; i++)
            {
                body[i] = wild ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            byte[] header = random.Next(3) == 0 ? [] : "time_s,voltage_V,temperature_C\n"u8.ToArray();
            byte[] all = [.. header, .. body];
            try
            {
                (long good, long bad, long lines) = ReadAll(new MemoryStream(all));
                Assert.True(good + bad <= lines, $"seed {seed}, round {round}");
            }
            catch (SeriesFileException fault)
            {
                Assert.False(fault.Message.Contains('\n'), $"seed {seed}, round {round}: {fault.Message}");
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {round}: {other}");
            }
        }
    }

    private static (long Good, long Bad, long Lines) ReadAll(MemoryStream bytes)
    {
        long lines = 1 + bytes.ToArray().LongCount(b => b == '\n');
        using RecordedSeriesReader reader = RecordedSeries.Open(bytes, "x.gz");
        var row = new RecordedRow();
        long last = long.MinValue;
        while (reader.TryRead(row))
        {
            Assert.True(row.TimeMicroseconds >= last);
            last = row.TimeMicroseconds;
        }

        return (reader.GoodRowCount, reader.BadRowCount, lines);
    }
}
