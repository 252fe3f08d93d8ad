using System.Globalization;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Cli.Analyze;

/// <summary>The figures of one abuse test, for a person at a terminal.</summary>
internal static class AbuseTable
{
    private const int TitleWidth = 44;

    public static void Print(AbuseRecord record, TextWriter output)
    {
        AbuseFigures figures = record.Figures!;
        output.WriteLine($"{record.Cell}   {record.Plan.Title} ({record.Plan.Name}, version {record.Plan.Version.ToString(CultureInfo.InvariantCulture)}{(record.Plan.Standard is { } standard ? ", " + standard : "")})");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{figures.SampleCount} samples, {Number(figures.FirstAt)} to {Number(figures.LastAt)} s"));
        output.WriteLine(figures.Trigger is { } trigger
            ? string.Create(CultureInfo.InvariantCulture, $"Trigger at {Number(trigger.At)} s +- {Number(trigger.UncertaintyS)} s ({SourceOf(trigger.Source)}): {trigger.Reason}")
            : "No trigger: nothing in the record meets the plan's rule; --trigger-at S tells the moment.");
        output.WriteLine();
        PrintValues(figures, output);
        PrintCriteria(figures, output);
        PrintRest(record, figures, output);
        output.WriteLine();
    }

    private static void PrintValues(AbuseFigures figures, TextWriter output)
    {
        foreach (AbuseValue value in figures.Values)
        {
            string text = value.Value is null ? "- " + value.Absence
                : $"{Number(value.Value)}{(value.Uncertainty is { } half ? " +- " + Number(half) : "")} {value.Unit}"
                    + (value.At is { } at && value.Id != "triggerS" ? $"   at {Number(at)} s" : "")
                    + (value.Sensor is { } sensor ? $"   {sensor}" : "");
            output.WriteLine($"{value.Title.PadRight(TitleWidth)} {text}");
        }

        output.WriteLine();
    }

    private static void PrintCriteria(AbuseFigures figures, TextWriter output)
    {
        output.WriteLine("Criteria");
        foreach (AbuseCriterion criterion in figures.Criteria)
        {
            string state = criterion.State switch
            {
                CriterionState.Met => criterion.MetAt is { } at ? $"met at {Number(at)} s" : "met",
                CriterionState.Near => "near",
                CriterionState.NotMet => "not met",
                _ => "not judged",
            };
            string limit = criterion.Limit is { } figure ? $", limit {Number(figure)} {criterion.Unit}" : "";
            string observed = criterion.Observed is { } seen ? $"; furthest {Number(seen)} {criterion.Unit}" : "";
            string verdict = (criterion.IsFailure && criterion.State == CriterionState.Met) || (criterion.IsRequired && criterion.State == CriterionState.NotMet)
                ? "   FAILS the test" : "";
            string source = criterion.Source == FigureSource.Recalled ? " (recalled: needs the lab's own copy of the standard)" : "";
            output.WriteLine($"  {criterion.Title}{limit}{source}: {state}{observed}{verdict}");
            if (criterion.Reason is { } reason)
            {
                output.WriteLine($"    {reason}");
            }
        }

        output.WriteLine();
    }

    private static void PrintRest(AbuseRecord record, AbuseFigures figures, TextWriter output)
    {
        foreach (SensorLoss loss in figures.SensorLosses)
        {
            string back = loss.BackAt is { } at ? $", back at {Number(at)} s" : "";
            output.WriteLine($"Lost: {loss.Sensor} sensor at {Number(loss.At)} s, {loss.Fault}; last {Number(loss.LastGood)} {loss.Unit}{back}");
        }

        output.WriteLine($"Proposed hazard level {figures.Hazard.Level.ToString(CultureInfo.InvariantCulture)} (EUCAR): {string.Join("; ", figures.Hazard.Reasons)}. {figures.Hazard.OnlyAPersonCanSay}");
        ObservationStanding watching = figures.Observation;
        output.WriteLine(watching.CompleteAt is { } complete
            ? $"Observation over at {Number(complete)} s, begun at {Number(watching.BeganAt)} s."
            : $"Observation not over{(watching.BeganAt is { } begun ? $", begun at {Number(begun)} s" : "")}; waiting for: {string.Join("; ", watching.Waiting)}.");
        foreach (string deviation in figures.Deviations.Concat(record.Deviations))
        {
            output.WriteLine($"Note: {deviation}");
        }
    }

    private static string SourceOf(TriggerSource source) => source switch
    {
        TriggerSource.Input => "trigger input",
        TriggerSource.Rule => "rule of the plan",
        _ => "command",
    };

    private static string Number(double? value) => value is { } number ? Math.Round(number, Decimals(number)).ToString(CultureInfo.InvariantCulture) : "-";

    private static int Decimals(double value) => Math.Abs(value) switch
    {
        >= 1000 => 2,
        >= 1 => 3,
        >= 0.01 => 4,
        _ => 7,
    };
}
