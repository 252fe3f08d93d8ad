using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>
/// Cycles of a node's channel carry the uncertainties of its board as far as it is calibrated, the same ones in whatever order
/// frames and records come and wherever the gateway starts anew; what no board of ours measured carries none.
/// </summary>
public sealed class NodeUncertaintyTests : IDisposable
{
    private const ulong Boot = 0xB007;
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-uncertainty-").FullName;

    private static NodeCalibration Whole { get; } = new()
    {
        Id = 7, VoltageOffsetMillicounts = 120, VoltageGainPpm = -15, CurrentOffsetMillicounts = -42, CurrentGainPpm = 80,
    };

    [Fact]
    public void ACalibratedChannel_IsKnownBetterThanABoughtOne()
    {
        CycleSummary[] bought = [.. Judged(Measured()).Cycles];
        CycleSummary[] calibrated = [.. Judged(Measured(7), Whole).Cycles];
        Assert.Equal(3, bought.Length);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(bought[i].ChargeCapacityUncertaintyAh > 1.5 * calibrated[i].ChargeCapacityUncertaintyAh);
            Assert.True(bought[i].DischargeCapacityUncertaintyAh > 1.5 * calibrated[i].DischargeCapacityUncertaintyAh);
            Assert.True(bought[i].CoulombicEfficiencyUncertainty > 1.2 * calibrated[i].CoulombicEfficiencyUncertainty);

            // A gap of 50 mV feels little of a gain.
            Assert.True(bought[i].PolarizationUncertaintyV > calibrated[i].PolarizationUncertaintyV);
        }
    }

    [Fact]
    public void ARecordThatNobodyTold_OrOfAThermistorAlone_LeavesTheBoardAsBought()
    {
        CycleSummary[] bought = [.. Judged(Measured()).Cycles];
        NodeCalibration emissivity = new() { Id = 7, VoltageOffsetMillicounts = 0, VoltageGainPpm = 0, CurrentOffsetMillicounts = 0, CurrentGainPpm = 0 };
        Assert.Equal(Figures(bought), Figures(Judged(Measured(7)).Cycles));
        Assert.Equal(Figures(bought), Figures(Judged(Measured(7), emissivity).Cycles));

        // The current's zero alone takes its part and no more.
        CycleSummary zeroed = Judged(Measured(7), emissivity with { CurrentOffsetMillicounts = 1 }).Cycles[0];
        CycleSummary calibrated = Judged(Measured(7), Whole).Cycles[0];
        Assert.InRange(zeroed.DischargeCapacityUncertaintyAh!.Value, calibrated.DischargeCapacityUncertaintyAh!.Value, bought[0].DischargeCapacityUncertaintyAh!.Value);
        Assert.Equal(bought[0].PolarizationUncertaintyV!.Value, zeroed.PolarizationUncertaintyV!.Value, 1e-7);
    }

    [Fact]
    public void ScalesOfNoBoard_CarryNone()
    {
        Judgement decimals = Judged(CycledCell.Frames(3, 40, Boot, 0, endsTest: true));
        Assert.All(decimals.Cycles, cycle => Assert.NotNull(cycle.CoulombicEfficiency));
        Assert.All(Figures(decimals.Cycles), figures => Assert.Equal((null, null, null, null), figures));
        foreach (Action<SampleFrame> change in (Action<SampleFrame>[])
        [
            frame => frame.Scales[SampleColumns.Current].Offset = 1,
            frame => frame.Scales[SampleColumns.Voltage].Denominator = 16_001,
            frame => frame.Scales[SampleColumns.Current].Denominator = 12_801,
        ])
        {
            List<SampleFrame> frames = Measured();
            frames.ForEach(change);
            Assert.All(Figures(Judged(frames).Cycles), figures => Assert.Equal((null, null, null, null), figures));
        }
    }

    [Fact]
    public void ARecordThatComesLater_GivesWhatItGivesFromTheBeginning()
    {
        Judgement expected = Judged(Measured(7), Whole);
        FakeChannel channel = new();
        List<SampleFrame> frames = Measured(7);
        for (int i = 0; i < frames.Count; i++)
        {
            if (i == 20)
            {
                channel.Calibrations.Take("n1", "1", Whole);
            }

            channel.Arrive(channel.Encode(frames[i]));
            channel.Pass(1000);
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(18)]
    [InlineData(31)]
    public void AfterARestart_TheCyclesAreTheSame(int framesBefore)
    {
        using var database = new StateDatabase(Path.Combine(folder, "state.db"));
        List<SampleFrame> frames = Recalibrated();
        FakeChannel straight = new();
        FakeChannel channel = new();
        FakeChannel forgetful = new();
        foreach (FakeChannel one in (FakeChannel[])[straight, channel, forgetful])
        {
            one.Calibrations.Take("n1", "1", Whole);
            for (int i = 0; i < frames.Count; i++)
            {
                if (i == framesBefore && one == channel)
                {
                    one.Pass(1000);
                    database.Save([one.Run.Checkpoint()], []);
                    one.Restart([database.ReadStored(database.ReadTestRecords()[0])], [Boot]);
                }

                one.Arrive(one.Encode(frames[i]));
            }

            one.Pass(2 * FakeChannel.HoldMicroseconds);
        }

        Judgement expected = Judgement.Of(straight.Run);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
        forgetful.Restart([], [Boot]);
        forgetful.Pass(2 * FakeChannel.HoldMicroseconds);
        Judgement.Equal(expected, Judgement.Of(forgetful.Run));

        // What the database keeps of a cycle is all of it.
        database.Save([straight.Run.Checkpoint()], []);
        Assert.Equal(expected.Cycles, database.ReadStored(database.ReadTestRecords()[0]).Cycles);
    }

    [Fact]
    public void ACalibrationWithinACycle_LeavesItWithout()
    {
        var found = Figures(Judged(Recalibrated(), Whole).Cycles).ToArray();
        Assert.Equal(3, found.Length);
        Assert.NotNull(found[0].Efficiency);
        Assert.Equal((null, null, null, null), found[1]);
        Assert.True(found[2].Efficiency < found[0].Efficiency);
    }

    [Fact]
    public void TheBoardOfAFrame_IsFoundWithoutMakingAnything()
    {
        SampleFrame frame = Measured(7)[0];
        var boards = new BoardOfFrames(_ => Whole);
        Assert.Equal(0.1, boards.Of(frame)!.Value.ShuntOhms);
        long before = GC.GetAllocatedBytesForCurrentThread();
        boards.Of(frame);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static IEnumerable<(double? ChargeAh, double? DischargeAh, double? Efficiency, double? PolarizationV)> Figures(IEnumerable<CycleSummary> cycles) =>
        cycles.Select(cycle => (cycle.ChargeCapacityUncertaintyAh, cycle.DischargeCapacityUncertaintyAh, cycle.CoulombicEfficiencyUncertainty, cycle.PolarizationUncertaintyV));

    private static Judgement Judged(List<SampleFrame> frames, params NodeCalibration[] records)
    {
        FakeChannel channel = new();
        foreach (NodeCalibration record in records)
        {
            channel.Calibrations.Take("n1", "1", record);
        }

        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        return Judgement.Of(channel.Run);
    }

    /// <summary>As bought up to the middle of the second cycle, and calibrated from there.</summary>
    private static List<SampleFrame> Recalibrated()
    {
        List<SampleFrame> bought = Measured();
        List<SampleFrame> calibrated = Measured(7);
        return [.. bought.Take(bought.Count / 2), .. calibrated.Skip(bought.Count / 2)];
    }

    /// <summary>The cell as the board with 100 mOhm reads it.</summary>
    private static List<SampleFrame> Measured(uint calibrationId = 0)
    {
        List<SampleFrame> frames = CycledCell.Frames(3, 40, Boot, 0, endsTest: true);
        foreach (SampleFrame frame in frames)
        {
            frame.Scales[SampleColumns.Voltage].CopyFrom(new ColumnScale { Numerator = 3, Denominator = 16_000, CalibrationId = calibrationId });
            frame.Scales[SampleColumns.Current].CopyFrom(new ColumnScale { Numerator = 1, Denominator = 12_800, CalibrationId = calibrationId });
            for (int i = 0; i < frame.Count; i++)
            {
                frame.Counts[SampleColumns.Voltage][i] = frame.Counts[SampleColumns.Voltage][i] * 16_000 / 30_000;
                frame.Counts[SampleColumns.Current][i] = frame.Counts[SampleColumns.Current][i] * 12_800 / 1000;
            }
        }

        return frames;
    }
}
