using System.Globalization;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Cycles;

/// <summary>
/// Turns two halves into a <see cref="CycleSummary"/> and says how far it can be believed. Capacities
/// Q = sum I dt, energies E = sum V dQ, coulombic efficiency Q_discharge / Q_charge (the inverse in a half cell),
/// mean-voltage gap E_charge / Q_charge - E_discharge / Q_discharge (Aurora cycler manager, analysis.py).
/// </summary>
internal sealed class CycleBuilder(CellProfile profile, BoardSpans boards)
{
    private const double CoulombsPerAh = 3600;

    /// <summary>More of the charge missing than this, and the counted rest is no capacity.</summary>
    private const double LargestMissingShare = 0.05;

    /// <summary>More out than this share of what went in means that the cell was part-charged before.</summary>
    internal const double LargestBelievableEfficiency = 1.05;
    private const double LargestAgainstShare = 0.01;
    private const int PulsedSteps = 5;
    private const double EndVoltageBand = 0.1;
    private const double ShortEndVoltageBand = 0.02;
    private const double ShortShare = 0.8;
    private const double SymmetricShare = 0.98;

    private readonly CellKind kind = profile.Kind;
    private Memory state;

    public CycleSummary Build(
        int index, in HalfCycle lead, in HalfCycle trail, bool hasLead, bool hasTrail, bool atEnd, out CycleMeasures measures)
    {
        bool half = kind == CellKind.Half;
        HalfCycle charge = half ? trail : lead;
        HalfCycle discharge = half ? lead : trail;
        bool hasCharge = half ? hasTrail : hasLead;
        bool hasDischarge = half ? hasLead : hasTrail;
        double? chargeAh = hasCharge ? CapacityAh(charge, 1) : null;
        double? dischargeAh = hasDischarge ? CapacityAh(discharge, -1) : null;
        double? efficiency = half ? chargeAh / dischargeAh : dischargeAh / chargeAh;
        bool leadGapped = hasLead && lead.LongestGapSeconds > 0;
        bool trailGapped = hasTrail && trail.LongestGapSeconds > 0;
        if (leadGapped || trailGapped)
        {
            efficiency = null;
        }

        bool trailCut = hasTrail && atEnd && EndsEarly(trail);
        (CycleQuality quality, string reason) = Judge(
            lead, trail, hasLead, hasTrail, leadGapped, trailGapped, trailCut, efficiency, index);
        double? meanChargeV = chargeAh is null ? null : charge.Charge.EnergyJ / charge.Charge.CountedC;
        double? meanDischargeV = dischargeAh is null ? null : discharge.Discharge.EnergyJ / discharge.Discharge.CountedC;
        HalfCycle whole = hasLead ? lead : default;
        if (hasTrail)
        {
            whole.Append(trail);
        }

        FrontEnd? board = boards.Over(whole.FirstMicroseconds, whole.LastMicroseconds);
        FrontEnd? boardOfBoth = leadGapped || trailGapped ? null : board;
        DirectionSums main = trail.Of(half ? 1 : -1);
        DirectionSums other = lead.Of(half ? -1 : 1);
        var summary = new CycleSummary
        {
            Index = index,
            StartMicroseconds = whole.FirstMicroseconds,
            EndMicroseconds = whole.LastMicroseconds,
            ChargeCapacityAh = chargeAh,
            ChargeCapacityUncertaintyAh = chargeAh is null || charge.LongestGapSeconds > 0 ? null : CycleUncertainty.CapacityAh(board, charge.Charge),
            DischargeCapacityAh = dischargeAh,
            DischargeCapacityUncertaintyAh = dischargeAh is null || discharge.LongestGapSeconds > 0 ? null : CycleUncertainty.CapacityAh(board, discharge.Discharge),
            CoulombicEfficiency = efficiency,
            CoulombicEfficiencyUncertainty = efficiency is null ? null : CycleUncertainty.Efficiency(board, other, main),
            ChargeEnergyWh = chargeAh is null ? null : charge.Charge.EnergyJ / CoulombsPerAh,
            DischargeEnergyWh = dischargeAh is null ? null : discharge.Discharge.EnergyJ / CoulombsPerAh,
            SpecificEnergyWhPerKg = dischargeAh is null ? null : discharge.Discharge.EnergyJ / CoulombsPerAh / (profile.MassG / 1000),
            MeanChargeVoltageV = meanChargeV,
            MeanDischargeVoltageV = meanDischargeV,
            PolarizationV = leadGapped || trailGapped ? null : meanChargeV - meanDischargeV,
            PolarizationUncertaintyV = meanChargeV is null || meanDischargeV is null
                ? null : CycleUncertainty.PolarizationV(boardOfBoth, charge.Charge, discharge.Discharge),
            ConstantVoltageChargeAh = hasCharge && charge.ConstantVoltageC > 0 ? charge.ConstantVoltageC / CoulombsPerAh : null,
            MaxTemperatureC = whole.HasTemperature ? whole.LargestTemperatureC : null,
            Quality = quality,
            QualityReason = reason,
        };
        measures = new CycleMeasures
        {
            Index = index,
            EndMicroseconds = summary.EndMicroseconds,
            Quality = quality,
            MainHalfUsable = hasTrail && hasLead && !trailGapped && !trailCut && quality != CycleQuality.Unusual,
            MainCapacityAh = (half ? chargeAh : dischargeAh) ?? double.NaN,
            MainCapacityUncertaintyAh = Math.Sqrt(main.VarianceC2) / CoulombsPerAh,
            MainLevelA = main.LevelA,
            OtherLevelA = other.LevelA,
            MainEndVoltageV = trail.LastVoltageV,
            MainVoltageSpanV = Math.Abs(trail.LastVoltageV - trail.FirstVoltageV),
            MainMeanTemperatureC = trail.TemperatureSeconds > 0 ? trail.TemperatureSecondsCs / trail.TemperatureSeconds : double.NaN,
            CoulombicEfficiency = efficiency ?? double.NaN,
            PolarizationV = summary.PolarizationV ?? double.NaN,
        };
        if (hasTrail && !trailCut)
        {
            state.UsualEndV = trail.LastVoltageV;
            state.UsualSpanV = measures.MainVoltageSpanV;
            state.UsualNetC = Math.Abs(trail.NetC);
            state.HasUsual = true;
        }

        return summary;
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    /// <summary>What was counted; null where a gap hides more than 5 % of it, or nobody knows how much.</summary>
    private static double? CapacityAh(in HalfCycle half, int direction)
    {
        DirectionSums sums = half.Of(direction);
        return sums.CountedC <= 0 || half.MissingUnknown || sums.MissingC > LargestMissingShare * (sums.CountedC + sums.MissingC)
            ? null
            : sums.CountedC / CoulombsPerAh;
    }

    /// <summary>
    /// The test ended inside the half: its voltage is far from where the halves before it ended, or somewhat off and much
    /// of their charge is missing.
    /// </summary>
    private bool EndsEarly(in HalfCycle trail)
    {
        if (kind == CellKind.Symmetric)
        {
            // Its voltage is level, and where it ends says nothing.
            return state.HasUsual && Math.Abs(trail.NetC) < SymmetricShare * state.UsualNetC;
        }

        double off = Math.Abs(trail.LastVoltageV - state.UsualEndV) / state.UsualSpanV;
        bool isShort = Math.Abs(trail.NetC) < ShortShare * state.UsualNetC;
        return state.HasUsual && (off > EndVoltageBand || (off > ShortEndVoltageBand && isShort));
    }

    private (CycleQuality Quality, string Reason) Judge(
        in HalfCycle lead, in HalfCycle trail, bool hasLead, bool hasTrail, bool leadGapped, bool trailGapped, bool trailCut,
        double? efficiency, int index)
    {
        string leadName = kind == CellKind.Half ? "discharge" : "charge";
        string trailName = kind == CellKind.Half ? "charge" : "discharge";
        if (leadGapped || trailGapped)
        {
            double longest = Math.Max(hasLead ? lead.LongestGapSeconds : 0, hasTrail ? trail.LongestGapSeconds : 0);
            string where = leadGapped && trailGapped ? "both halves" : leadGapped ? leadName : trailName;
            return (CycleQuality.Gapped, string.Create(
                CultureInfo.InvariantCulture, $"{where}: a gap of {longest:0.#} s is not interpolated"));
        }

        if (!hasLead)
        {
            return (CycleQuality.Partial, index == 1
                ? $"the test opens with the {trailName}"
                : $"the {leadName} before it lies in a gap of the record");
        }

        if (!hasTrail)
        {
            return (CycleQuality.Partial, $"the test ended before the {trailName}");
        }

        if (trailCut)
        {
            return (CycleQuality.Partial, $"the test ended within the {trailName}");
        }

        if (efficiency is double ce && ce > LargestBelievableEfficiency)
        {
            string reason = string.Create(
                CultureInfo.InvariantCulture, $"more came out than went in ({100 * ce:0.#} %): the {leadName} started part-way");
            return (index == 1 ? CycleQuality.Partial : CycleQuality.Unusual, reason);
        }

        return IsPulsed(lead, 1) || IsPulsed(trail, -1)
            ? (CycleQuality.Unusual, "pulses, or many steps in one half")
            : (CycleQuality.Complete, kind switch
            {
                CellKind.Half => "half cell: the discharge (lithiation) opens the cycle",
                CellKind.Symmetric => "symmetric cell: the same charge back and forth, its capacity and efficiency say nothing of the cell",
                _ => "",
            });
    }

    private bool IsPulsed(in HalfCycle half, int direction)
    {
        int along = kind == CellKind.Half ? -direction : direction;
        DirectionSums forward = half.Of(along);
        DirectionSums against = half.Of(-along);
        return half.Steps >= PulsedSteps || against.CountedC > LargestAgainstShare * forward.CountedC;
    }

    private struct Memory
    {
        public double UsualEndV;
        public double UsualSpanV;
        public double UsualNetC;
        public bool HasUsual;
    }
}
