using PouchMonitor.Analysis.Abuse.Evaluation;

namespace PouchMonitor.Analysis.Abuse;

/// <content>The first warning: what says before a person that the cell leaves the way that the plan takes it.</content>
public sealed partial class AbuseWatch
{
    /// <summary>Time of the first warning, s; NaN where there was none.</summary>
    /// <param name="by">Rule or criterion that gave it, with a word where it came before the trigger.</param>
    private double FirstWarningS(out string? by)
    {
        double first = double.NaN;
        by = null;
        if (notes.WarningRule is { } rule)
        {
            first = notes.WarningMicroseconds / 1e6;
            by = rule;
        }

        foreach (CriterionJudge judge in judges)
        {
            if (WarnedAt(judge) / 1e6 is { } at && !(first <= at))
            {
                first = at;
                by = judge.Rule.Id;
            }
        }

        by = by is not null && first < moments.Chosen?.At ? by + ", before the trigger" : by;
        return first;
    }

    /// <summary>When a criterion warned, microseconds; null where it did not, or only of what the plan itself does.</summary>
    private long? WarnedAt(CriterionJudge judge)
    {
        bool isTemperature = judge.Rule is { Measure: CriterionMeasure.Temperature, IsBelow: false };
        if (isTemperature && judge.Rule.Limit <= ambientC)
        {
            return null;
        }

        // Near may be what the oven makes of the cell, though the limit itself lies above it.
        long? near = isTemperature && judge.NearFrom <= ambientC ? judge.MetMicroseconds : judge.NearMicroseconds;
        long from = finder.FromMicroseconds == long.MaxValue ? long.MinValue : finder.FromMicroseconds;
        return near >= from ? near : judge.MetMicroseconds >= from ? judge.MetMicroseconds : null;
    }
}
