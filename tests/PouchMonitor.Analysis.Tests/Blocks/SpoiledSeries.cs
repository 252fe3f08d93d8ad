using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Blocks;

/// <summary>
/// Series with every kind of fault at seeded places: sensors that are lost, stay or return, readings that are no numbers or
/// jump, heat, drops, turned and missing currents, clocks set back and ahead. And emulated cells at any rate of sampling.
/// </summary>
internal static class SpoiledSeries
{
    private const int Kinds = 9;

    /// <summary>A cell of 0.2 Ah cycled with rests, noisy, sampled at 0.1 to 100 Hz with jitter.</summary>
    public static Sample[] Emulate(Random random, int count)
    {
        double stepS = 1 / Math.Pow(10, (3 * random.NextDouble()) - 1);
        double jitter = random.Next(3) * 0.05;
        double noiseA = random.Next(2) * 0.0003;
        double samplesAHalf = random.Next(200, 2000);
        double samplesHeld = random.Next(300, 2500);
        bool hasDips = random.Next(2) == 0;
        int samplesALevel = random.Next(2) == 0 ? int.MaxValue : 150;
        double levelA = 1;
        uint states = SensorStates.AllAbsent;
        int columns = random.Next(2, SampleColumns.Count + 1);
        for (int column = 0; column < columns; column++)
        {
            states = SensorStates.With(states, column, SensorState.Good);
        }

        var samples = new Sample[count];
        double timeS = 1e6;
        double share = 0;
        int direction = 1;
        double restS = 100 * stepS;
        double heldS = 0;
        for (int i = 0; i < count; i++)
        {
            double passedS = stepS * (1 + (jitter * (random.NextDouble() - 0.5)));
            timeS += passedS;
            restS -= passedS;
            bool held = direction > 0 && share >= 0.9;
            levelA = random.Next(samplesALevel) == 1 ? Math.Pow(10, -2.2 * random.NextDouble()) : levelA;
            double flowA = restS > 0 ? 0 : held ? Math.Exp(-heldS / (300 * stepS)) : direction * levelA;
            heldS = held && restS <= 0 ? heldS + passedS : 0;
            share += flowA * passedS / (samplesAHalf * stepS);
            if (restS <= 0 && (share >= 1 || share <= 0 || heldS > samplesHeld * stepS))
            {
                direction = -direction;
                restS = random.Next(20, 400) * stepS;
            }

            ref Sample sample = ref samples[i];
            sample.Number = i;
            sample.TimeMicroseconds = (long)(timeS * 1e6);
            sample.States = states;
            sample.VoltageDipV = hasDips ? (float)(random.Next(200) == 0 ? 0.04 : 2e-4 * random.NextDouble()) : 0;
            sample.Values[SampleColumns.Voltage] = held && flowA > 0 ? 4.1 : 3.2 + share + (0.05 * flowA) + (2e-4 * random.NextDouble());
            sample.Values[SampleColumns.Current] = flowA + (noiseA * ((2 * random.NextDouble()) - 1));
            for (int column = SampleColumns.FirstTemperature; column < columns; column++)
            {
                sample.Values[column] = Math.Round(24 + (3 * share) + column + (0.04 * random.NextDouble()), 2);
            }
        }

        return samples;
    }

    public static void Spoil(Sample[] samples, Random random)
    {
        int faults = random.Next(3, 30);
        for (int i = 0; i < faults; i++)
        {
            int at = random.Next(samples.Length);
            int length = Math.Min(random.Next(1, random.Next(2, 60)), samples.Length - at);
            Spoil(samples, at, length, random);
        }
    }

    private static void Spoil(Sample[] samples, int at, int length, Random random)
    {
        int kind = random.Next(Kinds);
        int column = random.Next(SampleColumns.FirstExtraSurface + 1);
        double by = random.NextDouble();
        bool stays = random.Next(3) == 0;
        for (int i = at; i < samples.Length && (i < at + length || stays); i++)
        {
            ref Sample sample = ref samples[i];
            bool inside = i < at + length;
            switch (kind)
            {
                case 0:
                    SensorState state = inside ? (SensorState)random.Next(8) : SensorState.Open;
                    sample.States = SensorStates.With(sample.States, column, state);
                    break;
                case 1 when inside:
                    sample.Values[column] = random.Next(2) == 0 ? double.NaN : double.PositiveInfinity;
                    break;
                case 2 when inside:
                    sample.Values[SampleColumns.Voltage] *= by;
                    break;
                case 3:
                    sample.Values[SampleColumns.Surface] += Math.Min(i - at, length) * by * 3;
                    sample.Values[SampleColumns.Infrared] += Math.Min(i - at, length) * by;
                    break;
                case 4 when inside:
                    sample.Values[SampleColumns.Current] = -sample.Values[SampleColumns.Current];
                    break;
                case 5 when inside:
                    sample.TimeMicroseconds -= (long)(by * 5e6);
                    break;
                case 6:
                    sample.TimeMicroseconds += (long)(by * 5e9);
                    break;
                case 7 when inside:
                    sample.Values[SampleColumns.Current] = 0;
                    break;
                case 8 when inside:
                    sample.Values[column] += (by * 20) - 10;
                    break;
                default:
                    break;
            }
        }
    }
}
