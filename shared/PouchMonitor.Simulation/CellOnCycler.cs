namespace PouchMonitor.Simulation;

/// <summary>How one emulated cell is run.</summary>
public sealed record CellRunOptions
{
    public required EmulatedCellProfile Profile { get; init; }

    /// <summary>Null takes the profile's own protocol.</summary>
    public CyclerProtocol? Protocol { get; init; }

    public int Cycles { get; init; } = 100;

    /// <summary>
    /// Cycles that the cell has behind it when the run starts, so that a long life can be looked at in places; the cycler
    /// counts on from there.
    /// </summary>
    public int CompletedCycles { get; init; }

    /// <summary>Null for none.</summary>
    public EmulatedFault? Fault { get; init; }

    /// <summary>Step of the equations; what is read between two steps is the state of the last one.</summary>
    public double StepS { get; init; } = 1;

    public ulong Seed { get; init; }
}

/// <summary>
/// An emulated cell connected to an emulated cycler in a chamber, moved forward by virtual time. It steps on a fixed grid
/// from its start, so what it gives at a time does not depend on how often it was asked.
/// </summary>
public sealed class CellOnCycler
{
    // The chamber wanders by about 0.15 K around its mean within some twenty minutes.
    private const double ChamberWanderK = 0.15;
    private const double ChamberTimeConstantS = 1200;

    // Takes a pouch from where its separator shuts to about 200 C.
    private const double DecompositionJPerAh = 900;

    // A step that would take the voltage further past its limit than this is done in parts, of a second at most.
    private const double CutOffOvershootV = 0.005;
    private const int LeastCutOffParts = 10;

    private readonly CellRunOptions options;
    private readonly CyclerProtocol protocol;
    private readonly SeededNoise noise;
    private readonly SeededNoise contactNoise;
    private readonly DipProcess dips;
    private readonly PauseProcess pauses;
    private readonly double chamberKept;
    private readonly double chamberStep;
    private CellState cell;
    private CyclerState cycler;
    private long stepCount;
    private double chamberOffsetK;
    private double shortOhm = double.PositiveInfinity;
    private double contactV;
    private bool faultCame;

    public CellOnCycler(CellRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.StepS > 0) || options.StepS > 60)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.StepS, "The step must be above 0 and at most 60 s.");
        }

        if (options.Cycles < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Cycles, "There must be one cycle or more.");
        }

        this.options = options;
        protocol = options.Protocol ?? options.Profile.Protocol;
        noise = new SeededNoise(options.Seed);
        contactNoise = new SeededNoise(options.Seed ^ 0xC0A7_C0A7_C0A7_C0A7);
        dips = new DipProcess(options.Fault?.DipsPerHour ?? 0, options.Seed);
        pauses = new PauseProcess(protocol.PausesPerDay, protocol.LongestPauseS, options.Seed);
        chamberKept = Math.Exp(-options.StepS / ChamberTimeConstantS);
        chamberStep = ChamberWanderK * Math.Sqrt(1 - (chamberKept * chamberKept));
        chamberOffsetK = ChamberWanderK * noise.NextGaussian();
        if (options.CompletedCycles < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.CompletedCycles, "The cycles behind the cell cannot be negative.");
        }

        cell = CellPhysics.Fresh(
            options.Profile, AmbientC, options.Profile.EmptyStateOfCharge(options.CompletedCycles), options.CompletedCycles);
        cycler = EmulatedCycler.Start with { Cycle = options.CompletedCycles + 1 };
    }

    public CellState Cell => cell;

    public CyclerState Cycler => cycler;

    public EmulatedCellProfile Profile => options.Profile;

    /// <summary>Seconds since the start at which the present state holds.</summary>
    public double TimeS => stepCount * options.StepS;

    public double VoltageV => cell.TerminalV - dips.MeanV + contactV;

    /// <summary>Lowest voltage within the last step, as a node's own fast readings would show.</summary>
    public double LowestVoltageV => cell.TerminalV - dips.DeepestV + contactV;

    /// <summary>Dips begun so far: the truth that a rule is held against.</summary>
    public int DipCount => dips.Count;

    /// <summary>Positive charges the cell.</summary>
    public double CurrentA => cell.CurrentA;

    public double SurfaceC => cell.SurfaceC;

    /// <summary>Temperature of the stack, which no sensor sees.</summary>
    public double CoreC => cell.CoreC;

    /// <summary>Pauses of the programme begun so far.</summary>
    public int PauseCount => pauses.Count;

    public double AmbientC => options.Profile.AmbientC + chamberOffsetK;

    /// <summary>True while the relay between cell and cycler is open: no current flows, and the cycler stands still.</summary>
    public bool IsDisconnected { get; set; }

    /// <summary>The fault that has come by now, or none.</summary>
    public EmulatedFaultKind ActiveFault => faultCame ? options.Fault!.Kind : EmulatedFaultKind.None;

    /// <summary>Moves to the last step at or before <paramref name="timeS"/> seconds since the start; never goes back.</summary>
    public void AdvanceTo(double timeS)
    {
        // The tolerance keeps a time that was computed as n steps from falling just short of step n.
        long target = (long)Math.Floor((timeS / options.StepS) + 1e-6);
        while (stepCount < target)
        {
            Step();
        }
    }

    private void Step()
    {
        BringFault();
        chamberOffsetK = (chamberOffsetK * chamberKept) + (chamberStep * noise.NextGaussian());
        (CellState cell, CyclerState cycler) before = (cell, cycler);
        if (!cycler.IsOver && pauses.IsPaused(options.StepS))
        {
            cell = CellPhysics.Advance(options.Profile, cell, 0, options.StepS, AmbientC, shortOhm, ExtraHeatW);
            StepContacts();
            stepCount++;
            return;
        }

        Advance(options.StepS);
        if (HasOvershot())
        {
            // Both ends are steep: a cycler ends the discharge, or begins to hold the voltage, within the step.
            (cell, cycler) = before;
            int parts = Math.Max(LeastCutOffParts, (int)Math.Ceiling(options.StepS));
            for (int i = 0; i < parts; i++)
            {
                Advance(options.StepS / parts);
            }
        }

        StepContacts();
        stepCount++;
    }

    private bool HasOvershot() => cycler.Phase switch
    {
        CyclerPhase.Discharge => cell.TerminalV < protocol.LowerVoltageV - CutOffOvershootV,
        CyclerPhase.ConstantCurrentCharge or CyclerPhase.ConstantVoltageCharge =>
            cell.TerminalV > protocol.UpperVoltageV + CutOffOvershootV,
        _ => false,
    };

    private void Advance(double stepS)
    {
        double currentA = 0;
        if (!IsDisconnected)
        {
            cycler = EmulatedCycler.Advance(
                options.Profile, protocol, options.CompletedCycles + options.Cycles, cycler, cell, stepS, out currentA);
        }

        cell = CellPhysics.Advance(options.Profile, cell, currentA, stepS, AmbientC, shortOhm, ExtraHeatW);
    }

    private double ExtraHeatW => ActiveFault == EmulatedFaultKind.ExtraHeat ? options.Fault!.HeatW : 0;

    /// <summary>What a dendrite's contacts do to the voltage of a charge at constant current.</summary>
    private void StepContacts()
    {
        contactV = 0;
        bool charges = cycler.Phase == CyclerPhase.ConstantCurrentCharge;
        if (ActiveFault == EmulatedFaultKind.NoisyCharge && charges)
        {
            contactV = -options.Fault!.ChargeNoiseV * Math.Abs(contactNoise.NextGaussian());
        }

        if (ActiveFault == EmulatedFaultKind.Dips && charges)
        {
            dips.Step(options.StepS);
        }
        else
        {
            dips.Stop();
        }
    }

    private void BringFault()
    {
        if (options.Fault is { } fault && !faultCame && TimeS >= fault.AtS)
        {
            faultCame = true;
            shortOhm = ShortOhmOf(fault);
            if (fault.Kind == EmulatedFaultKind.ThermalEvent)
            {
                double heatJ = fault.DecompositionHeatJ ?? (DecompositionJPerAh * options.Profile.NominalCapacityAh);
                cell = cell with { DecompositionHeatLeftJ = cell.DecompositionHeatLeftJ + heatJ };
            }
        }

        if (options.Profile.ShortsAfterCycle is { } cycle && cell.CompletedCycles >= cycle)
        {
            shortOhm = Math.Min(shortOhm, HardShortOhm);
        }
    }

    /// <summary>About as much as the cell's own resistance, so that the terminals fall to well below half.</summary>
    private double HardShortOhm => 0.6 * options.Profile.OhmicResistanceOhm;

    private double ShortOhmOf(EmulatedFault fault) => fault.Kind switch
    {
        EmulatedFaultKind.SoftShort => fault.ShortOhm ?? (40 / options.Profile.NominalCapacityAh),
        EmulatedFaultKind.HardShort => fault.ShortOhm ?? HardShortOhm,
        EmulatedFaultKind.ThermalEvent => fault.ShortOhm ?? HardShortOhm,
        _ => double.PositiveInfinity,
    };
}
