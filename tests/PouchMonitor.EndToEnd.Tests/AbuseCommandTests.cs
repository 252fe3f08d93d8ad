using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary><c>analyze --abuse</c> on files with odd columns, units and readings.</summary>
public sealed class AbuseCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-abuse-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ARecord_GivesItsFigures_WithForceInAnyUnit()
    {
        string file = Write("old.csv", "time_s,voltage_V,force_kN,displacement_um,temperature1_C,temperature2_C,remark",
            at => FormattableString.Invariant($"{at},{(at < 30 ? 4.0 : 0.1)},{Math.Round(-0.01 * at, 6)},{at * 10},{Math.Round(at < 30 ? 25 : Math.Min(25 + (2 * (at - 30)), 65), 6)},,x"));
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--abuse", "crush-gb", file, "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        AbuseRecord record = JsonSerializer.Deserialize<AbuseRecord>(run.Output, AbuseJson.Options)!;
        Assert.Equal(("old", AbuseState.Ended, file, "crush-gb"), (record.Cell, record.State, record.Source, record.Plan.Name));
        AbuseFigures figures = record.Figures!;
        Assert.Equal((TriggerSource.Rule, 30.0), (figures.Trigger!.Source, figures.Trigger.At));
        Assert.Equal(-300, figures.Values.Single(value => value.Id == "forceAtTriggerN").Value!.Value, 1e-6);
        Assert.Equal(0.3, figures.Values.Single(value => value.Id == "displacementAtTriggerMm").Value!.Value, 1e-9);
        Assert.Equal(65, figures.Values.Single(value => value.Id == "maximumSurfaceC").Value);
        Assert.Contains("remark", Assert.Single(record.Deviations), StringComparison.Ordinal);

        CommandRun both = await CommandRun.PouchMonitor("analyze", "--abuse", "nail-gb", file, file, "--json");
        Assert.Equal(2, JsonSerializer.Deserialize<IReadOnlyList<AbuseRecord>>(both.Output, AbuseJson.Options)!.Count);

        CommandRun table = await CommandRun.PouchMonitor("analyze", "--abuse", "crush-gb", file);
        Assert.Equal(0, table.ExitCode);
        foreach (string part in (string[])["Trigger at 30 s +- 0.1 s (rule of the plan)", "Time to a drop by 25 %", "Maximum, surface temperature", "Proposed hazard level 3", "Thermal runaway by GB 38031-2025", "met at 33.6 s"])
        {
            Assert.Contains(part, table.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(29.55, 0.1, 0.45)]
    [InlineData(40, 0.1, -10)]
    [InlineData(0, 0.1, 30)]
    public async Task AGivenTrigger_HoldsAgainstTheRule_WithTheIntervalItLiesIn(double given, double uncertainty, double toDrop)
    {
        string file = Write("given.csv", "time_s,voltage_V,temperature_C", at => FormattableString.Invariant($"{at},{(at < 30 ? 4.0 : 0.1)},25"));
        AbuseFigures figures = (await Judge("nail-gb", file, "--trigger-at", FormattableString.Invariant($"{given}"))).Figures!;
        Assert.Equal((TriggerSource.Command, given), (figures.Trigger!.Source, figures.Trigger.At));
        Assert.Equal(uncertainty, figures.Trigger.UncertaintyS, 1e-9);
        Assert.Equal(4, figures.InitialVoltageV);
        Assert.Equal(toDrop, figures.Values.Single(value => value.Id == "timeToDrop25S").Value!.Value, 1e-6);
    }

    [Fact]
    public async Task AGivenTriggerOutsideTheRecord_IsSaid()
    {
        string file = Write("outside.csv", "time_s,voltage_V,temperature_C", at => FormattableString.Invariant($"{at},4,25"));
        AbuseRecord record = await Judge("nail-gb", file, "--trigger-at", "90");
        Assert.Equal(90, record.Figures!.Trigger!.At);
        Assert.Contains(record.Deviations, said => said.Contains("90 s, lies outside the record of 0 s to 59.9 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AContactThatBounces_IsPassedOver_AndTheEventFound()
    {
        string file = Write("bounce.csv", "time_s,voltage_V,temperature_C", at => FormattableString.Invariant(
            $"{at},{(at is 10 or 10.1 or 22 or 22.1 || at >= 40 ? 0 : 4)},{(at < 40 ? 25 : 25 + (at - 40))}"));
        AbuseRecord record = await Judge("nail-gb", file);
        Assert.Equal((TriggerSource.Rule, 40.0), (record.Figures!.Trigger!.Source, record.Figures.Trigger.At));
        Assert.Contains(record.Deviations, said => said.StartsWith("2 short losses of voltage at 10 s, 22 s passed over", StringComparison.Ordinal));
        Assert.Equal(40, record.Figures.Criteria.Single(one => one.Id == "voltage-drop").MetAt);

        string nothing = Write("nothing.csv", "time_s,voltage_V,temperature_C", at => FormattableString.Invariant($"{at},{(at is 10 or 10.1 ? 0 : 4)},25"));
        AbuseRecord quiet = await Judge("nail-gb", nothing);
        Assert.Null(quiet.Figures!.Trigger);
        Assert.Contains(quiet.Deviations, said => said.StartsWith("1 short loss of voltage at 10 s passed over", StringComparison.Ordinal));
        Assert.Equal(CriterionState.NotMet, quiet.Figures.Criteria.Single(one => one.Id == "voltage-drop").State);

        // A person may say that it was the event all the same.
        Assert.Equal(10, (await Judge("nail-gb", nothing, "--trigger-at", "10")).Figures!.Trigger!.At);
    }

    [Theory]
    [InlineData("short-gb", 40, null, "is not known: neither the plan nor a step of the current")]
    [InlineData("short-gb", 620, 610.0, "for 600 s after the trigger, as the plan has it")]
    [InlineData("short-un38.3-t5", 620, 60.0, "taken from the current, back from 60 s on at the 0 A of before")]
    public async Task TheEndOfAShort_IsThePlans_ElseTheCurrents_ElseNotKnown(string plan, double endS, double? exposureEndS, string said)
    {
        // A small pouch, shorted at 10 s, below the plan's 5 A from 24 s on, opened at 60 s.
        string file = Write("short.csv", "time_s,voltage_V,current_A,temperature_C", at =>
        {
            double second = at * 10;
            double ampere = second is >= 10 and < 60 ? -0.5 - (19.5 * Math.Exp(-(second - 10) / 10)) : 0;
            return FormattableString.Invariant($"{second},{(second < 10 ? 4 : second < 60 ? 0.1 : 3)},{Math.Round(ampere, 3)},25");
        }, (int)endS);
        AbuseRecord record = await Judge(plan, file);
        Assert.Equal(exposureEndS, record.ExposureEndedAt);
        Assert.Contains(record.Deviations, one => one.Contains(said, StringComparison.Ordinal) && one.Contains("--exposure-ended", StringComparison.Ordinal));
        Assert.Equal(30, (await Judge(plan, file, "--exposure-ended", "30")).ExposureEndedAt);
    }

    [Fact]
    public async Task APlanOfTheLabsOwn_IsTaken_AndABadOneNamed()
    {
        string file = Write("a.csv", "time_s,voltage_V,temperature_C", at => FormattableString.Invariant($"{at},4,25"));
        string plan = Path.Combine(folder, "plan.json");
        await File.WriteAllTextAsync(plan, JsonSerializer.Serialize(AbusePlans.Find("bend-lab")! with { Name = "ours", Version = 3 }, AbuseJson.Options));
        CommandRun taken = await CommandRun.PouchMonitor("analyze", "--abuse", plan, file);
        Assert.Equal(0, taken.ExitCode);
        Assert.Contains("(ours, version 3)", taken.Output, StringComparison.Ordinal);
        Assert.Contains("No trigger", taken.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(plan, JsonSerializer.Serialize(AbusePlans.Find("bend-lab")! with { PreTriggerS = 0 }, AbuseJson.Options));
        CommandRun bad = await CommandRun.PouchMonitor("analyze", "--abuse", plan, file);
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("preTriggerS is 0, between 1 and 600 s", Assert.Single(bad.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownPlan_ListsTheNames()
    {
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--abuse", "nails", "a.csv");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nail-gb", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        CommandRun list = await CommandRun.PouchMonitor("analyze", "--abuse", "list");
        Assert.Equal(0, list.ExitCode);
        Assert.All(AbusePlans.BuiltIn, plan => Assert.Contains(plan.Title, list.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatDoesNotGoTogether_IsSaid()
    {
        string file = Write("a.csv", "time_s,voltage_V,temperature_C", at => FormattableString.Invariant($"{at},4,25"));
        CommandRun own = await CommandRun.PouchMonitor("analyze", "--abuse", "own", file);
        Assert.Equal(2, own.ExitCode);
        Assert.Contains("a recorded series brings no plan", Assert.Single(own.ErrorLines), StringComparison.Ordinal);
        CommandRun html = await CommandRun.PouchMonitor("analyze", "--abuse", "nail-gb", "--html", "a.html", file);
        Assert.Equal(2, html.ExitCode);
        Assert.Contains("with --abuse it is --report", Assert.Single(html.ErrorLines), StringComparison.Ordinal);
    }

    private static async Task<AbuseRecord> Judge(string plan, string file, params string[] options)
    {
        CommandRun run = await CommandRun.PouchMonitor(["analyze", "--abuse", plan, file, "--json", .. options]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return JsonSerializer.Deserialize<AbuseRecord>(run.Output, AbuseJson.Options)!;
    }

    private string Write(string name, string header, Func<double, string> row, int count = 600)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllLines(path, [header, .. Enumerable.Range(0, count).Select(i => row(i / 10.0))]);
        return path;
    }
}
