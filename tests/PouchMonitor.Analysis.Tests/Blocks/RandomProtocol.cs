using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Blocks;

/// <summary>
/// Series that follow no cell: stretches of any current in any order (levels, currents that die away or sway, changes within a
/// stretch, single records), pauses, clocks that leap or step back, rates that change, and readings that are wrong, missing or
/// faulty here and there.
/// </summary>
internal sealed class RandomProtocol
{
    private static readonly double[] LevelsA = [0, 0, 0.5, -0.5, 1, -1, 0.1, -0.1, 2, -3, 0.0005, -0.0004, 0.02];
    private static readonly double[] IntervalsS = [0.02, 0.1, 0.5, 1, 1, 2, 5, 10, 30];

    private readonly Random random;
    private readonly List<Sample> samples = [];
    private readonly double jitterS;
    private readonly double noiseV;
    private readonly double noiseA;
    private readonly bool hasCurrent;
    private readonly bool hasContact;
    private readonly bool hasInfrared;
    private readonly bool hasAmbient;
    private double intervalS;
    private double timeS;
    private double stateOfCharge = 0.5;
    private double cellC = 25;
    private double ambientC = 25;

    private RandomProtocol(Random random)
    {
        this.random = random;
        intervalS = IntervalsS[random.Next(IntervalsS.Length)];
        timeS = OneIn(2) ? 0 : 1.7e9;
        jitterS = OneIn(3) ? 0 : 0.001 * intervalS * random.Next(1, 50);
        noiseV = OneIn(4) ? 0 : Math.Pow(10, -5 + (2 * random.NextDouble()));
        noiseA = OneIn(3) ? 0 : Math.Pow(10, -5 + (2 * random.NextDouble()));
        hasCurrent = !OneIn(12);
        hasContact = !OneIn(4);
        hasInfrared = OneIn(2);
        hasAmbient = OneIn(2);
    }

    private enum Course
    {
        Level = 0,
        Dying = 1,
        Swaying = 2,
        Stepped = 3,
    }

    public static Sample[] Make(Random random)
    {
        RandomProtocol protocol = new(random);
        for (int left = random.Next(3, 25); left > 0; left--)
        {
            protocol.Stretch();
            protocol.Pause();
        }

        return [.. protocol.samples];
    }

    private void Stretch()
    {
        double level = LevelsA[random.Next(LevelsA.Length)] * (OneIn(5) ? 1 + (0.1 * random.NextDouble()) : 1);
        int records = OneIn(4) ? random.Next(1, 6) : random.Next(5, 700);
        var course = (Course)random.Next(6);
        for (int at = 0; at < records; at++)
        {
            double currentA = course switch
            {
                Course.Dying => level * Math.Exp(-at / 30.0),
                Course.Swaying => level * (1 + (0.05 * Math.Sin(at / 9.0))),
                Course.Stepped when at >= records / 2 => 1.3 * level,
                _ => level,
            };
            stateOfCharge = Math.Clamp(stateOfCharge + (currentA * intervalS / 3600), 0.001, 0.999);
            cellC += intervalS * ((0.0004 * currentA * currentA) - (0.002 * (cellC - ambientC)));
            samples.Add(Record(currentA));
            timeS += intervalS;
        }
    }

    private Sample Record(double currentA)
    {
        Sample sample = new()
        {
            Number = samples.Count,
            TimeMicroseconds = (long)((timeS + (jitterS * random.NextDouble())) * 1e6),
            States = SensorStates.AllAbsent,
            VoltageDipV = OneIn(200) ? (float)(0.03 * random.NextDouble()) : 0,
        };
        double voltageV = 3.0 + (1.2 * stateOfCharge) + (0.05 * currentA) + Noise(noiseV);
        double readA = currentA == 0 && OneIn(2) ? 0 : currentA + Noise(noiseA);
        double readC = cellC + Noise(0.03);
        int odd = random.Next(3000);
        voltageV = odd switch { 0 => voltageV + Noise(2), 1 => double.NaN, _ => voltageV };
        readA += odd == 2 ? Noise(4) : 0;
        readC += odd == 3 ? random.Next(-60, 200) : 0;
        timeS += odd switch { 4 => intervalS * random.Next(2, 2000), 5 => -intervalS * random.Next(1, 3), _ => 0 };
        Set(ref sample, SampleColumns.Voltage, voltageV, odd == 6 ? SensorState.Saturated : SensorState.Good);
        Set(ref sample, SampleColumns.Current, readA, Presence(hasCurrent, odd == 7, SensorState.Saturated));
        Set(ref sample, SampleColumns.Surface, readC, Presence(hasContact, odd == 8, SensorState.Open));
        Set(ref sample, SampleColumns.Infrared, cellC + 0.2 + Noise(0.1), Presence(hasInfrared, odd == 9, SensorState.Frozen));
        Set(ref sample, SampleColumns.Ambient, ambientC + Noise(0.02), Presence(hasAmbient, odd == 10, SensorState.Open));
        return sample;
    }

    private void Pause()
    {
        cellC += OneIn(12) ? random.Next(5, 60) : 0;
        ambientC += OneIn(15) ? random.Next(-8, 9) : 0;
        timeS += OneIn(20) ? random.Next(60, 90_000) : 0;
        intervalS *= OneIn(25) ? 2 : 1;
    }

    private static SensorState Presence(bool isThere, bool isFaulty, SensorState fault) =>
        !isThere ? SensorState.Absent : isFaulty ? fault : SensorState.Good;

    private static void Set(ref Sample sample, int column, double value, SensorState state)
    {
        sample.States = SensorStates.With(sample.States, column, state);
        sample.Values[column] = SensorStates.HasValue(sample.States, column) ? value : 0;
    }

    private double Noise(double width) => width * (random.NextDouble() - 0.5);

    private bool OneIn(int times) => random.Next(times) == 0;
}
