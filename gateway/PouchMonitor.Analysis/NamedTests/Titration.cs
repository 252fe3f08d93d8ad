using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Galvanostatic intermittent titration: equal pulses one way, each followed by a rest. W. Weppner and R. A. Huggins, J.
/// Electrochem. Soc. 124, 1569 (1977).
/// </summary>
public static class Titration
{
    private const int LeastPulses = 5;
    private const int LeastDeclared = 2;
    private const double LeastPulseSeconds = 60;
    private const double SameCurrentShare = 0.05;
    private const double SameLengthShare = 0.2;

    /// <summary>
    /// The titrations of a series. Each pulse has: <c>startS</c>, <c>currentA</c> (positive charges), <c>pulseS</c>, <c>chargeAh</c>,
    /// <c>voltageBeforeV</c> and <c>voltageAfterRestV</c>, <c>irOverpotentialV</c> (the line of V over the root of time, drawn back to the
    /// edge, against the voltage before: what answers at once or within a few seconds), <c>totalOverpotentialV</c> (end of the
    /// pulse against the rest after it), <c>r0Ohm</c> where sampling defines it, <c>diffusionRatePerS</c> D/L^2 with its standard uncertainty
    /// (k = 1, from the scatter of the voltage), <c>pulseOverDiffusionTime</c> t D/L^2, <c>diffusionCoefficientCm2PerS</c> where the
    /// diffusion length is declared, and <c>restDriftMvPerH</c> at the end of the rest. The test has their medians. D is null
    /// where the pulse was not watched, no rest is before it, the steady voltage hardly moved (a plateau), or the pulse is
    /// longer than the condition t &lt;&lt; L^2/D allows; a rest that ends while the voltage moves is said in the pulse's quality.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int least = input.Declared == NamedTestKind.Gitt ? LeastDeclared : LeastPulses;
        IReadOnlyList<StepSummary> steps = input.Steps;
        for (int i = 0; i + 1 < steps.Count; i++)
        {
            int end = i;
            while (end + 1 < steps.Count && IsPulse(steps[end], steps[end + 1], steps[i]))
            {
                end += 2;
            }

            if ((end - i) / 2 >= least)
            {
                yield return Build(input, i, end);
                i = end - 1;
            }
        }
    }

    private static bool IsPulse(StepSummary pulse, StepSummary rest, StepSummary first)
    {
        double seconds = Seconds(pulse);
        return pulse.Kind != StepKind.Rest && pulse.Kind == first.Kind && rest.Kind == StepKind.Rest
            && seconds >= LeastPulseSeconds && Seconds(rest) >= seconds && pulse.ConstantVoltageAh == 0
            && Math.Abs(pulse.MeanCurrentA - first.MeanCurrentA) <= SameCurrentShare * Math.Abs(first.MeanCurrentA)
            && Math.Abs(seconds - Seconds(first)) <= SameLengthShare * Seconds(first);
    }

    /// <summary>Charge over current, since the edge before the first record counts too; where a gap hides charge, by the clock.</summary>
    private static double Seconds(StepSummary step) => step.Kind == StepKind.Rest || step.MeanCurrentA == 0 || step.Quality == CycleQuality.Gapped
        ? (step.EndMicroseconds - step.StartMicroseconds) / 1e6
        : 3600 * Math.Abs((step.ChargeAh - step.DischargeAh) / step.MeanCurrentA);

    private static NamedTest Build(NamedTestInput input, int start, int end)
    {
        List<TitrationPulse> pulses = [];
        for (int i = start; i < end; i += 2)
        {
            StepSummary? before = i > 0 && input.Steps[i - 1].Kind == StepKind.Rest ? input.Steps[i - 1] : null;
            pulses.Add(TitrationPulse.Of(input, before, input.Steps[i], input.Steps[i + 1]));
        }

        StepSummary first = input.Steps[start];
        int known = pulses.Count(pulse => pulse.DiffusionRatePerS is not null);
        (IReadOnlyList<NamedGroup> listed, int omitted) = GroupList.Thinned([.. pulses.Select(pulse => pulse.ToGroup())]);
        return new NamedTest
        {
            Kind = NamedTestKind.Gitt,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{pulses.Count} pulses of {first.MeanCurrentA:G4} A and {Seconds(first):G4} s one after another, a rest at least as long after each"),
            StartMicroseconds = (start > 0 && input.Steps[start - 1].Kind == StepKind.Rest ? input.Steps[start - 1] : first).StartMicroseconds,
            EndMicroseconds = input.Steps[end - 1].EndMicroseconds,
            Quality = pulses.TrueForAll(pulse => pulse.Quality == CycleQuality.Complete) ? CycleQuality.Complete
                : known > 0 ? CycleQuality.Partial : CycleQuality.Unusual,
            Reason = (known == pulses.Count ? "" : $"{pulses.Count - known} of {pulses.Count} pulses have no diffusion rate")
                + (known > 0 && input.DiffusionLengthUm is null
                    ? (known == pulses.Count ? "" : "; ") + "D over L^2 alone, since no diffusion length is declared" : ""),
            Values =
            [
                new("pulses", pulses.Count),
                new("pulsesWithDiffusion", known),
                new("medianIrOverpotentialV", Median(pulses, pulse => pulse.IrOverpotentialV)),
                new("medianTotalOverpotentialV", Median(pulses, pulse => pulse.TotalOverpotentialV)),
                new("medianDiffusionRatePerS", Median(pulses, pulse => pulse.DiffusionRatePerS)),
                new("medianDiffusionCoefficientCm2PerS", Median(pulses, pulse => pulse.DiffusionCoefficientCm2PerS)),
                new("diffusionLengthUm", input.DiffusionLengthUm),
            ],
            GroupName = "pulse",
            Columns = TitrationPulse.Columns,
            Groups = listed,
            OmittedGroupCount = omitted,
        };
    }

    private static double? Median(List<TitrationPulse> pulses, Func<TitrationPulse, double?> figure)
    {
        double[] known = [.. pulses.Select(figure).OfType<double>()];
        return known.Length == 0 ? null : TheilSen.Median(known);
    }
}
