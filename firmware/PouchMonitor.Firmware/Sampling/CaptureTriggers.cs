using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Decides, pass by pass, whether something happened that deserves a capture: a step of the voltage that no step of the
/// current explains, a dip below the level of the last second, fast heating. Whole numbers only; a reading that is not
/// believed neither triggers nor counts for the level.
/// </summary>
public sealed class CaptureTriggers
{
    private const long LevelMicroseconds = 1000000;
    private const int LeastPassesOfLevel = 3;
    private const long MicrosecondsPerSecond = 1000000;

    // Temperatures travel in hundredths of a degree.
    private const long MillidegreesPerCount = 10;

    private readonly CaptureRing ring;
    private readonly long stepCounts;
    private readonly long dipCounts;
    private readonly long currentStepCounts;
    private readonly long heatingMillidegreesPerSecond;
    private long levelSum;
    private long levelFrom;
    private bool hasHeatReference;
    private long heatReferenceCount;
    private long heatReferenceMicroseconds;

    /// <param name="ring">The passes, the one judged included.</param>
    /// <param name="configuration">Levels; 0 turns one off.</param>
    /// <param name="scales">What counts of voltage and current mean.</param>
    public CaptureTriggers(CaptureRing ring, ChannelConfiguration configuration, ColumnScale[] scales)
    {
        this.ring = ring;
        stepCounts = CountsOf(configuration.CaptureStepMillivolts, scales[SampleColumns.Voltage]);
        dipCounts = CountsOf(configuration.CaptureDipMillivolts, scales[SampleColumns.Voltage]);
        currentStepCounts = CountsOf(configuration.CaptureCurrentStepMilliamperes, scales[SampleColumns.Current]);
        heatingMillidegreesPerSecond = configuration.CaptureHeatingMillidegreesPerSecond;
    }

    /// <summary>Judges the newest pass of the ring.</summary>
    public CaptureCause Judge()
    {
        long newest = ring.Next - 1;
        CaptureCause cause = JudgeVoltage(newest);
        return cause == CaptureCause.None ? JudgeHeating(newest) : cause;
    }

    /// <summary>The fewest counts that are at least this many thousandths of the column's unit; 0 for none.</summary>
    private static long CountsOf(int milliunits, ColumnScale scale)
    {
        long thousandths = 1000 * scale.Numerator;
        return ((milliunits * scale.Denominator) + thousandths - 1) / thousandths;
    }

    private static long Magnitude(long value) => value < 0 ? -value : value;

    private CaptureCause JudgeVoltage(long newest)
    {
        if (ring.StateOf(newest, SampleColumns.Voltage) != SensorState.Good)
        {
            RestartLevel(newest + 1);
            return CaptureCause.None;
        }

        long count = ring.CountOf(newest, SampleColumns.Voltage);
        bool follows = newest > ring.Oldest && ring.StateOf(newest - 1, SampleColumns.Voltage) == SensorState.Good;
        if (follows && IsExplained(newest))
        {
            RestartLevel(newest);
            levelSum = count;
            return CaptureCause.None;
        }

        CaptureCause cause = CaptureCause.None;
        long passes = newest - levelFrom;
        if (follows && stepCounts > 0 && Magnitude(count - ring.CountOf(newest - 1, SampleColumns.Voltage)) >= stepCounts)
        {
            cause = CaptureCause.Step;
        }
        else if (dipCounts > 0 && passes >= LeastPassesOfLevel && levelSum - (count * passes) >= dipCounts * passes)
        {
            cause = CaptureCause.Dip;
        }

        levelSum += count;
        ForgetOld(newest);
        return cause;
    }

    /// <summary>True where the current stepped with the voltage, or is not known.</summary>
    private bool IsExplained(long newest)
    {
        if (currentStepCounts == 0)
        {
            return false;
        }

        return ring.StateOf(newest, SampleColumns.Current) != SensorState.Good
            || ring.StateOf(newest - 1, SampleColumns.Current) != SensorState.Good
            || Magnitude((long)ring.CountOf(newest, SampleColumns.Current) - ring.CountOf(newest - 1, SampleColumns.Current))
                >= currentStepCounts;
    }

    private void RestartLevel(long from)
    {
        levelSum = 0;
        levelFrom = from;
    }

    private void ForgetOld(long newest)
    {
        long since = ring.UptimeMicrosecondsOf(newest) - LevelMicroseconds;
        while (levelFrom < newest && (levelFrom < ring.Oldest + 1 || ring.UptimeMicrosecondsOf(levelFrom) < since))
        {
            levelSum -= ring.CountOf(levelFrom, SampleColumns.Voltage);
            levelFrom++;
        }
    }

    private CaptureCause JudgeHeating(long newest)
    {
        if (heatingMillidegreesPerSecond == 0 || ring.StateOf(newest, SampleColumns.Surface) != SensorState.Good)
        {
            hasHeatReference = false;
            return CaptureCause.None;
        }

        long count = ring.CountOf(newest, SampleColumns.Surface);
        long elapsed = ring.UptimeMicrosecondsOf(newest) - heatReferenceMicroseconds;
        if (hasHeatReference && elapsed < MicrosecondsPerSecond)
        {
            return CaptureCause.None;
        }

        long millidegrees = (count - heatReferenceCount) * MillidegreesPerCount;
        bool isFast = hasHeatReference && millidegrees * MicrosecondsPerSecond >= heatingMillidegreesPerSecond * elapsed;
        hasHeatReference = true;
        heatReferenceCount = count;
        heatReferenceMicroseconds = ring.UptimeMicrosecondsOf(newest);
        return isFast ? CaptureCause.Heating : CaptureCause.None;
    }
}
