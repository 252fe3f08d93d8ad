using System.Globalization;
using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>What the proposed hazard level rests on.</summary>
internal readonly record struct HazardBasis
{
    public bool IsTriggered { get; init; }

    public AbuseKind Kind { get; init; }

    public bool HasRunaway { get; init; }

    /// <summary>A quarter of the voltage or more was lost.</summary>
    public bool HasDropped { get; init; }

    /// <summary>Nearly all of it is back.</summary>
    public bool IsBack { get; init; }

    public bool HasVoltage { get; init; }

    public bool HasLevel { get; init; }

    public double InitialV { get; init; }

    public double LowestV { get; init; }

    /// <summary>Highest believed temperature, C; NaN where none is known.</summary>
    public double HighestC { get; init; }

    /// <summary>That is only a bound.</summary>
    public bool IsBound { get; init; }

    /// <summary>A sensor was lost while it rose fast.</summary>
    public bool HeatLost { get; init; }

    public bool IsTemperatureLost { get; init; }

    /// <summary>Temperature of an oven by the plan, C.</summary>
    public double? TriggerTemperatureC { get; init; }
}

/// <summary>
/// Proposes an EUCAR level for a whole test. By heat as <see cref="HazardProposal"/> has it; below that rule's damage it knows 0 and 1,
/// since a test may well end with nothing done. A sensor that the heat took makes the level that of a vent at least: thermistors open
/// near 125 to 150 C.
/// </summary>
internal static class AbuseHazard
{
    /// <summary>So much of the voltage back counts as all of it.</summary>
    public const double BackShare = 0.9;

    private const double OvenAboveK = 15;
    private const int Vent = 4;

    public static HazardAssessment Propose(in HazardBasis basis)
    {
        List<string> reasons = [];
        int level = ByVoltage(in basis, reasons);
        level = Math.Max(level, ByHeat(in basis, reasons));
        if (basis.HasRunaway)
        {
            level = Math.Max(level, HazardProposal.Damage);
            reasons.Add("thermal runaway by GB 38031 is met; what it did to the cell shows in the temperature and to a person");
        }

        if (basis.HeatLost && level < Vent)
        {
            level = Vent;
            reasons.Add("a temperature sensor was lost while it rose fast: it may have opened in the heat, as thermistors do near 125 to 150 C");
        }

        if (basis.IsTemperatureLost)
        {
            reasons.Add("not all temperatures are known to the end, so that it may have been worse");
        }

        return new HazardAssessment(
            level, reasons,
            level >= 3
                ? "Only a person can confirm 3 to 7: leak (3), vent of half of the electrolyte or more (4), fire (5), rupture (6), explosion (7)."
                : "Look for leak, vent, flame and rupture: only a person can say that none was there.");
    }

    private static int ByVoltage(in HazardBasis basis, List<string> reasons)
    {
        if (!basis.IsTriggered)
        {
            reasons.Add("the event has not begun");
            return 0;
        }

        if (!basis.HasVoltage || !basis.HasLevel)
        {
            reasons.Add(basis.HasVoltage ? "the voltage was lost before the record began" : "no voltage is known");
            return basis.HasVoltage ? HazardProposal.Damage : 0;
        }

        if (!basis.HasDropped)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"the voltage kept above three quarters of {basis.InitialV:0.###} V"));
            return 0;
        }

        if (basis.IsBack)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"the voltage fell to {basis.LowestV:0.###} V and is back: a protection may have tripped, or a short burnt free"));
            return 1;
        }

        reasons.Add(string.Create(CultureInfo.InvariantCulture, $"the voltage fell from {basis.InitialV:0.###} V to {basis.LowestV:0.###} V and did not come back: the cell is damaged for good"));
        return HazardProposal.Damage;
    }

    private static int ByHeat(in HazardBasis basis, List<string> reasons)
    {
        if (double.IsNaN(basis.HighestC))
        {
            reasons.Add("no temperature is known");
            return 0;
        }

        string highest = string.Create(CultureInfo.InvariantCulture, $"highest temperature {(basis.IsBound ? "at least " : "")}{basis.HighestC:0.0} C");
        if (basis.HighestC < HazardProposal.LeakC)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{highest}, below {HazardProposal.LeakC} C"));
            return 0;
        }

        if (basis is { Kind: AbuseKind.Oven, HasRunaway: false, HasDropped: false, TriggerTemperatureC: { } oven } && basis.HighestC <= oven + OvenAboveK)
        {
            reasons.Add(highest + ": the oven's own, and the voltage is kept");
            return 0;
        }

        reasons.Add(highest + "; " + HazardProposal.Describe(basis.HighestC).Split(": ")[1].Split(';')[0]);
        return HazardProposal.LevelOf(basis.HighestC);
    }
}
