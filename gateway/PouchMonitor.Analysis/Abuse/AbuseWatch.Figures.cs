using System.Globalization;
using PouchMonitor.Analysis.Abuse.Evaluation;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse;

/// <content>Puts the figures together.</content>
public sealed partial class AbuseWatch
{
    /// <summary>All that is known so far; allocates, so call it a few times a second.</summary>
    /// <param name="nowS">Time for what is still to come and for data that has stopped, s; null for the last sample's.</param>
    public AbuseFigures Figures(double? nowS = null)
    {
        double now = nowS ?? endedS ?? ((times.LastMicroseconds ?? 0) / 1e6);
        return new AbuseFigures
        {
            Trigger = moments.Chosen,
            InitialVoltageV = InitialVoltage(),
            Values = Values(),
            Criteria = [.. judges.Select(judge => Standing(judge, now))],
            SensorLosses = [.. book.Losses],
            Hazard = AbuseHazard.Propose(HazardBasis(now)),
            Observation = Observation(now),
            Readings = Readings(now),
            Deviations = Deviations(now),
            FirstAt = times.FirstMicroseconds / 1e6,
            LastAt = times.LastMicroseconds / 1e6,
            SampleCount = times.Count,
        };
    }

    private double? InitialVoltage()
    {
        double value = after is not null ? initial.VoltageV : finder.FirstLevelV;
        return double.IsNaN(value) ? null : value;
    }

    /// <summary>Until when the last sample speaks for the cell, s: ten sampling intervals as they are now, at least 10 s, as for a sensor that stays away.</summary>
    private double SeenUntilS => ((times.LastMicroseconds ?? long.MinValue) / 1e6) + Math.Max(10, 10 * times.PresentS);

    private bool HasStopped(double nowS) => nowS > SeenUntilS;

    private AbuseCriterion Standing(CriterionJudge judge, double now)
    {
        CriterionRule rule = judge.Rule;
        (CriterionState state, double? observed, double? metAt, string? reason) = rule.Measure switch
        {
            CriterionMeasure.Observed => (CriterionState.NotJudged, null, null, "only a person can see it"),
            CriterionMeasure.RetainedVoltage => Retained(rule, now),
            CriterionMeasure.ThermalRunaway => Runaway(judge, now),
            CriterionMeasure.VoltageDrop or CriterionMeasure.Voltage => OfVoltage(judge, now),
            _ => OfTemperature(judge, now),
        };
        return new AbuseCriterion(
            rule.Id, rule.Title, state, observed, rule.Limit, rule.Unit, metAt, rule.IsFailure, rule.IsRequired, rule.Source, reason);
    }

    private (CriterionState State, double? Observed, double? MetAt, string? Reason) Retained(CriterionRule rule, double now)
    {
        if (after is null || !(after.InitialV >= TriggerFinder.LeastLevelV))
        {
            return (CriterionState.NotJudged, null, null, after is null ? "the test has not been triggered" : NoInitialVoltage);
        }

        bool isLost = (book.Lost & (1u << SampleColumns.Voltage)) != 0 || double.IsNaN(after.LastV);
        double part = after.LastV / after.InitialV;
        if (isLost)
        {
            return (CriterionState.NotJudged, null, null, "the voltage is lost");
        }

        bool isMet = rule.IsBelow ? part <= rule.Limit : part >= rule.Limit;
        bool isOver = endedS is not null || CompleteAt(now) is not null;
        string reason = string.Create(CultureInfo.InvariantCulture, $"{after.LastV:0.###} V of {after.InitialV:0.###} V");
        return isOver
            ? (isMet ? CriterionState.Met : CriterionState.NotMet, part, isMet ? after.LastVoltageMicroseconds / 1e6 : null, reason)
            : (CriterionState.NotJudged, part, null, reason + "; judged when the observation is over");
    }

    private (CriterionState State, double? Observed, double? MetAt, string? Reason) Runaway(CriterionJudge judge, double now)
    {
        double? observed = Known(judge.Observed);
        if (judge.IsMet)
        {
            return (CriterionState.Met, observed, judge.MetMicroseconds / 1e6, notes.Runaway?.Message);
        }

        if (observed is null && LostTemperature(now) is null && times.Count > 1)
        {
            return (CriterionState.NotJudged, null, null, string.Create(CultureInfo.InvariantCulture,
                $"sampled every {times.MedianS:0.###} s: no rate over 1 s (GB 38031 asks for 1 Hz or faster)"));
        }

        (CriterionState state, double? seen, double? metAt, string? reason) = OfTemperature(judge, now);
        if (judge.IsNear && !wasLive && state != CriterionState.NotJudged)
        {
            reason = "the voltage was lost before the record began, so that of the criterion's second half only the maker's maximum can be judged";
        }

        return (state, seen, metAt, reason);
    }

    private (CriterionState State, double? Observed, double? MetAt, string? Reason) OfVoltage(CriterionJudge judge, double now)
    {
        double? observed = Known(judge.Observed);
        bool isDrop = judge.Rule.Measure == CriterionMeasure.VoltageDrop;
        if (isDrop && after is null && !double.IsNaN(finder.LargestDrop))
        {
            observed = Math.Max(0, finder.LargestDrop);
        }

        if (judge.IsMet)
        {
            return (CriterionState.Met, observed, judge.MetMicroseconds / 1e6, null);
        }

        string? reason = !finder.HasVoltage ? "no voltage was recorded"
            : isDrop && !finder.HasLevel ? NoInitialVoltage
            : (book.Lost & (1u << SampleColumns.Voltage)) != 0 ? book.Describe(SampleColumns.Voltage)
            : HasStopped(now) ? NoData(now) : null;
        return reason is not null ? (CriterionState.NotJudged, observed, null, reason)
            : (judge.IsNear ? CriterionState.Near : CriterionState.NotMet, observed, null, null);
    }

    private (CriterionState State, double? Observed, double? MetAt, string? Reason) OfTemperature(CriterionJudge judge, double now)
    {
        double? observed = Known(judge.Observed);
        if (judge.IsMet)
        {
            return (CriterionState.Met, observed, judge.MetMicroseconds / 1e6, null);
        }

        string? lost = LostTemperature(now)
            ?? (judge.Rule.Measure is CriterionMeasure.ThermalRunaway or CriterionMeasure.HeatingRate ? BlindSpan(judge.Rule.HoldS) : null);
        return lost is not null ? (CriterionState.NotJudged, observed, null, lost + (observed is null ? "" : "; not met until then"))
            : (judge.IsNear ? CriterionState.Near : CriterionState.NotMet, observed, null, null);
    }

    /// <summary>Why not all temperatures of the cell are known; null where they are.</summary>
    private string? LostTemperature(double now)
    {
        uint known = book.Known & ColumnText.CellTemperatures;
        if (known == 0)
        {
            return "no temperature of the cell was recorded";
        }

        long time = times.LastMicroseconds ?? 0;
        for (uint rest = known; rest != 0; rest &= rest - 1)
        {
            int column = System.Numerics.BitOperations.TrailingZeroCount(rest);
            if ((book.Lost & (1u << column)) != 0 || book.IsSilent(column, time))
            {
                return book.Describe(column);
            }
        }

        return HasStopped(now) ? NoData(now) : null;
    }

    private IReadOnlyList<AbuseReading> Readings(double now)
    {
        List<AbuseReading> readings = [];
        bool hasStopped = HasStopped(now);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            SensorState state = book.StateOf(column);
            bool isKnown = (book.Known & (1u << column)) != 0;
            if (!isKnown && (state == SensorState.Absent || times.Count == 0))
            {
                continue;
            }

            bool isSilent = isKnown && (hasStopped || book.IsSilent(column, times.LastMicroseconds ?? 0));
            bool isBlank = state == SensorState.Absent && isKnown && !isSilent && (book.Lost & (1u << column)) == 0;
            bool isGood = !isSilent && (state == SensorState.Good || isBlank);
            string word = isSilent ? "silent" : isGood ? "good" : ColumnText.Words(state).Replace(' ', '-');
            readings.Add(new AbuseReading(
                ColumnText.Words(column), ColumnText.Measure(column), isGood ? book.LastGood(column) : null, SensorBook.UnitOf(column), word));
        }

        if (!double.IsNaN(force.LargestN))
        {
            readings.Add(new AbuseReading("force", "force", force.LastN, "N", "good"));
        }

        return readings;
    }

    private string NoData(double now) => string.Create(
        CultureInfo.InvariantCulture, $"no data for {now - ((times.LastMicroseconds ?? 0) / 1e6):0} s");

    private const string NoInitialVoltage =
        "the voltage was below 0.5 V from the first reading on: shorted or not connected before the record began, so that its fall is not known";

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
