namespace PouchMonitor.Simulation;

/// <summary>
/// The equations of an emulated cell, as pure functions of state and time step. Open-circuit voltage, an ohmic and two
/// RC polarizations (each advanced exactly, so any step is stable), charge acceptance, ageing by completed cycles, an
/// internal short as a resistance across the terminals, and the heat I_inner (V - OCV) + V^2/R_short + decomposition in the
/// stack, which leaves through the surface (<see cref="TwoNodeHeat"/>).
/// </summary>
public static class CellPhysics
{
    private const double ZeroCelsiusK = 273.15;

    // Polyethylene separators close near 135 C, which ends the large currents of a short but not decomposition.
    private const double SeparatorShutC = 135;
    private const double ShutResistanceFactor = 50;

    /// <summary>A cell at rest in its chamber, fresh or aged by <paramref name="completedCycles"/>.</summary>
    public static CellState Fresh(EmulatedCellProfile profile, double ambientC, double stateOfCharge, int completedCycles = 0)
    {
        ArgumentNullException.ThrowIfNull(profile);
        double full = profile.FullCapacityAh(completedCycles);
        return new CellState
        {
            FullCapacityAh = full,
            RemainingAh = full * stateOfCharge,
            ResistanceFactor = profile.ResistanceFactor(completedCycles),
            FastFactor = profile.FastFactor(completedCycles),
            CompletedCycles = completedCycles,
            CoreC = ambientC,
            SurfaceC = ambientC,
            TerminalV = profile.OpenCircuit.VoltsAt(stateOfCharge),
            DecompositionHeatLeftJ = profile.DecompositionHeatJ,
        };
    }

    /// <summary>
    /// State after <paramref name="stepS"/> seconds with <paramref name="currentA"/> through the terminals (positive
    /// charges) and an internal short of <paramref name="shortOhm"/> (infinite for none),
    /// while <paramref name="extraHeatW"/> is given off inside.
    /// </summary>
    public static CellState Advance(
        EmulatedCellProfile profile, in CellState state, double currentA, double stepS, double ambientC,
        double shortOhm = double.PositiveInfinity, double extraHeatW = 0)
    {
        ArgumentNullException.ThrowIfNull(profile);
        CellState aged = Aged(profile, state, currentA);
        double factor = aged.ResistanceFactor;
        double ohmic = profile.OhmicResistanceOhm * factor * (aged.IsSeparatorShut ? ShutResistanceFactor : 1);
        double leakA = aged.TerminalV > 0 ? aged.TerminalV / shortOhm : 0;
        double innerA = currentA - leakA;

        double movedAh = innerA * stepS / 3600;
        double stored = movedAh > 0 ? movedAh * profile.ChargeAcceptance : movedAh;
        double remaining = Math.Max(-0.05 * aged.FullCapacityAh, aged.RemainingAh + stored);

        double fast = Relaxed(
            aged.FastPolarizationV, innerA * profile.FastResistanceOhm * aged.FastFactor, stepS, profile.FastTimeConstantS);
        double slow = Relaxed(
            aged.SlowPolarizationV, innerA * profile.SlowResistanceOhm * factor, stepS, profile.SlowTimeConstantS);
        double lag = profile.RateLag is { } rateLag
            ? Relaxed(aged.SurfaceLag, rateLag.At(-innerA / profile.OneCA), stepS, RateLag.TimeConstantS)
            : 0;
        double openCircuit = Math.Max(0, profile.OpenCircuit.VoltsAt((remaining / aged.FullCapacityAh) - lag));
        double divider = double.IsPositiveInfinity(shortOhm) ? 1 : shortOhm / (shortOhm + ohmic);
        double terminal = Math.Max(0, (openCircuit + fast + slow + (currentA * ohmic)) * divider);

        double decompositionJ = DecompositionJ(profile, aged, stepS);
        double heatW = Math.Max(0, innerA * (terminal - openCircuit)) + (leakA * terminal) + (decompositionJ / stepS) + extraHeatW;
        (double core, double surface) = TwoNodeHeat.Advance(profile, aged.CoreC, aged.SurfaceC, heatW, ambientC, stepS);

        return aged with
        {
            RemainingAh = remaining,
            FastPolarizationV = fast,
            SlowPolarizationV = slow,
            SurfaceLag = lag,
            CoreC = core,
            SurfaceC = surface,
            IsSeparatorShut = aged.IsSeparatorShut || core >= SeparatorShutC,
            TerminalV = terminal,
            CurrentA = currentA,
            DecompositionHeatLeftJ = aged.DecompositionHeatLeftJ - decompositionJ,
            DischargedSinceChargeAh = aged.DischargedSinceChargeAh + Math.Max(0, -currentA * stepS / 3600),
        };
    }

    /// <summary>Current that brings the terminals to <paramref name="volts"/> at the end of the next step, amperes.</summary>
    public static double CurrentForVoltage(EmulatedCellProfile profile, in CellState state, double volts, double stepS)
    {
        ArgumentNullException.ThrowIfNull(profile);
        double factor = state.ResistanceFactor;
        double fastKept = Math.Exp(-stepS / profile.FastTimeConstantS);
        double slowKept = Math.Exp(-stepS / profile.SlowTimeConstantS);
        double resistance = (factor * (profile.OhmicResistanceOhm + (profile.SlowResistanceOhm * (1 - slowKept))))
            + (state.FastFactor * profile.FastResistanceOhm * (1 - fastKept));
        double lag = state.SurfaceLag * Math.Exp(-stepS / RateLag.TimeConstantS);
        double unloaded = profile.OpenCircuit.VoltsAt(state.StateOfCharge - lag)
            + (state.FastPolarizationV * fastKept) + (state.SlowPolarizationV * slowKept);
        return (volts - unloaded) / resistance;
    }

    /// <summary>A cycle is complete when charging starts after at least half the capacity was taken out.</summary>
    private static CellState Aged(EmulatedCellProfile profile, in CellState state, double currentA)
    {
        if (!(currentA > 0) || state.DischargedSinceChargeAh == 0)
        {
            return state;
        }

        bool complete = state.DischargedSinceChargeAh >= 0.5 * state.FullCapacityAh;
        int cycles = state.CompletedCycles + (complete ? 1 : 0);
        return state with
        {
            DischargedSinceChargeAh = 0,
            CompletedCycles = cycles,
            FullCapacityAh = profile.FullCapacityAh(cycles),
            ResistanceFactor = profile.ResistanceFactor(cycles),
            FastFactor = profile.FastFactor(cycles),
        };
    }

    private static double Relaxed(double from, double towards, double stepS, double timeConstantS) =>
        towards + ((from - towards) * Math.Exp(-stepS / timeConstantS));

    private static double DecompositionJ(EmulatedCellProfile profile, in CellState state, double stepS)
    {
        if (state.DecompositionHeatLeftJ <= 0)
        {
            return 0;
        }

        // One Arrhenius reaction.
        double ratePerS = profile.DecompositionRatePerS * Math.Exp(-profile.DecompositionActivationK / (state.CoreC + ZeroCelsiusK));
        return state.DecompositionHeatLeftJ * (1 - Math.Exp(-ratePerS * stepS));
    }
}
