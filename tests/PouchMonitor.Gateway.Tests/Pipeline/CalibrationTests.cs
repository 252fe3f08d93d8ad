using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>Which calibration covered which stretch of a test, whatever the order of arrival.</summary>
public sealed class CalibrationTests(ITestOutputHelper output) : IDisposable
{
    private const ulong Boot = 0xB007;
    private const int SamplesPerFrame = 40;
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-calibration-").FullName;

    [Fact]
    public void ASpanBegins_WhereAFrameNamesAnotherCalibration()
    {
        FakeChannel channel = Arrived(Frames());
        IReadOnlyList<CalibrationSpan> spans = channel.Run.Calibrations;

        // None at first; 7 from frame 10 on; 8 from frame 20 on, of which frame 25 has no current; none from frame 40 on.
        Assert.Equal([10L, 20, 40], spans.Select(span => span.FirstNumber / SamplesPerFrame));
        Assert.Equal([7u, 7u], spans[0].Columns.Select(column => column.Id));
        Assert.Equal([SampleColumns.Voltage, SampleColumns.Current], spans[1].Columns.Select(column => column.Column));
        Assert.Equal(new CalibratedColumn(SampleColumns.Current, 8, 0, 1, 1000), spans[1].Columns[1]);
        Assert.Empty(spans[2].Columns);
        Assert.Equal(400 * 10_000_000L, spans[0].FirstMicroseconds);
        Assert.Equal(799 * 10_000_000L, spans[0].LastMicroseconds);
        Assert.Equal(channel.Run.LastMicroseconds, spans[2].LastMicroseconds);
        Assert.All(spans, span => Assert.Equal((Boot, 0L), (span.Boot, span.UnlistedFrames)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ShuffledFrames_GiveTheSameSpans(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        SampleFrame[] frames = [.. Frames()];
        string expected = JsonSerializer.Serialize(Arrived(frames).Run.Calibrations);
        random.Shuffle(frames);
        FakeChannel channel = new();
        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));
            if (random.Next(4) == 0)
            {
                channel.Pass(random.Next(8_000_000));
            }
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Assert.Equal(expected, JsonSerializer.Serialize(channel.Run.Calibrations));
    }

    [Fact]
    public void WhatIsStored_IsTheSame_AfterARestartAndALateFrame()
    {
        List<SampleFrame> frames = Frames();
        SampleFrame late = frames[15];
        using var database = new StateDatabase(Path.Combine(folder, "state.db"));
        FakeChannel channel = new();
        for (int i = 0; i < frames.Count; i++)
        {
            if (frames[i] == late)
            {
                continue;
            }

            channel.Arrive(channel.Encode(frames[i]));
            channel.Pass(2 * FakeChannel.HoldMicroseconds);
            if (i % 7 == 0)
            {
                database.Save([channel.Run.Checkpoint()], []);
            }

            if (i == 30)
            {
                channel.Restart([database.ReadStored(database.ReadTestRecords()[0])], [Boot]);
            }
        }

        channel.Arrive(channel.Encode(late));
        channel.Pass(0);
        database.Save([channel.Run.Checkpoint()], []);
        IReadOnlyList<CalibrationSpan> expected = Arrived(frames).Run.Calibrations;
        StoredTest stored = database.ReadStored(database.ReadTestRecords()[0]);
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(stored.Calibrations));
        Assert.Equal(3, database.ReadCalibrations("n1", "1", 10).Count);
        Assert.Equal(expected[2].FirstMicroseconds, Assert.Single(database.ReadCalibrations("n1", channel: null, most: 1)).Span.FirstMicroseconds);
        Assert.Empty(database.ReadCalibrations("n1", "2", 10));
        Assert.Empty(database.ReadCalibrations("n2", channel: null, most: 10));
        TestRun again = new(stored, CellProfiles.Default);
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(again.Calibrations));
    }

    [Fact]
    public void ANodeThatNamesAnotherEachTime_FillsNoMoreThanTheList()
    {
        const int frameCount = CalibrationSpans.Most + 30;
        CalibrationSpans spans = new();
        SampleFrame frame = CycledCell.Frames(1, 1, Boot, 0, endsTest: false)[0];
        for (uint id = 1; id <= frameCount; id++)
        {
            frame.Scales[SampleColumns.Voltage].CalibrationId = id;
            frame.FirstSampleNumber = id;
            spans.Take(frame, 0, id * 1000, (id - 1) * 1000, static _ => false);
        }

        IReadOnlyList<CalibrationSpan> list = spans.From(0, frameCount * 1000);
        Assert.Equal(CalibrationSpans.Most, list.Count);
        Assert.Equal((30L, frameCount * 1000L), (list[^1].UnlistedFrames, list[^1].LastMicroseconds));
        CalibrationSpans restored = new();
        restored.Restore(list);
        Assert.Equal(JsonSerializer.Serialize(list), JsonSerializer.Serialize(restored.From(0, frameCount * 1000)));
    }

    [Fact]
    public async Task TheApi_GivesTheSpansOfAChannel()
    {
        using (var database = new StateDatabase(Path.Combine(folder, "state.db")))
        {
            database.Save([Arrived(Frames()).Run.Checkpoint()], []);
        }

        await using MonitorGateway gateway = await MonitorGateway.StartAsync(
            new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1, OpenOnLoopback = true },
            TestContext.Current.CancellationToken);
        using HttpClient client = new();
        string text = await client.GetStringAsync(
            $"{gateway.HttpAddress}/api/v1/calibrations?node=n1&channel=1", TestContext.Current.CancellationToken);
        JsonElement spans = JsonDocument.Parse(text).RootElement;
        Assert.Equal(3, spans.GetArrayLength());
        JsonElement column = spans[1].GetProperty("columns")[0];
        Assert.Equal(("Voltage / V", 8u, 10_000L), (column.GetProperty("column").GetString(), column.GetProperty("id").GetUInt32(), column.GetProperty("denominator").GetInt64()));
        Assert.Equal(8000.0, spans[1].GetProperty("first").GetDouble());
        Assert.Equal("000000000000b007", spans[1].GetProperty("boot").GetString());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static List<SampleFrame> Frames()
    {
        List<SampleFrame> frames = CycledCell.Frames(3, SamplesPerFrame, Boot, 0, endsTest: true, startsTest: true);
        for (int i = 0; i < frames.Count; i++)
        {
            uint id = i is < 10 or >= 40 ? 0 : i < 20 ? 7u : 8u;
            frames[i].Scales[SampleColumns.Voltage].CalibrationId = id;
            frames[i].Scales[SampleColumns.Current].CalibrationId = id;
        }

        // A sensor that was off for a while does not end its calibration.
        frames[25].Scales[SampleColumns.Current].CopyFrom(new ColumnScale());
        for (int at = 0; at < frames[25].Count; at++)
        {
            frames[25].States[at] = SensorStates.With(frames[25].States[at], SampleColumns.Current, SensorState.Absent);
        }

        return frames;
    }

    private static FakeChannel Arrived(IEnumerable<SampleFrame> frames)
    {
        FakeChannel channel = new();
        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(0);
        return channel;
    }
}
