using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>A single count is corrected to the very number that its whole frame is corrected to.</summary>
public class CalibratedValueTests(ITestOutputHelper output)
{
    [Fact]
    public void EachCount_IsWhatItsFrameGives()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int corrected = 0;
        for (int round = 0; round < 500; round++)
        {
            NodeCalibration known = new()
            {
                Id = 7,
                VoltageOffsetMillicounts = random.NextInt64(-NodeCalibration.MostMillicounts, NodeCalibration.MostMillicounts),
                VoltageGainPpm = random.NextInt64(-NodeCalibration.MostPpm, NodeCalibration.MostPpm),
                CurrentOffsetMillicounts = random.NextInt64(-NodeCalibration.MostMillicounts, NodeCalibration.MostMillicounts),
                CurrentGainPpm = random.NextInt64(-NodeCalibration.MostPpm, NodeCalibration.MostPpm),
            };
            NodeCalibration? Find(uint id) => id == known.Id ? known : null;
            var values = new CalibratedValue(Find);
            for (int column = SampleColumns.Voltage; column <= SampleColumns.Surface; column++)
            {
                var frame = new SampleFrame(1) { Count = 1 };
                ColumnScale scale = frame.Scales[column];
                scale.Numerator = random.NextInt64(1, 100_000);
                scale.Denominator = random.NextInt64(1, 10_000_000);
                scale.Offset = random.NextInt64(-1_000_000, 1_000_000);
                scale.CalibrationId = random.Next(4) == 0 ? 8u : 7u; // 8 is not known
                long count = random.NextInt64(-1L << 40, 1L << 40);
                double read = ScaledValue.Of(count, scale);
                double value = values.Of(count, scale, column);
                Assert.Equal(value, values.OfMean(count, scale, column), Math.Abs(value) * 1e-12 + 1e-12);
                frame.Counts[column][0] = count;
                NodeCalibration.Apply(frame, Find);
                Assert.Equal(ScaledValue.Of(frame.Counts[column][0], scale), value);
                corrected += value != read ? 1 : 0;
            }
        }

        Assert.InRange(corrected, 500, 1000);
    }
}
