using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>One row of the table of evidence for a soft short.</summary>
/// <param name="Measure">What is compared.</param>
/// <param name="Unit">Unit of the levels.</param>
/// <param name="Raise">Level at which it counts; its meaning stands in the reason.</param>
/// <param name="Clear">Level below which it counts as gone.</param>
/// <param name="Hold">Verdicts in a row that raise it.</param>
/// <param name="ClearHold">Verdicts (or cycles, for dips) in a row that clear it.</param>
/// <param name="Evidence">Least evidence before there is a verdict.</param>
/// <param name="Severity">Severity alone; <see cref="ShortTable.TogetherSeverity"/> where a second one agrees.</param>
/// <param name="Reason">Why these figures.</param>
/// <param name="Source">Where the measure comes from.</param>
public sealed record ShortRow(
    string Measure, string Unit, double Raise, double Clear, int Hold, int ClearHold, string Evidence,
    FindingSeverity Severity, string Reason, string Source)
{
    /// <summary>Rule and measure, by which a profile names the row.</summary>
    public string Row => $"{RuleNames.SoftShort}/{Measure}";

    /// <summary>The row with what the profile changes in it.</summary>
    public ShortRow For(CellProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.RuleChanges.Of(Row) is not { } change ? this : this with
        {
            Raise = change.Raise ?? Raise,
            Clear = change.Clear ?? Clear,
            Hold = change.Hold ?? Hold,
            Severity = change.Severity ?? Severity,
        };
    }
}

/// <summary>
/// The whole stance of <c>soft-short</c>, for review by an electrochemist. Five kinds of evidence, each against the cell's
/// own earlier course, like with like. Voltage and current alone do not find every soft short: no completeness is promised.
/// </summary>
public static class ShortTable
{
    public static readonly ShortRow Dips = new(
        "voltageDips", "V", Raise: 0.015, Clear: 0, Hold: 3, ClearHold: 2,
        "Three dips within three hours of one charge; each of two records or more, or within one whose lowest reading tells it.",
        FindingSeverity.Warning,
        "At constant current the voltage falls by 15 mV or more (and no less than six times the channel's own noise and never "
        + "judged where the voltage comes in steps above 5 mV) below what it was before and is again after, for at most 30 s. Contacts that loosen raise the voltage of a "
        + "charge, they do not lower it: where it is thrown upwards as often, a cable is at work. One dip is no evidence; a single record "
        + "thrown as far as its lowest reading, or a brief fall of more than 0.1 V, is a glitch. Deeper than 0.25 V is for hard-short. Clears when two cycles show none.",
        "arXiv 2505.14283: dips of 20 to 30 mV for a few samples.");

    public static readonly ShortRow Leak = new(
        "restVoltageFall", "of span/h", Raise: 0.0025, Clear: 0.5, Hold: 2, ClearHold: 4,
        "Rest of ten minutes, three earlier rests alike (same direction, end voltage within 30 mV, temperature drift within 0.5 K).",
        FindingSeverity.Warning,
        "The late slope of a rest (from 5 to 10 min, 10 to 20 and so on, each against itself) falls faster than in the "
        + "rests before by 0.25 % of the voltage span of a discharge an hour, and by no less than a quarter of that slope (all of it before twenty minutes; rests that rise are not judged before forty), five times its scatter "
        + "and four times what noise and steps of the converter let one see. Relaxation repeats, a leak comes on top. Clears below half of it.",
        "I_leak = C_dif dV/dt, with C_dif the mean differential capacity of the last discharge: about right when charged, a bound when discharged.");

    public static readonly ShortRow Overrun = new(
        "chargeOverReference", "ratio", Raise: 1.10, Clear: 1.05, Hold: 1, ClearHold: 1,
        "Two earlier whole cycles at the same rates; not in half and symmetric cells.",
        FindingSeverity.Warning,
        "A charge takes in 10 % more than the largest of up to five like it and than the discharge before it gave, although its "
        + "voltage does not rise above where they ended: what goes in leaks away. 1.5 % more for each kelvin of difference, none beyond 20 K. "
        + "Raised while it runs. Fade only lowers it.",
        "Charge that runs past the expected capacity (METHODS, soft shorts).");

    public static readonly ShortRow Noise = new(
        "chargeNoise", "ratio", Raise: 3, Clear: 2, Hold: 2, ClearHold: 2,
        "Four earlier charges at the same current and sampling, 100 records of constant current in each.",
        FindingSeverity.Warning,
        "Noise between neighbouring records of the constant-current charge is three times the median of earlier charges and twice "
        + "as much grown as that of the discharges: an instrument that got noisier is so in both. Below 0.3 mV, or half a step of the "
        + "converter, it is no cell's noise.",
        "10.1038/s41598-020-61373-9: voltage noise on charge.");

    public static readonly ShortRow Plateau = new(
        "plateauAmplitude", "ratio", Raise: 0.5, Clear: 0.7, Hold: 1, ClearHold: 8,
        "Symmetric cells; four half cycles before it at the same current and temperature, of 5 mV or more.",
        FindingSeverity.Warning,
        "A quarter of a half cycle has half or less of the lowest amplitude that the same quarter had in the last three: interphases "
        + "change over many cycles, a short at once. Clears when two whole half cycles are back.",
        "Seed figure: 1700 mV, then short at 308 h.");

    /// <summary>Severity where two kinds of evidence are seen within a cycle of each other.</summary>
    public const FindingSeverity TogetherSeverity = FindingSeverity.Critical;

    /// <summary>All rows, in the order of <see cref="ShortKind"/>.</summary>
    public static IReadOnlyList<ShortRow> All { get; } = [Dips, Leak, Overrun, Noise, Plateau];
}

/// <summary>Which evidence.</summary>
internal enum ShortKind
{
    Dips = 0,
    Leak = 1,
    Overrun = 2,
    Noise = 3,
    Plateau = 4,
}
