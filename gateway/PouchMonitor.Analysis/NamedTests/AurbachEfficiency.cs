using System.Globalization;
using PouchMonitor.Analysis.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Average coulombic efficiency of lithium on copper after Aurbach, in the form of Adams et al., Adv. Energy Mater. 8, 1702097
/// (2018): condition the copper, deposit a reservoir Q_T, strip and deposit a part Q_C of it n times, strip all that is left, Q_S.
/// CE = (n Q_C + Q_S) / (n Q_C + Q_T): what was stripped over what was deposited since the reservoir.
/// </summary>
public static class AurbachEfficiency
{
    private const int LeastCycles = 3;
    private const double LargestPart = 0.6;

    /// <summary>The efficiency from its charges, any unit as long as it is the same.</summary>
    /// <param name="reservoir">Q_T, deposited at first.</param>
    /// <param name="part">Q_C, stripped and deposited again in each cycle.</param>
    /// <param name="cycles">n.</param>
    /// <param name="finalStrip">Q_S, stripped at last until nothing is left.</param>
    public static double Of(double reservoir, double part, int cycles, double finalStrip) =>
        ((cycles * part) + finalStrip) / ((cycles * part) + reservoir);

    /// <summary>
    /// The Aurbach tests of a series: <c>coulombicEfficiency</c>; <c>coulombicEfficiencyUncertainty</c> (standard, k = 1, of the
    /// offset and gain of the current as <see cref="Uncertainty.MeasurementUncertainty"/> has it; null without a calibration);
    /// <c>conditioningEfficiency</c>; <c>cycles</c> n; <c>reservoirAh</c>, <c>partAh</c>, <c>finalStripAh</c>; <c>stripLimitV</c>.
    /// The efficiency is null where the last stripping is missing, cut off, gapped or did not reach its limit. Lithium that
    /// stays behind at the limit counts as lost: the efficiency is that of the protocol, not below it by more than Q_left / (n Q_C + Q_T).
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int least = input.Declared == NamedTestKind.AurbachEfficiency ? 1 : LeastCycles;
        List<FlowHalf> halves = FlowHalf.Of(input.Steps);
        for (int i = 0; i < halves.Count; i++)
        {
            int cycles = CountCycles(halves, i);
            int last = Math.Min(i + (2 * cycles) + 1, halves.Count - 1);
            if (cycles < least || !StripLimit.IsWithoutCathode(halves.GetRange(i, last - i + 1)))
            {
                continue;
            }

            yield return Build(input, halves, i, cycles);
            i = last;
        }
    }

    /// <summary>Pairs of a stripping and a deposition of the same part of what was deposited before.</summary>
    private static int CountCycles(List<FlowHalf> halves, int reservoir)
    {
        int cycles = 0;
        FlowHalf? part = reservoir + 1 < halves.Count ? halves[reservoir + 1] : null;
        if (part is null || part.Sign == halves[reservoir].Sign || part.Ah > LargestPart * halves[reservoir].Ah)
        {
            return 0;
        }

        for (int i = reservoir + 1; i + 1 < halves.Count; i += 2)
        {
            bool isPair = halves[i].Sign == part.Sign && halves[i + 1].Sign == -part.Sign
                && StripLimit.IsSameCharge(halves[i], part) && StripLimit.IsSameCharge(halves[i + 1], part);
            if (!isPair)
            {
                break;
            }

            cycles++;
        }

        return cycles;
    }

    private static NamedTest Build(NamedTestInput input, List<FlowHalf> halves, int reservoirAt, int cycles)
    {
        FlowHalf reservoir = halves[reservoirAt];
        int finalAt = reservoirAt + (2 * cycles) + 1;
        FlowHalf? final = finalAt < halves.Count && halves[finalAt].Sign != reservoir.Sign ? halves[finalAt] : null;
        FlowHalf? conditioning = reservoirAt >= 1 && halves[reservoirAt - 1].Sign != reservoir.Sign ? halves[reservoirAt - 1] : null;
        FlowHalf? conditioned = reservoirAt >= 2 && conditioning is not null && halves[reservoirAt - 2].Sign == reservoir.Sign
            ? halves[reservoirAt - 2] : null;
        List<FlowHalf> parts = halves.GetRange(reservoirAt + 1, 2 * cycles);
        List<FlowHalf> strips = [.. parts.Where((_, i) => i % 2 == 0)];
        List<FlowHalf> plates = [reservoir, .. parts.Where((_, i) => i % 2 == 1)];
        if (final is not null)
        {
            strips.Add(final);
        }

        double usualV = strips[0].OverpotentialV;
        bool isConditioned = conditioning is not null && StripLimit.IsReachedBy(conditioning, usualV);
        double platedC = plates.Sum(half => half.Coulombs);
        double strippedC = strips.Sum(half => half.Coulombs);
        FlowHalf? spoilt = plates.Concat(strips).FirstOrDefault(half => !half.IsWhole);
        string reason = final is null ? "the last stripping is missing, so there is no efficiency"
            : spoilt is not null ? $"no efficiency, since a half is not whole: {spoilt.Reason}"
            : !(isConditioned ? StripLimit.IsReachedBy(final, conditioning!) : StripLimit.IsReachedBy(final, usualV))
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"the last stripping ended at {final.LastOverpotentialV:F3} V before it reached its limit, so there is no efficiency")
            : "";
        double? efficiency = reason.Length == 0 ? strippedC / platedC : null;
        return new NamedTest
        {
            Kind = NamedTestKind.AurbachEfficiency,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"a deposition of {reservoir.Ah:G4} Ah, {cycles} times {strips[0].Ah:G4} Ah stripped and deposited again{(final is null ? "" : ", and a last stripping")}; no side is a cathode"),
            StartMicroseconds = (conditioned ?? conditioning ?? reservoir).StartMicroseconds,
            EndMicroseconds = (final ?? plates[^1]).EndMicroseconds,
            Quality = efficiency is not null ? CycleQuality.Complete
                : spoilt?.Quality == CycleQuality.Gapped ? CycleQuality.Gapped : CycleQuality.Partial,
            Reason = reason,
            Values =
            [
                new("coulombicEfficiency", efficiency),
                new("coulombicEfficiencyUncertainty", efficiency is { } ce ? input.Uncertainty?.OfEfficiency(
                    ce, strippedC, strips.Sum(half => half.Seconds), platedC, plates.Sum(half => half.Seconds)) : null),
                new("conditioningEfficiency", isConditioned && conditioned?.IsWhole == true ? conditioning!.Ah / conditioned.Ah : null),
                new("cycles", cycles),
                new("reservoirAh", reservoir.Ah),
                new("partAh", parts.Average(half => half.Ah)),
                new("finalStripAh", final?.Ah),
                new("stripLimitV", (isConditioned ? conditioning : final)?.LastOverpotentialV),
            ],
        };
    }
}
