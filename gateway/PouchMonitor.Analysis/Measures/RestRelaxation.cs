using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// What the voltage did at one rest: how far it came back after the current, and how it drifts at the end of a long one.
/// Changes are against the last record with current, so the jump of the resistance is in them; after a charge they are negative.
/// </summary>
public sealed record RestRelaxation
{
    private const double LongSeconds = 3600;
    private const double LastShare = 0.5;

    /// <summary>Drift in the last quarter and in the one before differ by less than this share, or than their errors: settled.</summary>
    private const double SettledShare = 0.1;
    private const double Coverage = 2;

    /// <summary>A slope of charge over voltage is local if no more charge than this share of the largest step lies between the two rests.</summary>
    private const double LocalShare = 0.2;
    private const double LeastChangeV = 0.005;

    /// <summary>Number of the step.</summary>
    public required int Step { get; init; }

    public int? Cycle { get; init; }

    /// <summary>What the current did before; null where the rest opens the test or lies behind a gap.</summary>
    public StepKind? After { get; init; }

    public required long StartMicroseconds { get; init; }

    public required double Seconds { get; init; }

    /// <summary>
    /// Change of the voltage after 10 s, V, read between two samples; null where the rest is shorter, was not watched, or the edge or the
    /// samples around that time are farther apart than half of it. It has the error of a difference of two readings.
    /// </summary>
    public double? ChangeAfter10sV { get; init; }

    /// <inheritdoc cref="ChangeAfter10sV"/>
    public double? ChangeAfter60sV { get; init; }

    /// <inheritdoc cref="ChangeAfter10sV"/>
    public double? ChangeAfter600sV { get; init; }

    /// <summary>Change until the rest's last record, V.</summary>
    public double? ChangeAtEndV { get; init; }

    /// <summary>
    /// Slope of the voltage over the last half of a rest of an hour or more, mV/h; negative falls. Least squares through means of equal
    /// length; null where the rest is shorter or was not watched.
    /// </summary>
    public double? DriftMvPerH { get; init; }

    /// <summary>Bounds of the drift, mV/h: 95 % by the scatter, and no narrower than what it changed by within that half.</summary>
    public double? DriftLowMvPerH { get; init; }

    /// <inheritdoc cref="DriftLowMvPerH"/>
    public double? DriftHighMvPerH { get; init; }

    /// <summary>True where the drift no longer changes: what is left is self-discharge and not relaxation; null without a drift.</summary>
    public bool? IsSettled { get; init; }

    /// <summary>
    /// Charge lost by the settled drift, Ah/h, I = dQ/dV dV/dt (METHODS), dQ/dV from this rest and the one before it; null where no rest near
    /// enough gives that slope.
    /// </summary>
    public double? SelfDischargeAhPerH { get; init; }

    /// <summary>The rests of a series that follow a current or are long, in order.</summary>
    /// <param name="steps">All steps in order.</param>
    /// <param name="inside">What was watched in them; null leaves only the change until the end.</param>
    public static IReadOnlyList<RestRelaxation> Of(IReadOnlyList<StepSummary> steps, NamedTestCollector? inside)
    {
        ArgumentNullException.ThrowIfNull(steps);
        double largestAh = steps.Count == 0 ? 0 : steps.Max(step => Math.Max(step.ChargeAh, step.DischargeAh));
        List<RestRelaxation> rests = [];
        double lastRestV = double.NaN;
        double sinceAh = 0;
        for (int i = 0; i < steps.Count; i++)
        {
            StepSummary step = steps[i];
            sinceAh += step.ChargeAh - step.DischargeAh;
            if (step.Kind != StepKind.Rest)
            {
                continue;
            }

            bool isNear = Math.Abs(sinceAh) <= LocalShare * largestAh;
            RestRelaxation rest = Of(i > 0 ? steps[i - 1] : null, step, inside, lastRestV, isNear ? sinceAh : double.NaN);
            if (rest.After is not null || rest.DriftMvPerH is not null)
            {
                rests.Add(rest);
            }

            lastRestV = step.LastVoltageV;
            sinceAh = 0;
        }

        return rests;
    }

    private static RestRelaxation Of(StepSummary? before, StepSummary step, NamedTestCollector? inside, double beforeV, double sinceAh)
    {
        StepTransient? first = inside?.FindFirst(step);
        double loadedV = first?.VoltageBeforeV ?? before?.LastVoltageV ?? double.NaN;
        bool isAfterCurrent = before is not null && before.Kind != StepKind.Rest && double.IsFinite(loadedV);
        var rest = new RestRelaxation
        {
            Step = step.Index,
            Cycle = step.Cycle,
            After = isAfterCurrent ? before!.Kind : null,
            StartMicroseconds = step.StartMicroseconds,
            Seconds = (step.EndMicroseconds - (first?.EdgeMicroseconds ?? step.StartMicroseconds)) / 1e6,
            ChangeAfter10sV = isAfterCurrent ? Change(first, 0) : null,
            ChangeAfter60sV = isAfterCurrent ? Change(first, 1) : null,
            ChangeAfter600sV = isAfterCurrent ? Change(first, 2) : null,
            ChangeAtEndV = isAfterCurrent ? step.LastVoltageV - loadedV : null,
        };
        StepTransient? longest = inside?.Find(step);
        return longest is { Seconds: >= LongSeconds } ? WithDrift(rest, longest, beforeV, sinceAh) : rest;
    }

    private static double? Change(StepTransient? transient, int mark) =>
        transient is not null && double.IsFinite(transient.MarksV[mark]) ? transient.MarksV[mark] - transient.VoltageBeforeV : null;

    private static RestRelaxation WithDrift(RestRelaxation rest, StepTransient transient, double beforeV, double sinceAh)
    {
        const double toMvPerH = 3.6e6;
        if (Line(transient, LastShare, 1) is not { } all || Line(transient, LastShare, 0.75) is not { } earlier || Line(transient, 0.75, 1) is not { } later)
        {
            return rest;
        }

        // Student's factor for 95 %: within 1 % of the exact one from four degrees of freedom on.
        double factor = 1.96 + (2.8 / (all.Count - 2)) + (1.5 / ((all.Count - 2) * (all.Count - 2)));
        double turned = Math.Abs(later.Slope - earlier.Slope);
        double errors = Coverage * Math.Sqrt((later.SlopeError * later.SlopeError) + (earlier.SlopeError * earlier.SlopeError));
        double half = Math.Max(factor * all.SlopeError, turned > errors ? turned : 0);
        bool isSettled = turned <= Math.Max(SettledShare * Math.Abs(all.Slope), errors);

        // Without what leaked in this rest: the line drawn back to its begin.
        double changeV = all.Intercept - beforeV;
        bool isSlope = Math.Abs(changeV) >= LeastChangeV && changeV * sinceAh > 0;
        return rest with
        {
            DriftMvPerH = all.Slope * toMvPerH,
            DriftLowMvPerH = (all.Slope - half) * toMvPerH,
            DriftHighMvPerH = (all.Slope + half) * toMvPerH,
            IsSettled = isSettled,
            SelfDischargeAhPerH = isSettled && isSlope ? -all.Slope * 3600 * (sinceAh / changeV) : null,
        };
    }

    private static TransientLine? Line(StepTransient transient, double fromShare, double toShare) => TransientLine.Of(
        transient.Bins.Where(bin => bin.MeanSeconds >= fromShare * transient.Seconds && bin.MeanSeconds < toShare * transient.Seconds),
        bin => bin.MeanSeconds, bin => bin.VoltageV);
}
