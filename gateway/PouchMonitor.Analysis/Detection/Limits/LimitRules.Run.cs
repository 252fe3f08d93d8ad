using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <content>Many samples at once, where all that a rule would do is remember the last of them.</content>
public sealed partial class LimitRules
{
    /// <summary>True when samples of these states, the first at a time, do no more within the band; narrows it to that.</summary>
    internal bool IsQuiet(uint states, long timeMicroseconds, ref QuietBand band)
    {
        uint columns = CellReadings.GoodTemperatures(states);
        return timeMicroseconds - SampleRun.LeastStepMicroseconds >= state.LastMicroseconds && !state.IsAnomalous && initialVoltage.IsOver && !runaway.IsRaised
            && sensorFaults.IsQuiet(states) && voltageLimits.IsQuiet(ref band) && thermalLimit.IsQuiet(columns, ref band)
            && heatingRate.IsQuiet(columns, ref band) && hardShort.IsQuiet(ref band);
    }

    /// <summary>Takes samples that <see cref="IsQuiet"/> allowed, all with a believed voltage and current.</summary>
    internal void Take(ReadOnlySpan<Sample> samples, SampleRun run)
    {
        ref readonly Sample last = ref samples[^1];
        state.LastMicroseconds = last.TimeMicroseconds;
        state.VoltageMicroseconds = last.TimeMicroseconds;
        state.VoltageV = last.Values[SampleColumns.Voltage];
        temperatures.Add(last);
        heatingRate.Take(samples, temperatures.Believed);
        hardShort.Take(samples, run.LargestA, temperatures);
    }
}
