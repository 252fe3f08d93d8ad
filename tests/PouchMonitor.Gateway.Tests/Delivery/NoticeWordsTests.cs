using System.Text.Json;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Delivery.Webhook;
using PouchMonitor.Gateway.Tests.Alarms;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>A message names what is worst first, and says what to do.</summary>
public sealed class NoticeWordsTests
{
    private const long Start = 1_790_000_000_000_000;

    [Fact]
    public void TheGravest_IsInTheTitleAndTheFirstLine_WhatCameFirst_InALineOfItsOwn()
    {
        NoticeMessage message = Of(Warm, Burning("burning-b", 5), Burning("burning-c", 9));
        Assert.Equal("EMERGENCY, worse: bench1: thermal-runaway of burning-b (3 alarms, 3 cells)", message.Title);
        Assert.StartsWith("emergency, thermal-runaway of burning-b, since 2026-", message.Lines[0], StringComparison.Ordinal);
        Assert.Equal($"What to do: {AlarmGuidance.ActionOf("thermal-runaway")}", message.Lines[1]);
        Assert.StartsWith("First out: high, thermal-limit of warm-a, since 2026-", message.Lines[2], StringComparison.Ordinal);
        Assert.StartsWith("emergency, thermal-runaway of burning-c, since 2026-", message.Lines[3], StringComparison.Ordinal);
        Assert.EndsWith(", incident i-1", message.Lines[4], StringComparison.Ordinal);
        Assert.Equal(5, message.Lines.Count);
    }

    [Fact]
    public void OfTwoAsGrave_TheOneThatAsksIsNamed()
    {
        Alarm known = Burning("b", 5) with { State = AlarmState.Acknowledged };
        Alarm news = Burning("b", 9) with { Finding = AlarmRig.Finding("hard-short", Start + 9, FindingSeverity.Emergency) };
        Assert.StartsWith("EMERGENCY, worse: bench1: hard-short of b ", Of(known, news).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsOver_AsksNobodyToDoAnything()
    {
        NoticeMessage message = NoticeMessage.Of(Notice(Burning("b", 5)) with { Kind = NoticeKind.Returned }, TimeZoneInfo.Utc, null);
        Assert.Equal("Back to normal: bench1: thermal-runaway of b", message.Title);
        Assert.DoesNotContain("What to do", message.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WebhookTemplate.Json)]
    [InlineData(WebhookTemplate.Ntfy)]
    [InlineData(WebhookTemplate.Slack)]
    [InlineData(WebhookTemplate.Teams)]
    [InlineData(WebhookTemplate.Mattermost)]
    [InlineData(WebhookTemplate.Matrix)]
    public void EveryForm_SaysWhatToDo(object template)
    {
        byte[] body = WebhookBody.Write(new DeliveryRoute { Name = "x", Kind = RouteKind.Webhook, Template = (WebhookTemplate)template, Topic = "t" }, Of(Warm, Burning("b", 5)));
        Assert.Contains("Do not open the chamber and do not touch the cell", Words(JsonDocument.Parse(body).RootElement), StringComparison.Ordinal);
    }

    [Fact]
    public void ADigest_SaysWhatToDoAboutItsMostUrgent()
    {
        NoticeMessage message = NoticeMessage.Digest(
            "digest-1", [Notice(Warm) with { Priority = AlarmPriority.High }, Notice(Warm) with { Priority = AlarmPriority.Low }], TimeZoneInfo.Utc, null);
        Assert.Equal($"What to do about it: {AlarmGuidance.ActionOf("thermal-limit")}", message.Lines[1]);
        Assert.Equal(3, message.Lines.Count);
    }

    // All texts of a JSON body, without what the form puts before characters that act.
    private static string Words(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => string.Join(' ', json.EnumerateObject().Where(field => field.Name != "notices").Select(field => Words(field.Value))),
        JsonValueKind.Array => string.Join(' ', json.EnumerateArray().Select(Words)),
        JsonValueKind.String => json.GetString()!.Replace("\\", "", StringComparison.Ordinal),
        _ => "",
    };

    private static Alarm Warm => AlarmOf("warm-a", AlarmRig.Finding("thermal-limit", Start));

    private static Alarm Burning(string cell, long after) => AlarmOf(cell, AlarmRig.Finding("thermal-runaway", Start + after, FindingSeverity.Emergency));

    private static Alarm AlarmOf(string cell, Finding finding) => new()
    {
        Cell = cell,
        Test = cell + "@1",
        State = AlarmState.Unacknowledged,
        RaisedMicroseconds = finding.OnsetMicroseconds,
        Finding = finding,
    };

    private static NoticeMessage Of(params Alarm[] alarms) => NoticeMessage.Of(Notice(alarms), TimeZoneInfo.Utc, null);

    private static AlarmNotice Notice(params Alarm[] alarms) => new()
    {
        Key = "i-1/worse-emergency",
        Incident = "i-1",
        Kind = NoticeKind.Worse,
        Priority = AlarmPriority.Emergency,
        AtMicroseconds = Start + 10,
        Bench = "bench1",
        Alarms = alarms,
        AlarmCount = alarms.Length,
        CellCount = alarms.Select(alarm => alarm.Cell).Distinct().Count(),
    };
}
