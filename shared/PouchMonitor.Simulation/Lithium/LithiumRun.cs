namespace PouchMonitor.Simulation;

/// <summary>One record of an emulated cell without a cathode.</summary>
/// <param name="TimeS">Seconds since the start.</param>
/// <param name="VoltageV">Voltage at the terminals.</param>
/// <param name="CurrentA">Positive charges.</param>
/// <param name="Cycle">Cycle being run, from 1.</param>
/// <param name="Step">Step being run, from 1.</param>
public readonly record struct LithiumRecord(double TimeS, double VoltageV, double CurrentA, int Cycle, int Step);

/// <summary>
/// Runs a cell without a cathode on its test. Between two edges everything is known in closed form, so records can be as
/// far apart as one likes: the overpotential (an immediate part, a part that settles, and on copper the surplus that
/// nucleation needs), the end of the strippable lithium, and a short that leaves a few ohms.
/// </summary>
public sealed class LithiumRun
{
    private const double SettlingS = 30;
    private const double NucleationS = 60;
    private const double ShortOhm = 3;
    private const double StripLimitV = 1;

    /// <summary>The voltage climbs once so little of a half cycle's lithium is left.</summary>
    private const double LastShare = 0.01;
    private const double InitialRestS = 600;
    private const double DensityStepMaPerCm2 = 0.1;
    private const double CriticalHalfHours = 0.5;

    private readonly LithiumCellProfile cell;
    private readonly double intervalS;
    private double timeS;
    private double strippableMah;
    private int cycle = 1;
    private int step;
    private bool isShorted;

    private LithiumRun(LithiumCellProfile cell, double intervalS)
    {
        this.cell = cell;
        this.intervalS = intervalS;
    }

    /// <summary>
    /// Records every <paramref name="intervalS"/> and at both ends of each step, for <paramref name="cycles"/> cycles (an
    /// Aurbach test has its own end after so many partial ones).
    /// </summary>
    /// <param name="cell">The cell.</param>
    /// <param name="cycles">Cycles, 1 or more.</param>
    /// <param name="intervalS">Seconds between records, above 0.</param>
    /// <param name="firstHours">Age of the cell at the start, so that a long life can be looked at in places.</param>
    public static IEnumerable<LithiumRecord> Records(LithiumCellProfile cell, int cycles, double intervalS, double firstHours = 0)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentOutOfRangeException.ThrowIfLessThan(cycles, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(intervalS);
        ArgumentOutOfRangeException.ThrowIfNegative(firstHours);
        var run = new LithiumRun(cell, intervalS) { timeS = firstHours * 3600 };
        return cell.Test == LithiumTest.Aurbach ? run.Aurbach(cycles) : run.BackAndForth(cycles);
    }

    private double AreaMah => cell.ArealCapacityMahPerCm2 * cell.AreaCm2;

    private IEnumerable<LithiumRecord> BackAndForth(int cycles) =>
        Rest(InitialRestS).Concat(Enumerable.Range(1, cycles).SelectMany(OneCycle));

    private IEnumerable<LithiumRecord> OneCycle(int number)
    {
        cycle = number;
        double density = cell.CurrentDensityMaPerCm2;
        double mah = AreaMah;
        if (cell.Test == LithiumTest.CriticalCurrent)
        {
            density = number * DensityStepMaPerCm2;
            mah = density * CriticalHalfHours * cell.AreaCm2;
        }

        foreach (LithiumRecord record in Flow(cell.IsSymmetric ? 1 : -1, density, mah))
        {
            yield return record;
        }

        strippableMah = cell.IsSymmetric ? mah : mah * cell.EfficiencyAt(number);
        foreach (LithiumRecord record in Rest(cell.RestS))
        {
            yield return record;
        }

        foreach (LithiumRecord record in Flow(cell.IsSymmetric ? -1 : 1, density, strippableMah, strips: !cell.IsSymmetric))
        {
            yield return record;
        }

        foreach (LithiumRecord record in Rest(cell.RestS))
        {
            yield return record;
        }
    }

    private IEnumerable<LithiumRecord> Aurbach(int partialCycles)
    {
        double reservoir = cell.ReservoirMahPerCm2 * cell.AreaCm2;
        double share = cell.EfficiencyAt(1);
        double density = cell.CurrentDensityMaPerCm2;
        IEnumerable<LithiumRecord> all = Rest(InitialRestS)
            .Concat(Plate(density, reservoir, share)).Concat(Strip(density))
            .Concat(Next()).Concat(Plate(density, reservoir, share));
        for (int i = 0; i < partialCycles; i++)
        {
            all = all.Concat(Part(density)).Concat(Next()).Concat(Plate(density, AreaMah, share));
        }

        return all.Concat(Strip(density)).Concat(Rest(InitialRestS));
    }

    private IEnumerable<LithiumRecord> Next()
    {
        cycle++;
        yield break;
    }

    private IEnumerable<LithiumRecord> Plate(double density, double mah, double share)
    {
        foreach (LithiumRecord record in Flow(-1, density, mah))
        {
            yield return record;
        }

        strippableMah += mah * share;
    }

    private IEnumerable<LithiumRecord> Part(double density)
    {
        foreach (LithiumRecord record in Flow(1, density, AreaMah))
        {
            yield return record;
        }

        strippableMah -= AreaMah;
    }

    private IEnumerable<LithiumRecord> Strip(double density)
    {
        foreach (LithiumRecord record in Flow(1, density, strippableMah, strips: true))
        {
            yield return record;
        }

        strippableMah = 0;
    }

    private IEnumerable<LithiumRecord> Rest(double seconds)
    {
        if (seconds <= 0)
        {
            yield break;
        }

        step++;
        double startS = timeS;
        foreach (double done in Instants(seconds))
        {
            timeS = startS + done;
            double left = step == 1 ? 0 : 0.002 * Math.Exp(-done / SettlingS);
            yield return new LithiumRecord(timeS, left, 0, cycle, step);
        }
    }

    private IEnumerable<LithiumRecord> Flow(int sign, double densityMaPerCm2, double mah, bool strips = false)
    {
        step++;
        double startS = timeS;
        double currentA = sign * densityMaPerCm2 * cell.AreaCm2 / 1000;
        double seconds = mah / (Math.Abs(currentA) * 1000) * 3600;
        foreach (double done in Instants(seconds))
        {
            timeS = startS + done;
            isShorted |= timeS / 3600 >= cell.ShortsAtHours
                || (cell.Test == LithiumTest.CriticalCurrent && densityMaPerCm2 >= cell.CriticalDensityMaPerCm2 - 1e-9);
            double overV = OverpotentialV(densityMaPerCm2, done, isPlating: sign < 0);
            if (strips)
            {
                double leftMah = mah * (1 - (done / seconds));
                overV += (StripLimitV - overV) * Math.Exp(-leftMah / (LastShare * mah));
            }

            double volts = isShorted ? currentA * ShortOhm : sign * overV;
            yield return new LithiumRecord(timeS, volts, currentA, cycle, step);
        }
    }

    private double OverpotentialV(double densityMaPerCm2, double sinceS, bool isPlating)
    {
        double settledV = cell.PlateauV(timeS / 3600) * densityMaPerCm2 / cell.CurrentDensityMaPerCm2;
        double atOnceV = cell.InterfaceOhm is { } ohm ? ohm * densityMaPerCm2 * cell.AreaCm2 / 1000 : 0.9 * settledV;
        double volts = settledV + ((atOnceV - settledV) * Math.Exp(-sinceS / SettlingS));
        if (isPlating && cell.NucleationMv is { } nucleation)
        {
            // What is missing of the settled part at the start belongs to the surplus, so that the sum starts at the figure.
            volts += ((nucleation / 1000) - atOnceV) * Math.Exp(-sinceS / NucleationS);
        }

        return volts;
    }

    /// <summary>From just after the edge to the end of a step, seconds since the edge.</summary>
    private IEnumerable<double> Instants(double seconds)
    {
        const double EdgeS = 0.1;
        if (seconds > EdgeS)
        {
            yield return EdgeS;
        }

        for (double done = intervalS; done < seconds - EdgeS; done += intervalS)
        {
            yield return done;
        }

        yield return seconds;
    }
}
