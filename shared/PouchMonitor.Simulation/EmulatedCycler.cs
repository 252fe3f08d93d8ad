namespace PouchMonitor.Simulation;

/// <summary>What the cycler is doing.</summary>
public enum CyclerPhase
{
    InitialRest = 0,
    ConstantCurrentCharge,
    ConstantVoltageCharge,
    RestAfterCharge,
    Discharge,
    RestAfterDischarge,

    /// <summary>All cycles are done; the output is open.</summary>
    Ended,

    /// <summary>The cell left what the cycler allows; the output is open for good.</summary>
    Aborted,
}

/// <summary>State of an emulated cycler at one instant; a value.</summary>
public readonly record struct CyclerState
{
    public CyclerPhase Phase { get; init; }

    /// <summary>Seconds in this phase.</summary>
    public double PhaseS { get; init; }

    /// <summary>Cycle being run, from 1.</summary>
    public int Cycle { get; init; }

    /// <summary>True when nothing more will happen.</summary>
    public bool IsOver => Phase is CyclerPhase.Ended or CyclerPhase.Aborted;
}

/// <summary>An emulated cycler: decides the current of the next step from what it sees, as a pure function.</summary>
public static class EmulatedCycler
{
    /// <summary>Longest charge, in multiples of the time the nominal capacity takes at the charging rate.</summary>
    private const double LongestChargeShare = 1.6;

    public static CyclerState Start => new() { Phase = CyclerPhase.InitialRest, Cycle = 1 };

    /// <summary>The cycler's state for the next step of <paramref name="stepS"/> and the current it drives meanwhile.</summary>
    public static CyclerState Advance(
        EmulatedCellProfile profile, CyclerProtocol protocol, int cycles, in CyclerState cycler, in CellState cell, double stepS,
        out double currentA)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(protocol);
        CyclerState next = Judged(profile, protocol, cycles, cycler, cell);
        RateBlock rates = protocol.RatesOf(next.Cycle);
        currentA = 0;
        switch (next.Phase)
        {
            case CyclerPhase.ConstantCurrentCharge:
                currentA = rates.ChargeRateC * profile.OneCA;
                double held = CellPhysics.CurrentForVoltage(profile, cell, protocol.UpperVoltageV, stepS);
                if (held < currentA)
                {
                    currentA = Math.Max(0, held);
                    next = Enter(next, CyclerPhase.ConstantVoltageCharge);
                }

                break;
            case CyclerPhase.ConstantVoltageCharge:
                currentA = Math.Clamp(
                    CellPhysics.CurrentForVoltage(profile, cell, protocol.UpperVoltageV, stepS),
                    0,
                    rates.ChargeRateC * profile.OneCA);
                break;
            case CyclerPhase.Discharge:
                currentA = -rates.DischargeRateC * profile.OneCA;
                break;
            default:
                break;
        }

        return next with { PhaseS = next.PhaseS + stepS };
    }

    private static CyclerState Judged(
        EmulatedCellProfile profile, CyclerProtocol protocol, int cycles, in CyclerState cycler, in CellState cell)
    {
        if (cycler.IsOver)
        {
            return cycler;
        }

        if (cell.TerminalV < protocol.AbortBelowVoltageV || cell.SurfaceC > protocol.AbortAboveC)
        {
            return Enter(cycler, CyclerPhase.Aborted);
        }

        double longestChargeS = LongestChargeShare * 3600 * profile.NominalCapacityAh
            / (protocol.RatesOf(cycler.Cycle).ChargeRateC * profile.OneCA);
        switch (cycler.Phase)
        {
            case CyclerPhase.InitialRest:
                return cycler.PhaseS >= protocol.InitialRestS ? Enter(cycler, CyclerPhase.ConstantCurrentCharge) : cycler;
            case CyclerPhase.ConstantCurrentCharge:
                return cycler.PhaseS >= longestChargeS ? Enter(cycler, CyclerPhase.RestAfterCharge) : cycler;
            case CyclerPhase.ConstantVoltageCharge:
                bool full = cell.CurrentA <= protocol.CutoffRateC * profile.OneCA && cycler.PhaseS > 0;
                return full || cycler.PhaseS >= longestChargeS ? Enter(cycler, CyclerPhase.RestAfterCharge) : cycler;
            case CyclerPhase.RestAfterCharge:
                return cycler.PhaseS >= protocol.RestS ? Enter(cycler, CyclerPhase.Discharge) : cycler;
            case CyclerPhase.Discharge:
                return cell.TerminalV <= protocol.LowerVoltageV && cycler.PhaseS > 0
                    ? Enter(cycler, CyclerPhase.RestAfterDischarge)
                    : cycler;
            default:
                if (cycler.PhaseS < protocol.RestS)
                {
                    return cycler;
                }

                return cycler.Cycle >= cycles
                    ? Enter(cycler, CyclerPhase.Ended)
                    : Enter(cycler, CyclerPhase.ConstantCurrentCharge) with { Cycle = cycler.Cycle + 1 };
        }
    }

    private static CyclerState Enter(in CyclerState cycler, CyclerPhase phase) => cycler with { Phase = phase, PhaseS = 0 };
}
