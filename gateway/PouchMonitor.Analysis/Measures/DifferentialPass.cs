using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// Reads the samples of a test a second time, now that its steps are known, and gives dQ/dV of each half cycle: one grid of
/// charge over voltage at a time, whatever the length of the test. Why it is no part of the live analysis:
/// <c>decisions/0003-differential-capacity-is-read-on-request.md</c>.
/// </summary>
/// <remarks>
/// Of a step the constant current alone counts: once the current of a charge has fallen by 3 % while its voltage is held,
/// the rest is left out. The interval that leads into the step is left out too: its voltage is the jump across the
/// resistance.
/// </remarks>
public sealed class DifferentialPass
{
    private const double HeldShare = 0.97;

    private readonly List<PlannedHalf> plan;
    private readonly Action<DifferentialCapacity, DifferentialCurve?> onHalf;
    private readonly BelievedSamples believed;
    private readonly ChargeHistogram histogram = new();
    private int at;
    private long previousMicroseconds;
    private double previousV;
    private double previousA;
    private double levelA;
    private double passedC;
    private double seconds;
    private bool hasPrevious;
    private bool isHeld;

    /// <param name="profile">By which the test was judged: bad readings are told by the same gate.</param>
    /// <param name="steps">The steps of the test, as it gave them.</param>
    /// <param name="onHalf">Takes each half cycle in order, and its curve; null where nothing was measured.</param>
    public DifferentialPass(CellProfile profile, IReadOnlyList<StepSummary> steps, Action<DifferentialCapacity, DifferentialCurve?> onHalf)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(onHalf);
        plan = DifferentialPlan.Of(steps);
        this.onHalf = onHalf;
        believed = new BelievedSamples(profile, TakeBelieved);
    }

    /// <summary>Takes the next sample of the test.</summary>
    public void Add(in Sample sample) => believed.Add(sample);

    /// <summary>The samples are at their end: gives what is left.</summary>
    public void Complete()
    {
        believed.Complete();
        CompleteBelieved();
    }

    /// <summary>The same for one who has let the samples through the gate already.</summary>
    internal void CompleteBelieved()
    {
        while (at < plan.Count)
        {
            Finish();
        }
    }

    /// <summary>Takes a sample that has passed the gate.</summary>
    internal void TakeBelieved(in Sample sample)
    {
        while (at < plan.Count && (plan[at].Step is not { } ended || sample.TimeMicroseconds > ended.EndMicroseconds))
        {
            Finish();
        }

        if (at == plan.Count || sample.TimeMicroseconds < plan[at].Step!.StartMicroseconds
            || !sample.IsGood(SampleColumns.Current) || !sample.IsGood(SampleColumns.Voltage))
        {
            return;
        }

        StepSummary step = plan[at].Step!;
        double magnitudeA = step.Kind == StepKind.Discharge ? -sample.Values[SampleColumns.Current] : sample.Values[SampleColumns.Current];
        if (magnitudeA <= 0)
        {
            return;
        }

        Follow(step, sample.TimeMicroseconds, sample.Values[SampleColumns.Voltage], magnitudeA);
    }

    private void Follow(StepSummary step, long timeMicroseconds, double voltageV, double magnitudeA)
    {
        if (hasPrevious)
        {
            // What two records in a row reached, so that the one at the edge does not set it.
            levelA = Math.Max(levelA, Math.Min(magnitudeA, previousA));
            isHeld |= step.Mode == StepMode.ConstantCurrentConstantVoltage && magnitudeA < HeldShare * levelA;
            if (!isHeld)
            {
                double spanS = (timeMicroseconds - previousMicroseconds) / 1e6;
                double chargeC = 0.5 * (magnitudeA + previousA) * spanS;
                histogram.Add(previousV, voltageV, chargeC);
                passedC += chargeC;
                seconds += spanS;
            }
        }

        previousMicroseconds = timeMicroseconds;
        previousV = voltageV;
        previousA = magnitudeA;
        hasPrevious = true;
    }

    private void Finish()
    {
        PlannedHalf half = plan[at++];
        DifferentialCurve? curve = half.Step is null ? null : DifferentialCurve.From(histogram);
        var result = new DifferentialCapacity { Cycle = half.Cycle, Half = half.Half, Reason = half.Reason };
        if (half.Step is { } step)
        {
            result = curve is null
                ? result with { Reason = "the voltage hardly moved at constant current" }
                : result with { StartMicroseconds = step.StartMicroseconds, RateA = passedC / seconds, Peaks = curve.Peaks() };
        }

        histogram.Clear();
        levelA = 0;
        passedC = 0;
        seconds = 0;
        hasPrevious = false;
        isHeld = false;
        onHalf(result, curve);
    }
}
