using System.Globalization;
using PouchMonitor.Analysis.Abuse.Evaluation;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse;

/// <content>Where the observation stands, what did not go by the plan, and what the proposed level rests on.</content>
public sealed partial class AbuseWatch
{
    private ObservationStanding Observation(double now)
    {
        ObservationRule rule = plan.Observation;
        double? began = ObservationBeganS;
        double? complete = CompleteAt(now);
        List<string> waiting = [];
        if (complete is null)
        {
            Wait(waiting, rule, began, now);
        }

        return new ObservationStanding(began, began + rule.LeastS, waiting, complete);
    }

    private void Wait(List<string> waiting, ObservationRule rule, double? began, double now)
    {
        if (moments.Chosen is not { } trigger)
        {
            waiting.Add("the trigger");
            return;
        }

        if (began is not { } begin)
        {
            waiting.Add(rule.ExposureS is { } exposure
                ? string.Create(CultureInfo.InvariantCulture, $"the end of the exposure, {Length(exposure)} from the trigger{(now < trigger.At + exposure ? "" : ": it is due")}")
                : "the end of the exposure, which a person tells");
            return;
        }

        if (now < begin + rule.LeastS)
        {
            waiting.Add(string.Create(CultureInfo.InvariantCulture, $"{Length(rule.LeastS)} of watching"));
        }

        bool asksTemperature = rule.BelowC is not null || rule.BelowPartOfRise is not null;
        string? lost = asksTemperature ? LostTemperature(now) : null;
        if (lost is not null)
        {
            waiting.Add(lost + ": a lost sensor never counts as cool; measure the cell by hand, and end the test with a note");
        }

        else if (HasStopped(now))
        {
            waiting.Add(NoData(now) + ": what no sample tells was not watched; look at the cell, and end the test with a note");
        }

        double hottest = LastKnown(times.LastMicroseconds ?? 0).HottestC;
        if (rule.BelowC is { } below && cool.SinceMicroseconds is null && !(lost is not null && hottest <= below))
        {
            waiting.Add(string.Create(CultureInfo.InvariantCulture, $"every sensor of the cell at or below {below} C{Hottest(hottest, now)}"));
        }

        if (rule.BelowPartOfRise is { } part && after?.FallenSinceMicroseconds is null && after is not null)
        {
            double rise = after.RiseK;
            waiting.Add(!(rise >= SmallestRiseK)
                ? string.Create(CultureInfo.InvariantCulture, $"a fall by {100 * part:0} % of the largest rise, and there was no rise of {SmallestRiseK} K yet")
                : string.Create(CultureInfo.InvariantCulture, $"a fall by {100 * part:0} % of the largest rise: {after.HighestC - (part * rise):0.#} C or below{Hottest(hottest, now)}"));
        }

        if (waiting.Count > 0 && rule.MostS is { } most)
        {
            waiting.Add(string.Create(CultureInfo.InvariantCulture, $"or {Length(most)} from the beginning, whichever is first"));
        }
    }

    /// <summary>The hottest that is known now; a lost sensor is named instead of its last value.</summary>
    private string Hottest(double hottestC, double now)
    {
        if (HasStopped(now))
        {
            return "";
        }

        long time = times.LastMicroseconds ?? 0;
        string[] lost = [.. Tracked().Where(one => (book.Lost & (1u << one.Column)) != 0 || book.IsSilent(one.Column, time)).Select(one => ColumnText.Words(one.Column))];
        string without = lost.Length == 0 ? "" : $" without the lost {string.Join(" and ", lost)}";
        return double.IsNaN(hottestC) ? "" : string.Create(CultureInfo.InvariantCulture, $", the hottest now {hottestC:0.#} C{without}");
    }

    private IReadOnlyList<string> Deviations(double now)
    {
        List<string> said = [];
        if (times.Count == 0)
        {
            return said;
        }

        if (times.MedianS > 1)
        {
            said.Add(string.Create(CultureInfo.InvariantCulture, $"Sampled every {times.MedianS:0.###} s; GB 38031 asks for 1 Hz or faster, and what is shorter than an interval is not seen."));
        }

        double longest = times.LongestMicroseconds / 1e6;
        if (longest > Math.Max(LimitTable.LongestRateIntervalMicroseconds / 1e6, 5 * times.MedianS))
        {
            said.Add(string.Create(CultureInfo.InvariantCulture, $"A gap of {longest:0.##} s after {times.LongestAtMicroseconds / 1e6:0.##} s: what happened in it is not known."));
        }

        double lastS = (times.LastMicroseconds ?? 0) / 1e6;
        if (moments.Chosen is not null && HasStopped(now) && !(CompleteAt(now) <= SeenUntilS))
        {
            said.Add(string.Create(CultureInfo.InvariantCulture, $"No data after {lastS:0.##} s, for {Length(now - lastS)}: nothing was watched in that time."));
        }

        AddBlind(said);
        if (times.BackwardCount > 0)
        {
            said.Add(string.Create(CultureInfo.InvariantCulture, $"{times.BackwardCount} samples lay before the one before them and were left out."));
        }

        if ((book.Known & ColumnText.CellTemperatures) == 0)
        {
            said.Add("No temperature of the cell was recorded: heating, runaway and cooling are not judged.");
        }

        if (!finder.HasVoltage)
        {
            said.Add("No voltage was recorded: its fall is not judged.");
        }
        else if (!finder.HasLevel)
        {
            said.Add("The voltage was below 0.5 V from the first reading on: the cell was shorted or not connected before the record began.");
        }

        AddOfTrigger(said);
        if (book.UnkeptCount > 0)
        {
            said.Add(string.Create(CultureInfo.InvariantCulture, $"{book.UnkeptCount} more losses of sensors than the {SensorBook.MostLosses} that are listed."));
        }

        if (endedS is { } ended && CompleteAt(ended) is null)
        {
            said.Add(moments.Chosen is null ? "Ended without a trigger." : CutShort(ended));
        }

        return said;
    }

    private string CutShort(double ended)
    {
        List<string> waiting = [];
        Wait(waiting, plan.Observation, ObservationBeganS, ended);
        double watched = ended - (ObservationBeganS ?? moments.Chosen!.At);
        return string.Create(CultureInfo.InvariantCulture, $"Ended {watched:0.#} s after {(ObservationBeganS is null ? "the trigger" : "the observation began")}; not reached: {string.Join("; ", waiting)}.");
    }

    private void AddOfTrigger(List<string> said)
    {
        if (LostContact is { } lost)
        {
            said.Add(string.Create(CultureInfo.InvariantCulture,
                $"The voltage that triggered at {lost.At:0.##} s was back at {lost.BackAt:0.##} s, and {(lost.HasTemperature ? $"no temperature rose by {LimitTable.ConnectedRiseC} K" : "no temperature was there to show heat")} within {ContactWatch.HeatWithinS} s: a lost contact looks the same. If it was one, a person notes it, and analyze --abuse with --trigger-at judges the record from the true moment."));
        }

        if (moments.Chosen is not { } trigger || times.FirstMicroseconds is not { } first)
        {
            return;
        }

        double before = trigger.At - (first / 1e6);
        if (before <= 0)
        {
            said.Add("The record begins with the event: nothing is known from before it.");
        }
        else if (before < plan.PreTriggerS)
        {
            said.Add(string.Create(CultureInfo.InvariantCulture, $"Only {before:0.##} s were recorded before the trigger, the plan keeps {plan.PreTriggerS:0.##} s."));
        }
    }

    private HazardBasis HazardBasis(double now)
    {
        bool hasDrop = after is { } since && since.Drops[0].AtMicroseconds is not null;
        double highest = Highest(out bool isBound);
        bool lostToHeat = false;
        for (uint rest = book.Lost & ColumnText.CellTemperatures; rest != 0; rest &= rest - 1)
        {
            int column = System.Numerics.BitOperations.TrailingZeroCount(rest);
            lostToHeat |= (isAnomalous || IsTriggered) && tracks[column] is { RateCPerS: >= 0.5 };
        }

        return new HazardBasis
        {
            IsTriggered = IsTriggered,
            Kind = plan.Kind,
            HasRunaway = notes.Runaway is not null,
            HasDropped = hasDrop,
            HasVoltage = finder.HasVoltage,
            HasLevel = finder.HasLevel,
            IsBack = hasDrop && after!.LastV >= AbuseHazard.BackShare * after.InitialV && (book.Lost & (1u << SampleColumns.Voltage)) == 0,
            LowestV = after?.LowestV ?? double.NaN,
            InitialV = after?.InitialV ?? double.NaN,
            HighestC = highest,
            IsBound = isBound,
            HeatLost = lostToHeat,
            IsTemperatureLost = LostTemperature(now) is not null,
            TriggerTemperatureC = plan.Trigger.TemperatureC,
        };
    }

    private double Highest(out bool isBound)
    {
        double highest = double.NaN;
        isBound = false;
        foreach (SensorTrack? track in tracks)
        {
            if (track is not null && !(track.HighestC <= highest))
            {
                highest = track.HighestC;
                isBound = track.IsBound;
            }
        }

        return images.HighestC > highest || double.IsNaN(highest) ? images.HighestC : highest;
    }

    private static string Length(double seconds) => seconds switch
    {
        >= 2 * 86400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:0.##} days"),
        >= 2 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.##} h"),
        >= 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.##} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s"),
    };
}
