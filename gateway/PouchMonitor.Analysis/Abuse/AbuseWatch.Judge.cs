using PouchMonitor.Analysis.Abuse.Evaluation;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse;

/// <content>The criteria, and where the observation stands.</content>
public sealed partial class AbuseWatch
{
    /// <summary>A temperature must have risen by this to have a rise of which a part can be lost, K: above a logger's drift.</summary>
    private const double SmallestRiseK = 1;

    private Beginning initial = Beginning.Unknown;
    private double spreadNowK = double.NaN;

    private bool JudgeCriteria(long time, in Sample sample, uint believed)
    {
        if (time < judgedFromMicroseconds)
        {
            return false;
        }

        (double hottest, double fastest) = (double.NaN, double.NaN);
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            int column = System.Numerics.BitOperations.TrailingZeroCount(rest);
            double value = sample.Values[column];
            hottest = value <= hottest ? hottest : value;
            double rate = tracks[column]!.RateCPerS;
            fastest = rate <= fastest || double.IsNaN(rate) ? fastest : rate;
        }

        hottest = WithBounds(hottest, in sample);
        bool changed = false;
        foreach (CriterionJudge judge in judges)
        {
            switch (judge.Rule.Measure)
            {
                case CriterionMeasure.ThermalRunaway:
                    judge.Observe(fastest);
                    changed |= JudgeRunaway(judge, time, fastest);
                    break;
                case CriterionMeasure.Temperature:
                    changed |= judge.Add(time, hottest);
                    break;
                case CriterionMeasure.HeatingRate:
                    changed |= judge.Add(time, fastest);
                    break;
                case CriterionMeasure.TemperatureSpread:
                    changed |= judge.Add(time, spreadNowK);
                    break;
                case CriterionMeasure.Voltage when sample.IsGood(SampleColumns.Voltage):
                    changed |= judge.Add(time, sample.Values[SampleColumns.Voltage]);
                    break;
                case CriterionMeasure.VoltageDrop or CriterionMeasure.RetainedVoltage or CriterionMeasure.Observed:
                default:
                    break; // Counted from the trigger, judged at the end, or seen by a person.
            }
        }

        return changed;
    }

    /// <summary>By the rule <c>thermal-runaway</c> alone; near from four fifths of its rate on.</summary>
    private bool JudgeRunaway(CriterionJudge judge, long time, double fastest)
    {
        const double Near = 0.8;
        return notes.RunawayMicroseconds is { } at
            ? judge.Take(at, isMet: true)
            : fastest >= Near * LimitTable.RunawayRate.Raise && judge.Take(time, isMet: false);
    }

    // A saturated reading is a bound: the truth is at or beyond it.
    private double WithBounds(double hottest, in Sample sample)
    {
        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            if (sample.StateOf(column) == SensorState.Saturated && tracks[column] is { IsBound: true } track
                && sample.Values[column] >= track.HighestC && !(hottest >= sample.Values[column]))
            {
                hottest = sample.Values[column];
            }
        }

        return hottest;
    }

    /// <summary>When the observation began, s; null before it.</summary>
    private double? ObservationBeganS => moments.Chosen is not { } trigger ? null
        : plan.Observation.Start == ObservationStart.Trigger ? trigger.At
        : exposureEndedS is { } ended ? Math.Max(ended, trigger.At) : null;

    /// <summary>
    /// When all that the plan asks held, s; null while it does not. What no sample tells has not been watched: where data has stopped, the
    /// observation stands as it did then, and only the plan's most time runs out all the same.
    /// </summary>
    private double? CompleteAt(double nowS)
    {
        ObservationRule rule = plan.Observation;
        if (ObservationBeganS is not { } began)
        {
            return null;
        }

        double? sooner = CompleteByConditions(began, Math.Min(nowS, SeenUntilS));
        return rule.MostS is { } most && nowS >= began + most && !(sooner < began + most) ? began + most : sooner;
    }

    private double? CompleteByConditions(double began, double seenS)
    {
        ObservationRule rule = plan.Observation;
        if (seenS < began + rule.LeastS || (rule is { BelowC: null, BelowPartOfRise: null } && rule.MostS is not null && rule.LeastS == 0))
        {
            return null;
        }

        double at = began + rule.LeastS;
        if (rule.BelowC is not null)
        {
            if (cool.SinceMicroseconds is not { } since)
            {
                return null;
            }

            at = Math.Max(at, since / 1e6);
        }

        if (rule.BelowPartOfRise is not null)
        {
            if (after?.FallenSinceMicroseconds is not { } since)
            {
                return null;
            }

            at = Math.Max(at, since / 1e6);
        }

        return at;
    }
}
