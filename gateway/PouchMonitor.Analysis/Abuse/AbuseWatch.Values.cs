using System.Globalization;
using PouchMonitor.Analysis.Abuse.Evaluation;
using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse;

/// <content>The computed values with their definitions and uncertainties, as <c>gateway/ABUSE.md</c> lists them.</content>
public sealed partial class AbuseWatch
{
    private const string NoTrigger = "the event has not begun";
    private const string NoTemperature = "no temperature of the cell was recorded";

    private IReadOnlyList<AbuseValue> Values()
    {
        ValueList list = new();
        AddTriggerAndVoltage(list);
        AddSelfHeating(list);
        AddMaxima(list);
        AddRates(list);
        AddRunaway(list);
        AddEnergy(list);
        AddSpreads(list);
        AddCooling(list);
        AddForces(list);
        return list.Values;
    }

    private void AddTriggerAndVoltage(ValueList list)
    {
        AbuseTrigger? trigger = moments.Chosen;
        list.Add("triggerS", "Trigger", trigger?.At ?? double.NaN, "s", trigger?.UncertaintyS, trigger?.At, null,
            "Moment of the event, in the time of the samples: input of the node, rule of the plan or a person's command; by rule, the first of two readings in a row at which it holds (of heating, of those that hold for 1 s), and it lies within the interval before that.",
            NoTrigger);
        double voltage = after is null ? double.NaN : initial.VoltageV;
        list.Add("initialVoltageV", "Voltage before", voltage, "V", AbuseBudget.VoltageV(voltage, initial.HalfWidthV, sensors),
            trigger?.At, "voltage", "Median of the believed voltages of the 5 s before the earliest moment told of the event, or before the fall where that came first; where none was recorded before it, the first.",
            trigger is null ? NoTrigger : finder.HasVoltage ? "no voltage was believed around the trigger" : "no voltage was recorded");
        for (int i = 0; i < AfterTrigger.Parts.Length; i++)
        {
            AddDrop(list, i, trigger);
        }

        list.Add("lowestVoltageV", "Lowest voltage", after?.LowestV ?? double.NaN, "V",
            after is null ? null : AbuseBudget.VoltageV(after.LowestV, 0, sensors), null, "voltage", "Lowest believed voltage since the trigger.",
            trigger is null ? NoTrigger : "no voltage was believed since the trigger");
    }

    private void AddDrop(ValueList list, int i, AbuseTrigger? trigger)
    {
        double part = AfterTrigger.Parts[i];
        DropMoment drop = after?.Drops[i] ?? default;
        double at = drop.AtMicroseconds / 1e6 ?? double.NaN;
        string level = after is null || double.IsNaN(drop.LevelV) ? "" : string.Create(CultureInfo.InvariantCulture, $" ({drop.LevelV:0.####} V)");
        string definition = part < 1
            ? string.Create(CultureInfo.InvariantCulture, $"From the trigger to the first of two voltages in a row at or below {100 * (1 - part):0} % of the voltage before{level}, sought from 5 s before the earliest moment told of the event on, so that it may lie before the trigger; it lies within the interval before that.")
            : string.Create(CultureInfo.InvariantCulture, $"From the trigger to the first of two voltages in a row at or below {100 * AfterTrigger.LostShare:0} % of the voltage before or {1000 * AfterTrigger.LostV:0} mV, whichever is higher{level}.");
        string absence = trigger is null ? NoTrigger
            : !finder.HasVoltage ? "no voltage was recorded"
            : !(after?.InitialV >= TriggerFinder.LeastLevelV) ? NoInitialVoltage
            : "not reached";
        double half = Math.Sqrt(Math.Pow(Math.Max(drop.IntervalMicroseconds / 1e6, times.StampS), 2) + Math.Pow(trigger?.UncertaintyS ?? 0, 2));
        list.Add(string.Create(CultureInfo.InvariantCulture, $"timeToDrop{100 * part:0}S"), string.Create(CultureInfo.InvariantCulture, $"Time to a drop by {100 * part:0} %{(at < trigger?.At ? " (before the trigger)" : "")}"),
            at - (trigger?.At ?? double.NaN), "s", half, at, "voltage", definition, absence);
    }

    private void AddSelfHeating(ValueList list)
    {
        SelfHeatingRule rule = plan.SelfHeating;
        string definition = string.Create(CultureInfo.InvariantCulture,
            $"First time that a sensor of the cell rises by {rule.RateCPerMinute} C/min or more over {rule.WindowS} s without a break for {rule.HoldS} s, less the trigger's; it may have begun up to that window earlier.");
        (SensorTrack Track, int Column)? first = null;
        foreach ((SensorTrack track, int column) in Tracked())
        {
            first = track.OnsetMicroseconds is { } onset && !(first?.Track.OnsetMicroseconds <= onset) ? (track, column) : first;
        }

        double trigger = moments.Chosen?.At ?? double.NaN;
        double at = first?.Track.OnsetMicroseconds / 1e6 ?? double.NaN;
        double half = rule.WindowS + ((first?.Track.OnsetIntervalMicroseconds ?? 0) / 1e6);
        list.Add("selfHeatingOnsetS", "Onset of self-heating", at - (double.IsNaN(trigger) ? 0 : trigger), "s", half, at,
            first is { } one ? ColumnText.Words(one.Column) : null, definition, TemperatureAbsence("no sensor heated so fast for so long"));
    }

    private void AddMaxima(ValueList list)
    {
        double trigger = moments.Chosen?.At ?? double.NaN;
        bool any = false;
        foreach ((SensorTrack track, int column) in Tracked())
        {
            any = true;
            string name = NameOf(column);
            string words = ColumnText.Words(column);
            string bound = track.IsBound ? " The sensor was at the end of its scale: the truth is at or above it." : "";
            double at = track.HighestMicroseconds / 1e6;
            list.Add("maximum" + name + "C", "Maximum, " + words, track.HighestC, "C",
                track.IsBound ? null : AbuseBudget.TemperatureK(column, track.HighestC, sensors, track.NoiseK, track.StepK), at, words,
                "Highest believed reading of the whole record." + bound, "no reading");
            double half = Math.Sqrt(Math.Pow(Math.Max(track.HighestSpreadMicroseconds / 1e6, times.StampS), 2) + Math.Pow(moments.Chosen?.UncertaintyS ?? 0, 2));
            list.Add("timeToMaximum" + name + "S", "Time to the maximum, " + words, at - trigger, "s", half, at, words,
                "From the trigger to the first reading of the maximum; half width: the intervals beside it and how long readings stayed within its noise."
                    + (track.IsBound ? " First reading at the end of the scale." : ""), NoTrigger);
        }

        if (!any)
        {
            list.AddAbsent("maximumSurfaceC", "Maximum, surface temperature", "C", "Highest believed reading of the whole record.", NoTemperature);
        }
    }

    private void AddRates(ValueList list)
    {
        for (int i = 0; i < plan.RateWindowsS.Count; i++)
        {
            double span = plan.RateWindowsS[i];
            LargestRate largest = new() { CPerS = double.NaN };
            (int column, double noise, double step) = (-1, 0, 0);
            foreach ((SensorTrack track, int of) in Tracked())
            {
                LargestRate one = track.Largest[SensorTrack.FirstWindow + i];
                if (one.CPerS > largest.CPerS || (double.IsNaN(largest.CPerS) && !double.IsNaN(one.CPerS)))
                {
                    (largest, column, noise, step) = (one, of, AbuseBudget.NoiseK(of, sensors, track.LargestNoiseK), track.StepK);
                }
            }

            string text = string.Create(CultureInfo.InvariantCulture, $"{span:0.###}");
            list.Add($"largestRate{text.Replace('.', '_')}sCPerS", $"Largest dT/dt over {text} s", largest.CPerS, "C/s",
                AbuseBudget.RateCPerS(largest.CPerS, span, sensors, noise, step), largest.TimeMicroseconds / 1e6,
                column < 0 ? null : ColumnText.Words(column),
                string.Create(CultureInfo.InvariantCulture, $"Largest (T(t) - T(t - {text} s)) / {text} s of any sensor of the cell, at t; T(t - {text} s) is interpolated between readings at most {Math.Max(LimitTable.LongestRateIntervalMicroseconds / 1e6, span):0.##} s apart."),
                TemperatureAbsence(string.Create(CultureInfo.InvariantCulture, $"readings lie too far apart (every {times.MedianS:0.###} s), or there are none over {text} s")));
        }
    }

    private void AddRunaway(ValueList list)
    {
        double trigger = moments.Chosen?.At ?? double.NaN;
        double at = notes.RunawayMicroseconds / 1e6 ?? double.NaN;
        double half = RunawayHalfWidthS();
        string absence = TemperatureAbsence(wasLive || !finder.HasVoltage ? "thermal runaway is not met" : NoInitialVoltage);
        string doubt = runawayDoubt is { EarliestMicroseconds: not null, LatestMicroseconds: null } ? " So far it is not met beyond the doubt of the readings: it may not have been met at all." : "";
        list.Add("timeToRunawayS", "Time to thermal runaway", at - trigger, "s", half + (moments.Chosen?.UncertaintyS ?? 0), at, null,
            "From the trigger to the reading at which GB 38031-2025 is met: T(t) - T(t - 1 s) of 1 C/s or more for more than 3 s, and the voltage more than 25 % below the median of the record's first 5 s or a temperature at the maker's maximum (rule thermal-runaway). Half width: the moments at which it is met with the half widths of the readings for and against it." + doubt,
            moments.Chosen is null && notes.Runaway is not null ? NoTrigger : absence);
        double warning = FirstWarningS(out string? by);
        list.Add("warningToRunawayS", "First warning to runaway", at - warning, "s", half + runawayIntervalS, at, by,
            "From the first warning, a limit of the cell's profile (limit rules), a short (hard-short) or a criterion of the plan near or met, to thermal runaway; from arming on where that is known, and no temperature that the plan's own ambient or oven reaches." + doubt, absence);
    }

    /// <summary>
    /// Half width of the runaway's moment, s: the farther of the earliest and the latest it may have been (<see cref="RunawayDoubt"/>), one
    /// sampling interval, and how much older a reading may be than its sample; NaN while the latest is not known.
    /// </summary>
    private double RunawayHalfWidthS() =>
        runawayDoubt is { EarliestMicroseconds: { } earliest, LatestMicroseconds: { } latest } && notes.RunawayMicroseconds is { } met
            ? (Math.Max(met - earliest, latest - met) / 1e6) + runawayIntervalS + AbuseBudget.ReadingAgeS(sensors)
            : double.NaN;

    private void AddEnergy(ValueList list)
    {
        string absence = moments.Chosen is null ? NoTrigger : "no interval since the trigger has both voltage and current";
        string gaps = after is { GapSeconds: > 0 } ? string.Create(CultureInfo.InvariantCulture, $" Gaps of {after.GapSeconds:0.##} s in all are not counted.") : "";
        string definition = "integral of voltage times current since the trigger by trapezoids; half width from the sampling alone, without the gains of the sensors." + gaps;
        double? half = after is { GapSeconds: 0 } ? after.EnergyDoubtWh : null;
        list.Add("energyInWh", "Energy put in", after?.InWh ?? double.NaN, "Wh", half, null, null, "Positive part of the " + definition, absence);
        list.Add("energyOutWh", "Energy taken out", after?.OutWh ?? double.NaN, "Wh", half, null, null, "Negative part of the " + definition, absence);
    }

    private void AddSpreads(ValueList list)
    {
        double? half = null;
        if (tracks[spreadHot] is { } hot && tracks[spreadCold] is { } cold && !double.IsNaN(largestSpreadK))
        {
            half = AbuseBudget.SpreadK(
                AbuseBudget.TemperatureK(spreadHot, hot.HighestC, sensors, hot.NoiseK, hot.StepK),
                AbuseBudget.TemperatureK(spreadCold, hot.HighestC - largestSpreadK, sensors, cold.NoiseK, cold.StepK));
        }

        list.Add("spreadSensorsK", "Spread between the sensors", largestSpreadK, "K", half, largestSpreadMicroseconds / 1e6,
            double.IsNaN(largestSpreadK) ? null : $"{ColumnText.Words(spreadHot)} above {ColumnText.Words(spreadCold)}",
            "Largest difference between two sensors of the cell in one sample, of the whole record.", "fewer than two sensors of the cell gave a reading at a time");
        list.Add("spreadInfraredK", "Spread over the infrared image", images.LargestSpreadK, "K", null, images.LargestSpreadAt, "infrared image",
            "Largest difference between two pixels of one image; the pixels' own uncertainty is not known.", "no infrared image was recorded");
    }

    private void AddCooling(ValueList list)
    {
        const string Title = "Time to fall back to the end temperature";
        double trigger = moments.Chosen?.At ?? double.NaN;
        if (plan.Observation.BelowC is not { } below)
        {
            list.AddAbsent("fallBackS", Title, "s", "From the trigger until every sensor of the cell is at or below the end temperature, to stay.", "the plan asks for no end temperature");
            return;
        }

        bool isBack = cool is { WasAbove: true, SinceMicroseconds: not null };
        double at = isBack ? cool.SinceMicroseconds!.Value / 1e6 : double.NaN;
        string definition = string.Create(CultureInfo.InvariantCulture,
            $"From the trigger until every sensor of the cell is at or below {below} C, to stay; a lost sensor never counts as cool. Half width: the interval before, and the sensor's own uncertainty over its rate of fall.");
        list.Add("fallBackS", Title, at - trigger, "s", isBack ? CoolingDoubtS(below) : null, at, null, definition,
            moments.Chosen is null ? NoTrigger
                : TemperatureAbsence(cool.WasAbove ? "not back yet" : string.Create(CultureInfo.InvariantCulture, $"no sensor was ever above {below} C")));
    }

    private double CoolingDoubtS(double belowC)
    {
        double largest = 0;
        foreach ((SensorTrack track, int column) in Tracked())
        {
            largest = Math.Max(largest, AbuseBudget.TemperatureK(column, belowC, sensors, track.NoiseK, track.StepK));
        }

        double interval = cool.IntervalMicroseconds / 1e6;
        double slope = cool.FallCPerS;
        double own = slope > 0 ? largest / slope : double.PositiveInfinity;
        return Math.Sqrt((interval * interval) + (own * own) + Math.Pow(moments.Chosen?.UncertaintyS ?? 0, 2));
    }

    private void AddForces(ValueList list)
    {
        if (double.IsNaN(force.LargestN))
        {
            return;
        }

        list.Add("largestForceN", "Largest force", force.LargestN, "N", null, force.LargestMicroseconds / 1e6, "force",
            "Reading of the largest magnitude, with its sign as recorded; the load cell's own uncertainty is not known.", "no force");
        (double newton, double way) = AtTrigger();
        string absence = moments.Chosen is null ? NoTrigger : "none was recorded at the trigger";
        list.Add("forceAtTriggerN", "Force at the trigger", newton, "N", null, moments.Chosen?.At, "force", "Last force at or before the trigger.", absence);
        list.Add("displacementAtTriggerMm", "Displacement at the trigger", way, "mm", null, moments.Chosen?.At, "displacement", "Last displacement at or before the trigger.", absence);
    }

    private (double ForceN, double DisplacementMm) AtTrigger()
    {
        (double newton, double way) = (double.NaN, double.NaN);
        if (moments.ChosenMicroseconds is { } at)
        {
            for (int i = log.IndexOf(at + 1) - 1; i >= 0 && (double.IsNaN(newton) || double.IsNaN(way)); i--)
            {
                newton = double.IsNaN(newton) ? log[i].ForceN : newton;
                way = double.IsNaN(way) ? log[i].DisplacementMm : way;
            }
        }

        return (newton, way);
    }

    private IEnumerable<(SensorTrack Track, int Column)> Tracked()
    {
        for (int column = 0; column < tracks.Length; column++)
        {
            if (tracks[column] is { } track && (book.Known & (1u << column)) != 0)
            {
                yield return (track, column);
            }
        }
    }

    private string TemperatureAbsence(string otherwise) => (book.Known & ColumnText.CellTemperatures) == 0 ? NoTemperature : otherwise;

    private static string NameOf(int column)
    {
        string measure = ColumnText.Measure(column).Replace("Temperature", "", StringComparison.Ordinal);
        return char.ToUpperInvariant(measure[0]) + measure[1..];
    }
}
