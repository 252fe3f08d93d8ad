using System.Text.Json;
using System.Text.Json.Nodes;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>The plans that the product brings, and that a slip of the pen in a plan is refused with field, value and limit.</summary>
public sealed class AbusePlansTests
{
    public static TheoryData<string> Names => [.. AbusePlans.BuiltIn.Select(plan => plan.Name)];

    [Fact]
    public void EveryKindOfAbuse_HasAPlan_AndTheStandardsAreThere()
    {
        Assert.Equal(Enum.GetValues<AbuseKind>(), AbusePlans.BuiltIn.Select(plan => plan.Kind).Distinct().Order());
        string standards = string.Join('\n', AbusePlans.BuiltIn.Select(plan => plan.Standard));
        foreach (string standard in (string[])["GB 38031-2025", "UN 38.3 T.5", "UN 38.3 T.6", "UN 38.3 T.7", "UN 38.3 T.8", "IEC 62133-2", "UL 9540A", "UL 1642", "SAE J2464", "IEC 62660-3"])
        {
            Assert.Contains(standard, standards, StringComparison.Ordinal);
        }

        Assert.Equal(AbusePlans.BuiltIn.Count, AbusePlans.BuiltIn.Select(plan => plan.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void APlan_IsGood_AndComesBackFromItsJson(string name)
    {
        AbusePlan plan = AbusePlans.Find(name.ToUpperInvariant())!;
        Assert.Empty(AbusePlans.Check(plan));
        string json = JsonSerializer.Serialize(plan, AbuseJson.Options);
        Assert.Equal(json, JsonSerializer.Serialize(AbusePlans.Read(json, name), AbuseJson.Options));
        Assert.Equal(1, plan.Version);
    }

    [Theory]
    [InlineData("propagation-gb38031", 7200, 60.0, null, null, FigureSource.Quoted)]
    [InlineData("nail-gb", 3600, null, null, null, FigureSource.Quoted)]
    [InlineData("crush-un38.3-t6", 21600, null, null, null, FigureSource.Recalled)]
    [InlineData("short-un38.3-t5", 21600, null, null, null, FigureSource.Quoted)]
    [InlineData("short-iec62133", 0, null, 0.2, 86400.0, FigureSource.Quoted)]
    [InlineData("overcharge-un38.3-t7", 604800, null, null, null, FigureSource.Quoted)]
    [InlineData("nail-j2464", 3600, null, null, null, FigureSource.Recalled)]
    [InlineData("oven-ul1642", 3600, null, null, null, FigureSource.Lab)]
    [InlineData("short-iec62660-3", 3600, null, null, null, FigureSource.Lab)]
    [InlineData("overcharge-iec62660-3", 3600, null, null, null, FigureSource.Lab)]
    public void TheStandardsOwnTimerAndEnd_AreThoseOfMethods(string name, double leastS, double? belowC, double? part, double? mostS, FigureSource source)
    {
        ObservationRule rule = AbusePlans.Find(name)!.Observation;
        Assert.Equal((leastS, belowC, part, mostS), (rule.LeastS, rule.BelowC, rule.BelowPartOfRise, rule.MostS));
        Assert.Equal(source, rule.Source);
    }

    [Fact]
    public void WhatMethodsHasNot_IsNotQuoted()
    {
        Assert.Null(AbusePlans.Find("short-un38.3-t5")!.Observation.ExposureS);
        AbuseCriterionSource("nail-gb", "thermal-runaway", FigureSource.Lab);
        Assert.True(AbusePlans.Find("nail-gb")!.Criteria[0].IsFailure);

        // 30 min at 130 C by METHODS, counted from 128 C at 5 C/min.
        AbusePlan oven = AbusePlans.Find("oven-gb")!;
        Assert.Equal((128.0, 1800.0 + 24), (oven.Trigger.TemperatureC!.Value, oven.Observation.ExposureS!.Value));
        Assert.Equal(13_000, AbusePlans.Find("crush-iec62133")!.Trigger.ForceN);
    }

    private static void AbuseCriterionSource(string plan, string id, FigureSource source) =>
        Assert.Equal(source, AbusePlans.Find(plan)!.Criteria.Single(one => one.Id == id).Source);

    [Theory]
    [InlineData("nail-j2464")]
    [InlineData("overcharge-iec62660-3")]
    [InlineData("short-iec62660-3")]
    [InlineData("oven-ul1642")]
    public void WhatIsRecalled_IsShownAsNeedingTheLabsOwnCopy(string name)
    {
        AbusePlan plan = AbusePlans.Find(name)!;
        Assert.DoesNotContain(plan.Conditions, condition => condition.Source == FigureSource.Quoted);
        Assert.Contains(plan.Conditions, condition => condition.Source == FigureSource.Recalled);
        Assert.Contains("own copy", plan.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "\"a b\"", "name", "1 to 64 of")]
    [InlineData("name", "\"..\"", "name", "1 to 64 of")]
    [InlineData("version", "0", "version", "version is 0, between 1 and 1000000")]
    [InlineData("kind", "\"nails\"", "kind", "kind")]
    [InlineData("title", "\"\"", "title", "title has 0 characters, 1 to 300")]
    [InlineData("preTriggerS", "0.5", "preTriggerS", "preTriggerS is 0.5, between 1 and 600 s")]
    [InlineData("preTriggerS", "601", "preTriggerS", "preTriggerS is 601")]
    [InlineData("preTriggerS", "\"30\"", "preTriggerS", "preTriggerS")]
    [InlineData("rateWindowsS", "[]", "rateWindowsS", "rateWindowsS has 0 entries, 1 to 8")]
    [InlineData("rateWindowsS", "[1,1]", "rateWindowsS[1]", "must lie above 1 s")]
    [InlineData("rateWindowsS", "[0.05]", "rateWindowsS[0]", "rateWindowsS[0] is 0.05, between 0.1 and 3600 s")]
    [InlineData("criteria", "[]", "criteria", "criteria has 0 entries")]
    [InlineData("criteria", "[null]", "criteria[0]", "null")]
    [InlineData("protectionKind", "\"nails\"", "protectionKind", "a node knows cycling")]
    [InlineData("trigger", "null", "trigger", "trigger")]
    [InlineData("note", "\"a\\u0000b\"", "note", "note holds a control character")]
    public void AFieldOutsideItsLimits_IsNamedWithValueAndLimit(string field, string json, string at, string message)
    {
        JsonObject plan = Plan("nail-gb");
        plan[field] = JsonNode.Parse(json);
        AssertRefused(plan, at, message);
    }

    [Theory]
    [InlineData("limit", "2", "criteria[0].limit", "GB 38031's runaway is 1 C/s for more than 3 s")]
    [InlineData("limit", "null", "criteria[0].limit", "needs a limit")]
    [InlineData("holdS", "4", "criteria[0].limit", "GB 38031's runaway")]
    [InlineData("holdS", "-1", "criteria[0].holdS", "criteria[0].holdS is -1, between 0 and 86400 s")]
    [InlineData("id", "\"voltage-drop\"", "criteria[1].id", "there twice")]
    [InlineData("id", "\"Voltage\"", "criteria[0].id", "a-z 0-9 -")]
    [InlineData("isRequired", "true", "criteria[0].isRequired", "both fails")]
    [InlineData("source", "\"guessed\"", "criteria[0].source", "source")]
    [InlineData("measure", "3", "criteria[0].measure", "measure")]
    public void ACriterionAtFault_IsNamed(string field, string json, string at, string message)
    {
        JsonObject plan = Plan("nail-gb");
        plan["criteria"]![0]![field] = JsonNode.Parse(json);
        AssertRefused(plan, at, message);
    }

    [Theory]
    [InlineData("leastS", "-1", "observation.leastS", "observation.leastS is -1, between 0 and 2592000 s")]
    [InlineData("mostS", "3599", "observation.mostS", "must not lie below leastS of 3600 s")]
    [InlineData("belowC", "301", "observation.belowC", "between -40 and 300 C")]
    [InlineData("belowPartOfRise", "0", "observation.belowPartOfRise", "between 0.01 and 1")]
    [InlineData("leastS", "0", "observation.leastS", "asks for nothing")]
    public void AnObservationAtFault_IsNamed(string field, string json, string at, string message)
    {
        JsonObject plan = Plan("nail-gb");
        plan["observation"]![field] = JsonNode.Parse(json);
        AssertRefused(plan, at, message);
    }

    [Theory]
    [InlineData("observation", "leastS")]
    [InlineData("trigger", "voltageDropV")]
    [InlineData("selfHeating", "holdS")]
    public void AForgottenField_IsRefused_SinceItWouldSilentlyJudgeNothing(string part, string field)
    {
        JsonObject plan = Plan("nail-gb");
        plan[part]!.AsObject().Remove(field);
        AbusePlanException fault = Assert.Throws<AbusePlanException>(() => AbusePlans.Read(plan.ToJsonString(), "file.json"));
        Assert.Contains(field, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFieldThatNobodyKnows_IsRefusedByName()
    {
        JsonObject plan = Plan("nail-gb");
        plan["colour"] = 1;
        Assert.Contains("colour", Assert.Throws<AbusePlanException>(() => AbusePlans.Read(plan.ToJsonString(), "file.json")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"nail-gb\"")]
    public void WhatIsNoPlan_IsRefusedInOneLine(string json)
    {
        AbusePlanException fault = Assert.Throws<AbusePlanException>(() => AbusePlans.Read(json, "file.json"));
        Assert.StartsWith("file.json: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.NotEmpty(fault.Problems);
    }

    private static JsonObject Plan(string name) => JsonSerializer.SerializeToNode(AbusePlans.Find(name), AbuseJson.Options)!.AsObject();

    private static void AssertRefused(JsonObject plan, string field, string message)
    {
        AbusePlanException fault = Assert.Throws<AbusePlanException>(() => AbusePlans.Read(plan.ToJsonString(), "file.json"));
        AbusePlanProblem problem = fault.Problems.First(one => one.Field == field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }
}
