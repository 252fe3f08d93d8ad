using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>What one pulse of a titration and the rest after it give; null where <see cref="Reason"/> says why.</summary>
internal sealed record TitrationPulse
{
    /// <summary>The first tenth of a pulse belongs to the double layer and the charge transfer.</summary>
    private const double FirstShare = 0.1;

    /// <summary>The end of a rest that shows whether the voltage still moves.</summary>
    private const double RestEndShare = 0.8;

    /// <summary>A rest is done when the voltage would move less than this share of the steady change in another pulse's time.</summary>
    private const double LargestDriftShare = 0.1;

    /// <summary>Against the scatter of the voltage.</summary>
    private const double LeastSignal = 3;
    private const double LargestResidual = 0.05;
    private const int MostRounds = 8;

    public static readonly string[] Columns =
    [
        "startS", "currentA", "pulseS", "chargeAh", "voltageBeforeV", "voltageAfterRestV", "irOverpotentialV", "totalOverpotentialV", "r0Ohm",
        "diffusionRatePerS", "diffusionRateUncertaintyPerS", "pulseOverDiffusionTime", "diffusionCoefficientCm2PerS", "restDriftMvPerH",
    ];

    public required StepSummary Step { get; init; }

    public required double PulseSeconds { get; init; }

    public required double VoltageAfterRestV { get; init; }

    public double? VoltageBeforeV { get; init; }

    public double? IrOverpotentialV { get; init; }

    public double? R0Ohm { get; init; }

    public double? DiffusionRatePerS { get; init; }

    public double? DiffusionRateUncertaintyPerS { get; init; }

    public double? DiffusionCoefficientCm2PerS { get; init; }

    public double? RestDriftMvPerH { get; init; }

    public string Reason { get; init; } = "";

    public CycleQuality Quality => Step.Quality == CycleQuality.Gapped ? CycleQuality.Gapped
        : Reason.Length == 0 ? CycleQuality.Complete : DiffusionRatePerS is null ? CycleQuality.Partial : CycleQuality.Unusual;

    public double TotalOverpotentialV => Math.Sign(Step.MeanCurrentA) * (Step.LastVoltageV - VoltageAfterRestV);

    public NamedGroup ToGroup() => new(
        [
            Step.StartMicroseconds / 1e6, Step.MeanCurrentA, PulseSeconds, Step.ChargeAh + Step.DischargeAh, VoltageBeforeV, VoltageAfterRestV,
            IrOverpotentialV, TotalOverpotentialV, R0Ohm, DiffusionRatePerS, DiffusionRateUncertaintyPerS, DiffusionRatePerS * PulseSeconds,
            DiffusionCoefficientCm2PerS, RestDriftMvPerH,
        ],
        Quality, Reason);

    public static TitrationPulse Of(NamedTestInput input, StepSummary? before, StepSummary step, StepSummary rest)
    {
        int sign = Math.Sign(step.MeanCurrentA);
        StepTransient? pulse = input.Inside?.Find(step);
        double seconds = pulse?.Seconds ?? 3600 * Math.Abs((step.ChargeAh - step.DischargeAh) / step.MeanCurrentA);
        TransientLine? end = RestEnd(input.Inside?.Find(rest));
        double afterV = VoltageAtEnd(rest, input.Inside);
        PulseResistance? edge = input.Pulses.FirstOrDefault(
            known => known.TimeMicroseconds >= step.StartMicroseconds && known.TimeMicroseconds <= step.EndMicroseconds);
        var known = new TitrationPulse
        {
            Step = step,
            PulseSeconds = seconds,
            VoltageBeforeV = before is null ? null : VoltageAtEnd(before, input.Inside),
            VoltageAfterRestV = afterV,
            R0Ohm = edge?.R0Ohm,
            RestDriftMvPerH = end?.Slope * 3.6e6,
        };
        if (before is null || pulse is null || step.Quality == CycleQuality.Gapped || rest.Quality == CycleQuality.Gapped)
        {
            return known with
            {
                Reason = before is null ? "no rest before it"
                    : pulse is null ? "the voltage within the pulse was not watched" : "a gap lies in the pulse or its rest",
            };
        }

        double beforeV = known.VoltageBeforeV!.Value;
        double steadyV = sign * (afterV - beforeV);
        double? ratePerS = Fit(pulse, sign, steadyV, out TransientLine? line, out string reason);
        bool isMoving = end is { } drift && Math.Abs(drift.Slope) * seconds > LargestDriftShare * steadyV;
        return known with
        {
            IrOverpotentialV = line is { } jump ? jump.Intercept - (sign * beforeV) : null,
            DiffusionRatePerS = ratePerS,
            DiffusionRateUncertaintyPerS = ratePerS is { } rate && line is { } fit
                ? 2 * rate * Math.Sqrt(Square(fit.SlopeError / fit.Slope) + (2 * Square(fit.Scatter / steadyV))) : null,
            DiffusionCoefficientCm2PerS = ratePerS is { } inverse && input.DiffusionLengthUm is { } lengthUm
                ? DiffusionRate.Cm2PerSecond(inverse, lengthUm) : null,
            Reason = reason.Length > 0 || !isMoving ? reason : string.Create(
                CultureInfo.InvariantCulture, $"the rest is too short: the voltage still moves by {end!.Value.Slope * 3.6e6:F1} mV/h at its end"),
        };
    }

    /// <summary>
    /// D/L^2 from the part of the pulse in which t D/L^2 is small enough, which the rate itself decides: taken again until it no
    /// longer changes.
    /// </summary>
    private static double? Fit(StepTransient pulse, int sign, double steadyV, out TransientLine? line, out string reason)
    {
        double usedS = pulse.Seconds;
        line = null;
        double? ratePerS = null;
        for (int round = 0; round < MostRounds; round++)
        {
            double untilS = usedS;
            line = TransientLine.Of(
                pulse.Bins.Where(bin => bin.MeanSeconds >= FirstShare * pulse.Seconds && bin.MeanSeconds <= untilS),
                bin => bin.MeanRootSeconds, bin => sign * bin.VoltageV);
            if (line is not { } fit)
            {
                reason = ratePerS is null
                    ? "too few samples in the pulse"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"the pulse is too long for t << L^2/D: diffusion takes about {1 / ratePerS:G3} s, and its first quarter is hidden behind the charge transfer");
                return null;
            }

            if (!(steadyV > LeastSignal * fit.Scatter) || !(fit.Slope > LeastSignal * fit.SlopeError))
            {
                reason = "the voltage at rest or in the pulse hardly moved against its noise, as on a plateau";
                return null;
            }

            double next = DiffusionRate.PerSecond(steadyV, fit.Slope, pulse.Seconds);
            bool isDone = ratePerS is { } last && Math.Abs(next - last) <= 1e-3 * last;
            ratePerS = next;
            usedS = Math.Min(pulse.Seconds, DiffusionRate.LargestDimensionlessTime / next);
            if (isDone)
            {
                break;
            }
        }

        double movedV = line!.Value.Slope * Math.Sqrt(usedS);
        reason = line.Value.Scatter <= LargestResidual * movedV ? "" : "the voltage does not run straight over the root of time";
        return ratePerS;
    }

    /// <summary>Where the line through the end of a rest arrives, which one noisy record does not move; else its last record.</summary>
    private static double VoltageAtEnd(StepSummary rest, NamedTestCollector? inside)
    {
        StepTransient? transient = inside?.Find(rest);
        return RestEnd(transient) is { } end ? end.Intercept + (end.Slope * transient!.Seconds) : rest.LastVoltageV;
    }

    private static TransientLine? RestEnd(StepTransient? rest) => rest is null ? null : TransientLine.Of(
        rest.Bins.Where(bin => bin.MeanSeconds >= RestEndShare * rest.Seconds), bin => bin.MeanSeconds, bin => bin.VoltageV);

    private static double Square(double value) => value * value;
}
