using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>A calibration is applied from its id before anything is judged, whenever its record comes, and never guessed.</summary>
public sealed class AppliedCalibrationTests : IDisposable
{
    private const ulong Boot = 0xB007;
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-calibration-").FullName;

    private static NodeCalibration Record { get; } = new()
    {
        Id = 7, UnixSeconds = 1_790_000_000, VoltageOffsetMillicounts = 12_500, VoltageGainPpm = -1500,
        CurrentOffsetMillicounts = -4250, CurrentGainPpm = 8000,
    };

    [Fact]
    public void AKnownCalibration_GivesTheTruthsCyclesAndEfficiency()
    {
        FakeChannel truth = Arrived(CycledCell.Frames(3, 40, Boot, 0, endsTest: true), known: false);
        FakeChannel channel = Arrived(Distorted(), known: true);
        FakeChannel raw = Arrived(Distorted(), known: false);
        for (int i = 0; i < 3; i++)
        {
            var expected = truth.Run.View.Cycles[i];
            var actual = channel.Run.View.Cycles[i];

            // Rounding of the distorted counts is half a count of 1 mA or 0.1 mV.
            Assert.Equal(expected.DischargeCapacityAh!.Value, actual.DischargeCapacityAh!.Value, 5e-4);
            Assert.Equal(expected.ChargeCapacityAh!.Value, actual.ChargeCapacityAh!.Value, 5e-4);
            Assert.Equal(expected.CoulombicEfficiency!.Value, actual.CoulombicEfficiency!.Value, 1e-3);
            Assert.Equal(expected.MeanDischargeVoltageV!.Value, actual.MeanDischargeVoltageV!.Value, 1e-4);
            Assert.True(Math.Abs(raw.Run.View.Cycles[i].CoulombicEfficiency!.Value - expected.CoulombicEfficiency.Value) > 5e-3);
        }

        Assert.All(channel.Run.Calibrations[0].Columns, column => Assert.True(column.IsApplied));
        Assert.Equal(new CalibratedColumn(SampleColumns.Current, 7, 0, 1, 1000) { IsApplied = true }, channel.Run.Calibrations[0].Columns[1]);
    }

    [Fact]
    public void AnUnknownCalibration_IsShownAndNotApplied_UntilItsRecordComes()
    {
        Judgement expected = Judgement.Of(Arrived(Distorted(), known: true).Run);
        FakeChannel channel = Arrived(Distorted(), known: false);
        Assert.All(channel.Run.Calibrations[0].Columns, column => Assert.False(column.IsApplied));
        Assert.NotEqual(expected.Cycles, Judgement.Of(channel.Run).Cycles);

        // Another channel's record of the same id is none of this one's.
        channel.Calibrations.Take("n1", "2", Record with { CurrentGainPpm = 1 });
        channel.Pass(1000);
        Assert.False(channel.Run.Calibrations[0].Columns[0].IsApplied);

        channel.Calibrations.Take("n1", "1", Record);
        Assert.True(channel.State.NeedsWork);
        channel.Pass(1000);
        Assert.All(channel.Run.Calibrations[0].Columns, column => Assert.True(column.IsApplied));
        Judgement.Equal(expected, Judgement.Of(channel.Run));
    }

    [Fact]
    public void ARecordThatComesInTheMiddle_IsAppliedToWhatWasBeforeToo()
    {
        List<SampleFrame> frames = Distorted();
        FakeChannel channel = new();
        for (int i = 0; i < frames.Count; i++)
        {
            if (i == 20)
            {
                channel.Calibrations.Take("n1", "1", Record);
            }

            channel.Arrive(channel.Encode(frames[i]));
            channel.Pass(1000);
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Judgement.Equal(Judgement.Of(Arrived(Distorted(), known: true).Run), Judgement.Of(channel.Run));
        Assert.Single(channel.Run.Calibrations);
    }

    [Fact]
    public void ARecordThatCameWhileTheGatewayWasDown_IsAppliedAfterTheRestart()
    {
        using var database = new StateDatabase(Path.Combine(folder, "state.db"));
        FakeChannel channel = new();
        foreach (SampleFrame frame in Distorted(ends: false))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(1000);
        database.Save([channel.Run.Checkpoint()], []);
        channel.Calibrations.Take("n1", "1", Record);
        channel.Restart([database.ReadStored(database.ReadTestRecords()[0])], [Boot]);
        channel.Pass(1000);
        channel.Pass(1000);
        FakeChannel known = new();
        known.Calibrations.Take("n1", "1", Record);
        foreach (SampleFrame frame in Distorted(ends: false))
        {
            known.Arrive(known.Encode(frame));
        }

        known.Pass(1000);
        Judgement.Equal(Judgement.Of(known.Run), Judgement.Of(channel.Run));
        Assert.All(channel.Run.Calibrations[0].Columns, column => Assert.True(column.IsApplied));
    }

    [Fact]
    public void Records_AreKeptInTheDatabase()
    {
        string file = Path.Combine(folder, "state.db");
        using (var database = new StateDatabase(file))
        {
            database.Save([new KnownCalibration("n1", "1", Record), new KnownCalibration("n1", "2", Record with { Id = uint.MaxValue })]);
            database.Save([new KnownCalibration("n1", "1", Record with { CurrentGainPpm = 5 })]);
        }

        using var again = new StateDatabase(file);
        CalibrationBook book = new();
        book.Restore(again.ReadNodeCalibrations());
        Assert.Equal(Record, book.Find("n1", "1", 7));
        Assert.Equal(Record with { Id = uint.MaxValue }, book.Find("n1", "2", uint.MaxValue));
        Assert.Null(book.Find("n2", "1", 7));
    }

    [Fact]
    public void AStatus_GivesItsRecords()
    {
        NodeDirectory nodes = new(new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.Null(nodes.Take("n1", Status(""""
            "1":{"id":4294967295,"unixSeconds":5,"voltageOffsetMillicounts":-1,"voltageGainPpm":2,"currentOffsetMillicounts":3,"currentGainPpm":-4,"emissivityPermille":950,"thermistor":[]}
            """"), 1));
        NodeCalibration? read = nodes.Calibrations.Find("n1", "1", uint.MaxValue);
        Assert.Equal(new NodeCalibration { Id = uint.MaxValue, UnixSeconds = 5, VoltageOffsetMillicounts = -1, VoltageGainPpm = 2, CurrentOffsetMillicounts = 3, CurrentGainPpm = -4 }, read);

        // Another content under the same id can only be a mistake; what was known stays.
        Assert.Null(nodes.Take("n1", Status(""""
            "1":{"id":4294967295,"voltageOffsetMillicounts":0,"voltageGainPpm":0,"currentOffsetMillicounts":0,"currentGainPpm":0}
            """"), 1));
        Assert.Equal((read, 1L), (nodes.Calibrations.Find("n1", "1", uint.MaxValue), nodes.Calibrations.RefusedCount));
    }

    [Theory]
    [InlineData("\"1\":{\"id\":0,\"voltageOffsetMillicounts\":0,\"voltageGainPpm\":0,\"currentOffsetMillicounts\":0,\"currentGainPpm\":0}", "id is 0")]
    [InlineData("\"1\":{\"id\":1,\"voltageOffsetMillicounts\":1000001,\"voltageGainPpm\":0,\"currentOffsetMillicounts\":0,\"currentGainPpm\":0}", "voltageOffsetMillicounts is 1000001")]
    [InlineData("\"1\":{\"id\":1,\"voltageOffsetMillicounts\":0,\"voltageGainPpm\":0,\"currentOffsetMillicounts\":0,\"currentGainPpm\":-100001}", "currentGainPpm is -100001")]
    [InlineData("\"1\":{\"id\":1}", "calibration of channel '1'")]
    [InlineData("\"1\":7", "calibration of channel '1'")]
    public void AStatusWithABadRecord_IsRefusedWithItsReason(string calibrations, string expected)
    {
        NodeDirectory nodes = new(new Dictionary<string, string>(StringComparer.Ordinal));
        string? problem = nodes.Take("n1", Status(calibrations), 1);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Null(nodes.Find("n1"));
    }

    [Fact]
    public void Applying_TakesTheIdOffAndLeavesNoDigitBehind()
    {
        SampleFrame frame = CycledCell.Frames(1, 4, Boot, 0, endsTest: false)[0];
        frame.Scales[SampleColumns.Voltage].CopyFrom(new ColumnScale { Numerator = 3, Denominator = 16_000, CalibrationId = 7 });
        frame.Scales[SampleColumns.Current].CopyFrom(new ColumnScale { Numerator = 1, Denominator = 12_800, Offset = 2, CalibrationId = 8 });
        frame.Counts[SampleColumns.Voltage][0] = 20_000;
        NodeCalibration.Apply(frame, id => id == 7 ? Record : null);
        NodeCalibration.Apply(frame, _ => Record with { VoltageGainPpm = 1 });
        ColumnScale scale = frame.Scales[SampleColumns.Voltage];
        Assert.Equal((20_000 - 12.5) * 0.9985 * 187.5e-6, ScaledValue.Of(frame.Counts[SampleColumns.Voltage][0], scale), 1e-15);
        Assert.Equal(0u, scale.CalibrationId);

        // The second one knew the current's id: (count + 2 + 4.25) * 1.008 / 12800.
        Assert.Equal((1000 + 6.25) * 1.008 / 12_800, ScaledValue.Of(frame.Counts[SampleColumns.Current][0], frame.Scales[SampleColumns.Current]), 1e-15);
    }

    [Theory]
    [InlineData(long.MaxValue, 0, 1)]
    [InlineData(long.MinValue, 0, 1)]
    [InlineData(1, long.MinValue, 1)]
    [InlineData(1, 0, long.MaxValue)]
    public void HostileNumbers_StayAsTheyAre(long count, long offset, long denominator)
    {
        SampleFrame frame = CycledCell.Frames(1, 4, Boot, 0, endsTest: false)[0];
        frame.Scales[SampleColumns.Current].CopyFrom(new ColumnScale { Offset = offset, Denominator = denominator, CalibrationId = 7 });
        frame.Counts[SampleColumns.Current][1] = count;
        NodeCalibration.Apply(frame, _ => Record);
        Assert.Equal(count, frame.Counts[SampleColumns.Current][1]);
        Assert.Equal(7u, frame.Scales[SampleColumns.Current].CalibrationId);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Status(string calibrations) =>
        Encoding.UTF8.GetBytes("{\"state\":\"online\",\"channels\":{\"1\":\"c\"},\"calibrations\":{" + calibrations + "}}");

    private static FakeChannel Arrived(List<SampleFrame> frames, bool known)
    {
        FakeChannel channel = new();
        if (known)
        {
            channel.Calibrations.Take("n1", "1", Record);
        }

        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        channel.Run.Publish();
        return channel;
    }

    /// <summary>The cell as a front end with the record's errors reads it.</summary>
    private static List<SampleFrame> Distorted(bool ends = true)
    {
        List<SampleFrame> frames = CycledCell.Frames(3, 40, Boot, 0, endsTest: ends);
        foreach (SampleFrame frame in frames)
        {
            frame.Scales[SampleColumns.Voltage].CalibrationId = Record.Id;
            frame.Scales[SampleColumns.Current].CalibrationId = Record.Id;
            for (int i = 0; i < frame.Count; i++)
            {
                Distort(frame.Counts[SampleColumns.Voltage], i, Record.VoltageOffsetMillicounts, Record.VoltageGainPpm);
                Distort(frame.Counts[SampleColumns.Current], i, Record.CurrentOffsetMillicounts, Record.CurrentGainPpm);
            }
        }

        return frames;

        static void Distort(long[] counts, int at, long millicounts, long ppm) =>
            counts[at] = (long)Math.Round((counts[at] / (1 + (ppm / 1e6))) + (millicounts / 1e3));
    }
}
