using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// Follows voltage over charge through chosen half cycles of a second reading. Charge as cycles count it: the trapezoid
/// within a step and the interval that leads into it with the step's own current; rests and pulses against the half are
/// left out. A point is kept each 1/300 of the half's charge and each 10 mV, at most 2000 of a half, and its last.
/// </summary>
internal sealed class VoltageCurvePass
{
    private const double ChargeShare = 1.0 / 300;
    private const double VoltageStepV = 0.010;
    private const int MostPoints = 2000;

    private readonly Dictionary<(int Cycle, StepKind Half), VoltageCurve> curves = [];
    private readonly StepSummary[] steps;
    private readonly Dictionary<(int Cycle, StepKind Half), double> wholeAh;
    private readonly List<double> chargeAh = [];
    private readonly List<double> voltageV = [];
    private (int Cycle, StepKind Half) running;
    private int at;
    private (double ChargeAh, double VoltageV) last;
    private double passedAh;
    private double previousA;
    private long previousMicroseconds;
    private bool hasPrevious;
    private bool isInStep;

    /// <param name="steps">The steps of the test.</param>
    /// <param name="isWanted">Says of a cycle whether it is followed.</param>
    public VoltageCurvePass(IReadOnlyList<StepSummary> steps, Func<int, bool> isWanted)
    {
        this.steps =
        [
            .. steps.Where(step => step is { Cycle: not null, Half: not null } && step.Kind == step.Half && isWanted(step.Cycle.Value))
                .OrderBy(step => step.StartMicroseconds),
        ];
        wholeAh = this.steps.GroupBy(KeyOf).ToDictionary(half => half.Key, half => half.Sum(step => step.ChargeAh + step.DischargeAh));
    }

    /// <summary>The curves, once the samples are at their end.</summary>
    public IReadOnlyDictionary<(int Cycle, StepKind Half), VoltageCurve> Curves => curves;

    /// <summary>Takes a sample that has passed the gate.</summary>
    public void Take(in Sample sample)
    {
        if (at == steps.Length || !sample.IsGood(SampleColumns.Current))
        {
            return;
        }

        double currentA = sample.Values[SampleColumns.Current];
        while (at < steps.Length && sample.TimeMicroseconds > steps[at].EndMicroseconds)
        {
            at++;
            isInStep = false;
        }

        if (at < steps.Length && sample.TimeMicroseconds >= steps[at].StartMicroseconds)
        {
            Follow(sample, steps[at].Half == StepKind.Charge ? currentA : -currentA);
        }

        previousA = currentA;
        previousMicroseconds = sample.TimeMicroseconds;
        hasPrevious = true;
    }

    public void Complete() => Finish();

    private static (int Cycle, StepKind Half) KeyOf(StepSummary step) => (step.Cycle!.Value, step.Half!.Value);

    private void Follow(in Sample sample, double alongA)
    {
        if (KeyOf(steps[at]) is var key && key != running)
        {
            Finish();
            running = key;
        }

        if (alongA <= 0)
        {
            return;
        }

        if (hasPrevious)
        {
            double hours = (sample.TimeMicroseconds - previousMicroseconds) / 3.6e9;
            passedAh += (isInStep ? 0.5 * (alongA + Math.Abs(previousA)) : alongA) * hours;
        }

        isInStep = true;
        if (!sample.IsGood(SampleColumns.Voltage))
        {
            return;
        }

        last = (passedAh, sample.Values[SampleColumns.Voltage]);
        if (IsPoint(last.VoltageV))
        {
            chargeAh.Add(last.ChargeAh);
            voltageV.Add(last.VoltageV);
        }
    }

    private bool IsPoint(double volts) => chargeAh.Count == 0
        || (chargeAh.Count < MostPoints
            && (passedAh - chargeAh[^1] >= ChargeShare * wholeAh[running] || Math.Abs(volts - voltageV[^1]) >= VoltageStepV));

    private void Finish()
    {
        if (chargeAh.Count > 0 && last.ChargeAh > chargeAh[^1])
        {
            chargeAh.Add(last.ChargeAh);
            voltageV.Add(last.VoltageV);
        }

        if (chargeAh.Count > 1)
        {
            curves[running] = new VoltageCurve([.. chargeAh], [.. voltageV]);
        }

        chargeAh.Clear();
        voltageV.Clear();
        passedAh = 0;
    }
}
