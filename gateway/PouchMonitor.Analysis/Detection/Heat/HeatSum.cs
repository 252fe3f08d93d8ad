using System.Globalization;

namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>The cumulative sum over stretches and the finding it raises. A plain value.</summary>
internal struct HeatSum
{
    private double sum;
    private double residualWs;
    private double deviationWs;
    private double usualWs;
    private double seconds;
    private double observedW;
    private double limitW;
    private double usualW;
    private double spanS;
    private long onsetMicroseconds;
    private int cycle;

    public bool IsRaised;

    /// <summary>Takes a stretch.</summary>
    /// <param name="residualW">Heat that nothing explains, W.</param>
    /// <param name="deviationW">Its standard deviation, W.</param>
    /// <param name="expectedW">Heat that was expected, W.</param>
    /// <param name="stretchSeconds">Its length.</param>
    /// <param name="microseconds">Its end.</param>
    /// <param name="runningCycle">Cycle now running.</param>
    /// <param name="row">The rule.</param>
    /// <param name="findings">Told what is raised or cleared.</param>
    public void Take(
        double residualW, double deviationW, double expectedW, double stretchSeconds, long microseconds, int runningCycle,
        HeatRow row, IFindingSink findings)
    {
        double score = Math.Min(residualW / deviationW, HeatTable.MostOfOneStretch) - row.Allowance;
        sum = Math.Clamp(sum + score, 0, HeatTable.MostSum);
        if (sum == 0)
        {
            residualWs = deviationWs = usualWs = seconds = 0;
        }
        else if (!IsRaised)
        {
            residualWs += residualW * stretchSeconds;
            deviationWs += deviationW * stretchSeconds;
            usualWs += expectedW * stretchSeconds;
            seconds += stretchSeconds;
        }

        if (IsRaised)
        {
            if (sum <= row.Clear)
            {
                IsRaised = false;
                Tell(row, findings, microseconds);
                sum = residualWs = deviationWs = usualWs = seconds = 0;
            }

            return;
        }

        double leastW = Math.Max(row.LeastW, HeatTable.LeastMean * deviationWs / seconds);
        if (sum >= row.Raise && residualWs / seconds >= leastW)
        {
            IsRaised = true;
            observedW = residualWs / seconds;
            limitW = leastW;
            usualW = usualWs / seconds;
            spanS = seconds;
            onsetMicroseconds = microseconds;
            cycle = runningCycle;
            Tell(row, findings, null);
        }
    }

    private readonly void Tell(HeatRow row, IFindingSink findings, long? clearedMicroseconds) => findings.OnFinding(new Finding
    {
        Rule = RuleNames.HeatResidual,
        OnsetMicroseconds = onsetMicroseconds,
        Severity = row.Severity,
        Cycle = cycle > 0 ? cycle : null,
        Measure = row.Measure,
        Observed = observedW,
        Limit = limitW,
        Unit = row.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"Over {spanS / 60:0} min the cell gave off {1000 * observedW:0.#} mW more heat than its current explains, beside {1000 * usualW:0.#} mW that earlier cycles and its voltage let expect (smallest heat that can be told here {1000 * limitW:0.#} mW)."),
        ClearedMicroseconds = clearedMicroseconds,
    });
}
