using System.Globalization;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse;

/// <content>How often the sensors of the cell tell how fast it heats; where none did, a criterion on that may have been met unseen.</content>
public sealed partial class AbuseWatch
{
    /// <summary>Spans without a rate that are kept; older ones make room.</summary>
    private const int MostBlindSpans = 64;

    private readonly Queue<(long FromMicroseconds, long ToMicroseconds)> blind = new();
    private readonly long[] readingIntervals = new long[SampleColumns.Count];
    private long? rateMicroseconds;

    private void FollowRates(long time, uint believed)
    {
        bool hasRate = false;
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            hasRate |= !double.IsNaN(tracks[System.Numerics.BitOperations.TrailingZeroCount(rest)]!.RateCPerS);
        }

        if (!hasRate)
        {
            return;
        }

        // A rate tells of the second before it.
        long from = rateMicroseconds ?? times.FirstMicroseconds ?? time;
        if (time - LimitTable.RateSpanMicroseconds - from > LimitTable.LongestRateIntervalMicroseconds)
        {
            if (blind.Count == MostBlindSpans)
            {
                blind.Dequeue();
            }

            blind.Enqueue((from, time - LimitTable.RateSpanMicroseconds));
        }

        rateMicroseconds = time;
    }

    /// <summary>Longest interval before the last reading of the sensors that heat as in a runaway, s: they may be read more seldom than the samples come.</summary>
    private double HeatIntervalS(long time)
    {
        long longest = 0;
        for (int column = 0; column < tracks.Length; column++)
        {
            bool heats = tracks[column] is { } track && track.RateCPerS >= LimitTable.RunawayRate.Raise
                && time - track.LastMicroseconds <= LimitTable.LongestRateIntervalMicroseconds;
            longest = heats ? Math.Max(longest, readingIntervals[column]) : longest;
        }

        return longest / 1e6;
    }

    /// <summary>Why a criterion on a rate cannot be judged: the first span since the trigger without a rate that outlasts its hold; null where there is none.</summary>
    private string? BlindSpan(double holdS) =>
        FirstBlind(holdS) is not { } span ? null : string.Create(CultureInfo.InvariantCulture,
            $"no rate over 1 s is known from {span.FromS:0.##} s to {span.ToS:0.##} s, longer than the criterion's hold of {holdS:0.##} s: it may have been met unseen");

    private (double FromS, double ToS)? FirstBlind(double holdS)
    {
        if (moments.ChosenMicroseconds is not { } trigger || rateMicroseconds is not { } last)
        {
            return null;
        }

        double least = Math.Max(holdS, LimitTable.LongestRateIntervalMicroseconds / 1e6);
        foreach ((long from, long to) in blind.Append((last, times.LastMicroseconds ?? last)))
        {
            double fromS = Math.Max(from, trigger) / 1e6;
            if ((to / 1e6) - fromS > least)
            {
                return (fromS, to / 1e6);
            }
        }

        return null;
    }

    private void AddBlind(List<string> said)
    {
        CriterionRule? rule = plan.Criteria.FirstOrDefault(one => one.Measure is CriterionMeasure.ThermalRunaway or CriterionMeasure.HeatingRate);
        if (rule is not null && (book.Known & ColumnText.CellTemperatures) != 0 && FirstBlind(rule.HoldS) is { } span)
        {
            said.Add(string.Create(CultureInfo.InvariantCulture,
                $"From {span.FromS:0.##} s to {span.ToS:0.##} s no rate of heating is known: readings are missing or lie more than {LimitTable.LongestRateIntervalMicroseconds / 1e6} s apart."));
        }
    }
}
