namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>States, kinds and sources in the words of the report.</summary>
internal static class AbuseWords
{
    private static readonly string[] HazardLevels =
    [
        "no effect", "protection tripped", "defect or damage", "leak", "vent", "fire or flame", "rupture", "explosion",
    ];

    /// <summary>EUCAR's word for a level; empty for a number that is none.</summary>
    public static string Hazard(int level) => level >= 0 && level < HazardLevels.Length ? HazardLevels[level] : "no level of EUCAR";

    public static string Of(AbuseKind kind) => kind switch
    {
        AbuseKind.Nail => "nail penetration",
        AbuseKind.Crush => "crush",
        AbuseKind.Bend => "bend",
        AbuseKind.Cut => "cut",
        AbuseKind.ExternalShort => "external short",
        AbuseKind.Overcharge => "overcharge",
        AbuseKind.OverDischarge => "over-discharge",
        AbuseKind.Oven => "oven or ARC ramp",
        AbuseKind.Propagation => "thermal propagation",
        _ => kind.ToString(),
    };

    public static string Of(AbuseState state) => state switch
    {
        AbuseState.Preparing => "being prepared",
        AbuseState.Armed => "armed, not triggered",
        AbuseState.Triggered => "triggered",
        AbuseState.Observing => "observing",
        AbuseState.Ended => "ended",
        AbuseState.Signed => "signed",
        AbuseState.Cancelled => "cancelled",
        _ => state.ToString(),
    };

    public static string Of(CriterionState state) => state switch
    {
        CriterionState.Met => "met",
        CriterionState.Near => "near, not met",
        CriterionState.NotMet => "not met",
        _ => "not judged",
    };

    public static string Of(CheckState state) => state switch
    {
        CheckState.Good => "good",
        CheckState.Bad => "not good",
        _ => "open",
    };

    public static string Of(TriggerSource source) => source switch
    {
        TriggerSource.Rule => "rule of the plan",
        TriggerSource.Command => "command of a person",
        TriggerSource.Input => "trigger input of the node",
        _ => source.ToString(),
    };

    /// <summary>Where a figure comes from; a recalled one asks for the lab's own copy.</summary>
    public static string Of(FigureSource source) => source switch
    {
        FigureSource.Quoted => "quoted",
        FigureSource.Recalled => "recalled: check the lab's own copy of the standard",
        FigureSource.Lab => "set by the lab",
        _ => source.ToString(),
    };

    /// <summary>How a criterion counts for the test.</summary>
    public static string Role(bool isFailure, bool isRequired) => (isFailure, isRequired) switch
    {
        (true, true) => "fails the test, and must be met: the plan contradicts itself",
        (true, _) => "fails the test where met",
        (_, true) => "must be met to pass",
        _ => "told only",
    };
}
