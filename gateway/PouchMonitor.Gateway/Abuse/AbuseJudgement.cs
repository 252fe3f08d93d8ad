using System.Globalization;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>What the figures mean for the record: the event has begun, something was met or lost, the observation is over.</summary>
internal static class AbuseJudgement
{
    /// <summary>The same moment, found again from the same samples, s.</summary>
    public const double SameMomentS = 0.0005;

    /// <summary>The record as the figures make it; the same object where they say nothing new.</summary>
    public static AbuseRecord Apply(AbuseRecord record, AbuseFigures figures, double now)
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (!record.IsWatched())
        {
            return record;
        }

        AbuseRecord next = record;
        if (figures.Trigger is { } trigger)
        {
            next = next.State == AbuseState.Armed ? AbuseMoves.Begin(next, trigger)
                : Math.Abs(trigger.At - next.TriggeredAt!.Value) > SameMomentS ? AbuseMoves.Correct(next, trigger, now) : next;
        }

        foreach (AbuseCriterion met in figures.Criteria.Where(criterion => criterion.State == CriterionState.Met))
        {
            next = next.WithOnce(met.MetAt ?? now, AbuseLog.Figure, $"'{met.Title}' is met{(met.IsFailure ? ", which fails the test" : "")}");
        }

        foreach (SensorLoss loss in figures.SensorLosses)
        {
            next = next.WithOnce(loss.At, AbuseLog.Data, $"Sensor lost: {loss.Sensor}, {loss.Fault}");
        }

        return figures.Observation.CompleteAt is { } complete
            ? next.WithOnce(complete, AbuseLog.State, "The observation is over: all that the plan asks has held") : next;
    }

    /// <summary>
    /// The worst of the criteria that count against the cell, in the words of the stream: those that fail the test, and thermal runaway by
    /// any plan. What is only told, or has to be met to pass, turns no screen red; where nothing counts, nothing is judged.
    /// </summary>
    public static string Worst(AbuseRecord record)
    {
        HashSet<string> counting = [.. record.Plan.Criteria.Where(rule => rule.IsFailure || rule.Measure == CriterionMeasure.ThermalRunaway).Select(rule => rule.Id)];
        return (record.Figures?.Criteria ?? []).Where(criterion => counting.Contains(criterion.Id))
            .Select(criterion => criterion.State).DefaultIfEmpty(CriterionState.NotJudged).Max() switch
        {
            CriterionState.Met => "met",
            CriterionState.Near => "near",
            CriterionState.NotMet => "not-met",
            _ => "not-judged",
        };
    }

    /// <summary>How a silence is told.</summary>
    public static string Silence(double seconds) => string.Create(CultureInfo.InvariantCulture, $"Samples arrive again after {seconds:F0} s");
}
