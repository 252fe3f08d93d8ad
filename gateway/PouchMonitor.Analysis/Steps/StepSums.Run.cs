using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Steps;

/// <content>Many intervals at once, to the same digits.</content>
internal partial struct StepSums
{
    /// <summary>Adds all of a run at rest.</summary>
    public void AddRest(SampleRun run)
    {
        ReadOnlySpan<double> seconds = run.Seconds;
        ReadOnlySpan<double> volts = run.VoltageV;
        double sumS = Seconds;
        double sumVs = VoltageSecondsVs;
        double before = LastVoltageV;
        for (int i = 1; i <= run.Count; i++)
        {
            sumS += seconds[i];
            sumVs += 0.5 * (before + volts[i]) * seconds[i];
            before = volts[i];
        }

        Seconds = sumS;
        VoltageSecondsVs = sumVs;
        AddEnds(run);
    }

    /// <summary>Adds what is left of a run where current flows: its charge, energy and seconds are added already.</summary>
    public void AddFlow(SampleRun run)
    {
        if (run.AnyHeld)
        {
            for (int i = 1; i <= run.Count; i++)
            {
                if (run.Held[i])
                {
                    ConstantVoltageC += run.ChargeC[i];
                    ConstantVoltageSeconds += run.Seconds[i];
                }
                else if (ConstantVoltageC == 0)
                {
                    Span(Math.Abs(run.CurrentA[i]), Math.Abs(run.CurrentA[i]));
                }
            }
        }
        else if (ConstantVoltageC == 0)
        {
            Span(run.LeastA, run.LargestA);
        }

        AddEnds(run);
    }

    private void Span(double leastA, double largestA)
    {
        LeastA = leastA < LeastA ? leastA : LeastA;
        LargestA = largestA > LargestA ? largestA : LargestA;
    }

    private void AddEnds(SampleRun run)
    {
        SampleCount += run.Count;
        LastMicroseconds = run.LastMicroseconds;
        LastVoltageV = run.VoltageV[run.Count];
        if (run.HasTemperature)
        {
            (double least, double largest) = RunMath.Range(run.TemperatureC.AsSpan(1, run.Count));
            LeastTemperatureC = least < LeastTemperatureC ? least : LeastTemperatureC;
            LargestTemperatureC = largest > LargestTemperatureC ? largest : LargestTemperatureC;
        }
    }
}
