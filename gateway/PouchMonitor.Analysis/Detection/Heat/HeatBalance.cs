namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>Means over a block of a cell's samples.</summary>
/// <param name="TimeS">Mean time of the samples, s.</param>
/// <param name="CellC">Surface or infrared temperature, C; not a number where there was none.</param>
/// <param name="AmbientC">Ambient temperature, C; not a number where there was none.</param>
/// <param name="CurrentA">Current, A, positive charges; not a number where there was none.</param>
public readonly record struct HeatMeans(double TimeS, double CellC, double AmbientC, double CurrentA);

/// <summary>Heat of a cell at one time, W, positive where the cell gives it off.</summary>
/// <param name="TimeS">Time, s.</param>
/// <param name="HeatW">C dT/dt + C (T - Tambient) / time constant: all heat, resistive and reversible.</param>
/// <param name="StoredW">C dT/dt alone: what warms the cell.</param>
/// <param name="JouleW">I squared times the resistance that was stated; not a number without one.</param>
/// <param name="RiseK">Cell above ambient, K.</param>
/// <param name="UncertaintyW">One standard deviation of <paramref name="HeatW"/> from the temperature alone.</param>
public readonly record struct HeatPoint(double TimeS, double HeatW, double StoredW, double JouleW, double RiseK, double UncertaintyW);

/// <summary>
/// The heat balance of a cell as one lumped body, <c>C dT/dt = P - C (T - Tambient) / timeConstant</c>, by the figures that
/// <c>heat-residual</c> uses (<see cref="HeatTable"/>): its heat capacity, its deviation of a block's temperature, and a cooling
/// learned from the rests of the range. It shows what that rule judges by; a verdict is the rule's alone. Source: lumped
/// energy balance, Batteries 9, 70.
/// </summary>
public sealed class HeatBalance
{
    /// <summary>Longest distance of two blocks over which a rate is taken, in usual distances.</summary>
    private const double LongestDistance = 2.5;
    private const double RestShare = 0.015;
    private const int RestBlocksBefore = 2;

    /// <summary>Blocks longer than this are too coarse to learn a cooling of minutes from, s.</summary>
    private const double LongestLearnedBlockS = 120;

    private HeatBalance(double timeConstantS, bool isLearned, IReadOnlyList<HeatPoint> points)
    {
        TimeConstantS = timeConstantS;
        IsLearned = isLearned;
        Points = points;
    }

    /// <summary>Time constant of the cooling, s.</summary>
    public double TimeConstantS { get; }

    /// <summary>True where rests of the range told the time constant, and it is not only what is usual for a pouch in still air.</summary>
    public bool IsLearned { get; }

    /// <summary>In order of time; blocks without both temperatures or without a neighbour give none.</summary>
    public IReadOnlyList<HeatPoint> Points { get; }

    /// <summary>Heat capacity of a cell, J/K; null where neither mass nor capacity are known.</summary>
    /// <param name="massG">Mass, g.</param>
    /// <param name="capacityAh">Capacity, Ah.</param>
    public static double? HeatCapacityJPerK(double? massG, double? capacityAh) =>
        massG * HeatTable.HeatCapacityJPerGK ?? capacityAh * HeatTable.HeatCapacityJPerAhK;

    /// <summary>Works out the balance.</summary>
    /// <param name="blocks">Blocks in order of time.</param>
    /// <param name="blockSeconds">Usual distance of two blocks, s.</param>
    /// <param name="heatCapacityJPerK">Heat capacity, J/K, above 0.</param>
    /// <param name="resistanceOhm">Resistance at a time (s), ohm; null or not a number where none is known.</param>
    public static HeatBalance Of(IReadOnlyList<HeatMeans> blocks, double blockSeconds, double heatCapacityJPerK, Func<double, double?> resistanceOhm)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(resistanceOhm);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heatCapacityJPerK);
        (CoolingConstant cooling, bool isLearned) = Learn(blocks, blockSeconds);
        double timeConstantS = cooling.Seconds;
        List<HeatPoint> points = [];
        for (int at = 0; at < blocks.Count; at++)
        {
            HeatMeans block = blocks[at];
            HeatMeans before = IsNext(blocks, at - 1, at, blockSeconds) ? blocks[at - 1] : block;
            HeatMeans after = IsNext(blocks, at, at + 1, blockSeconds) ? blocks[at + 1] : block;
            double spanS = after.TimeS - before.TimeS;
            double riseK = block.CellC - block.AmbientC;
            if (!(spanS > 0) || !double.IsFinite(riseK))
            {
                continue;
            }

            double storedW = heatCapacityJPerK * (after.CellC - before.CellC) / spanS;
            double uncertaintyW = heatCapacityJPerK * HeatTable.TemperatureK * ((1.4 / spanS) + (1 / timeConstantS));
            double jouleW = block.CurrentA * block.CurrentA * (resistanceOhm(block.TimeS) ?? double.NaN);
            points.Add(new HeatPoint(block.TimeS, storedW + (heatCapacityJPerK * riseK / timeConstantS), storedW, jouleW, riseK, uncertaintyW));
        }

        return new HeatBalance(timeConstantS, isLearned, points);
    }

    private static (CoolingConstant Cooling, bool IsLearned) Learn(IReadOnlyList<HeatMeans> blocks, double blockSeconds)
    {
        CoolingConstant cooling = default;
        bool isLearned = false;
        double largestA = blocks.Select(block => Math.Abs(block.CurrentA)).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (!(blockSeconds <= LongestLearnedBlockS && largestA > 0))
        {
            return (cooling, false);
        }

        int rested = 0;
        for (int at = 1; at < blocks.Count; at++)
        {
            HeatMeans before = blocks[at - 1];
            HeatMeans block = blocks[at];
            rested = IsNext(blocks, at - 1, at, blockSeconds) && Math.Abs(block.CurrentA) <= RestShare * largestA ? rested + 1 : 0;
            if (rested <= RestBlocksBefore)
            {
                continue;
            }

            double riseK = 0.5 * (before.CellC - before.AmbientC + block.CellC - block.AmbientC);
            if (double.IsFinite(riseK))
            {
                double unlearned = cooling.Seconds;
                cooling.Learn(riseK, (before.CellC - block.CellC) / (block.TimeS - before.TimeS));
                isLearned |= cooling.Seconds != unlearned;
            }
        }

        return (cooling, isLearned);
    }

    private static bool IsNext(IReadOnlyList<HeatMeans> blocks, int at, int next, double blockSeconds) =>
        at >= 0 && next < blocks.Count && double.IsFinite(blocks[at].CellC) && double.IsFinite(blocks[next].CellC)
        && blocks[next].TimeS > blocks[at].TimeS && blocks[next].TimeS - blocks[at].TimeS <= LongestDistance * blockSeconds;
}
