using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>What the limit rules said, as far as an abuse test needs it: the first warning, and the runaway with its sentence.</summary>
/// <param name="ambientC">How hot the plan itself makes the cell, C (<see cref="PlanAmbient"/>); a temperature limit up to it warns of nothing.</param>
/// <param name="fromMicroseconds">What was before counts as no warning, such as what was handled before arming, microseconds.</param>
internal sealed class LimitNotes(double ambientC, long fromMicroseconds) : IFindingSink
{
    private string? passedOver;

    /// <summary>Time of the sample that is judged, microseconds: a limit that is exceeded only later than another is told with the other's onset.</summary>
    public long NowMicroseconds { get; set; }

    /// <summary>First finding of a limit rule other than runaway and lost sensors that warns of something; null where there was none.</summary>
    public string? WarningRule { get; private set; }

    /// <summary>When, microseconds; meaningful where there is one.</summary>
    public long WarningMicroseconds { get; private set; }

    public Finding? Runaway { get; private set; }

    public long? RunawayMicroseconds => Runaway?.OnsetMicroseconds;

    /// <summary>True once a rule said that the cell shorts, heats or runs away.</summary>
    public bool HasDanger { get; private set; }

    public void OnFinding(Finding finding)
    {
        HasDanger |= finding.Rule is RuleNames.HardShort or RuleNames.HeatingRate or RuleNames.ThermalRunaway;
        if (finding.Rule == RuleNames.ThermalRunaway)
        {
            Runaway = finding;
        }
        else if (finding.Rule != RuleNames.SensorFault)
        {
            TakeWarning(finding);
        }
    }

    private void TakeWarning(Finding finding)
    {
        if (finding.OnsetMicroseconds < fromMicroseconds)
        {
            return;
        }

        if (finding.Rule == RuleNames.ThermalLimit && finding.Limit <= ambientC)
        {
            passedOver = finding.Id;
            return;
        }

        long at = finding.Id == passedOver ? NowMicroseconds : finding.OnsetMicroseconds;
        if (WarningRule is null || at < WarningMicroseconds)
        {
            WarningRule = finding.Rule;
            WarningMicroseconds = at;
        }
    }
}
