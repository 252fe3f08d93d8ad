using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>What the makers of cases share.</summary>
internal static class Bench
{
    /// <summary>The pouches that a node records.</summary>
    public static readonly string[] Pouches = ["dne-pouch", "tve-pouch", "copc-anode-free"];

    /// <summary>One of the pouches by seed, made as by hand, and hardly ageing.</summary>
    public static EmulatedCellProfile Steady(ulong seed) => Steady(Pouches[seed % 3], seed);

    /// <summary>The same of the pouches whose profile states a voltage window.</summary>
    public static EmulatedCellProfile SteadyWithWindow(ulong seed)
    {
        string[] known = [.. Pouches.Where(name => ProfileOf(name).MaximumVoltageV is not null)];
        return Steady(known[seed % (ulong)known.Length], seed);
    }

    private static EmulatedCellProfile Steady(string name, ulong seed)
    {
        EmulatedCellProfile cell = EmulatedCells.Varied(EmulatedCells.Create(name), seed);
        return cell with { Retention = new Simulation.RetentionCurve((1, 1), (1000, 0.97)), ResistanceGrowthPerCycle = 0.0002, Protocol = Brisk(cell) };
    }

    /// <summary>Half a C both ways, so that a case is short; the node's own rests.</summary>
    public static CyclerProtocol Brisk(EmulatedCellProfile cell) =>
        cell.Protocol with { ChargeRateC = 0.5, DischargeRateC = 0.5, CutoffRateC = 0.05 };

    /// <summary>The profile by which the product judges an emulated cell.</summary>
    public static CellProfile ProfileOf(string name)
    {
        string[] tries = [name, name.Replace("-thick", "", StringComparison.Ordinal), name.Replace("-40c", "", StringComparison.Ordinal)];
        foreach (string each in tries)
        {
            if (CellProfiles.TryGet(each, out CellProfile? profile))
            {
                return profile;
            }
        }

        throw new ArgumentException($"There is no profile for the emulated cell '{name}'.", nameof(name));
    }

    public static SeededNoise Dice(ulong seed, ulong salt) => new(seed * 0x9E37_79B9 ^ (salt << 32));

    /// <summary>Between two values, evenly in the logarithm.</summary>
    public static double LogBetween(this SeededNoise dice, double low, double high) => low * Math.Pow(high / low, dice.NextUnit());

    public static double Between(this SeededNoise dice, double low, double high) => low + ((high - low) * dice.NextUnit());
}
