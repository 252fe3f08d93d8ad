using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Delivery.Webhook;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>Each template has the form that its receiver documents, and words in it stay words.</summary>
public class TemplateTests
{
    private const string Hostile = "<!channel> @channel [x](https://evil) *b* \"}]\\ <script>alert(1)</script> & {{title}}";

    internal static NoticeMessage Message(string text, AlarmPriority priority = AlarmPriority.High, NoticeKind kind = NoticeKind.Raised) => new()
    {
        Key = "i-1/1",
        Incident = "i-1",
        Title = $"HIGH: bench-1: {text}",
        Lines = [text, "second line"],
        Priority = priority,
        Kind = kind,
        Bench = "bench-1",
        AtMicroseconds = 1_790_000_000_000_000,
        Link = "https://lab.example/#/alarms",
    };

    [Fact]
    public void Slack_EscapesTheThreeCharactersThatAct()
    {
        JsonElement body = Write(WebhookTemplate.Slack, Message(Hostile));
        Assert.Contains("&lt;!channel&gt;", body.GetProperty("text").GetString(), StringComparison.Ordinal);
        JsonElement[] blocks = [.. body.GetProperty("blocks").EnumerateArray()];
        Assert.Equal(("header", "plain_text"), (blocks[0].GetProperty("type").GetString(), blocks[0].GetProperty("text").GetProperty("type").GetString()));
        Assert.InRange(blocks[0].GetProperty("text").GetProperty("text").GetString()!.Length, 1, 150);
        JsonElement section = blocks[1].GetProperty("text");
        Assert.Equal(("mrkdwn", true), (section.GetProperty("type").GetString(), section.GetProperty("verbatim").GetBoolean()));
        Assert.DoesNotContain('<', section.GetProperty("text").GetString()!);
        Assert.Contains("&amp; {{title}}", section.GetProperty("text").GetString(), StringComparison.Ordinal);
        string huge = Write(WebhookTemplate.Slack, Message(new string('<', 9000))).GetProperty("blocks")[1].GetProperty("text").GetProperty("text").GetString()!;
        Assert.InRange(huge.Length, 1000, 3000);
    }

    [Fact]
    public void Teams_IsAnAdaptiveCardOfTextRuns()
    {
        JsonElement attachment = Write(WebhookTemplate.Teams, Message(Hostile)).GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        JsonElement card = attachment.GetProperty("content");
        Assert.Equal(("AdaptiveCard", "1.4"), (card.GetProperty("type").GetString(), card.GetProperty("version").GetString()));
        Assert.All(card.GetProperty("body").EnumerateArray(), block => Assert.Equal("RichTextBlock", block.GetProperty("type").GetString()));
        Assert.Equal(Hostile, card.GetProperty("body")[1].GetProperty("inlines")[0].GetProperty("text").GetString());
        Assert.Equal("https://lab.example/#/alarms", card.GetProperty("actions")[0].GetProperty("url").GetString());
        Assert.InRange(Bytes(WebhookTemplate.Teams, Message(new string('€', 30_000))).Length, 1000, 28 * 1024);
    }

    [Fact]
    public void Mattermost_EscapesMarkdownAndCallsNobody()
    {
        string text = Write(WebhookTemplate.Mattermost, Message(Hostile)).GetProperty("text").GetString()!;
        Assert.DoesNotContain("@channel", text, StringComparison.Ordinal);
        Assert.Contains("\\[x\\]\\(https", text, StringComparison.Ordinal);
        Assert.Contains("\\*b\\*", text, StringComparison.Ordinal);
        Assert.EndsWith("\nhttps://lab.example/#/alarms", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AlarmPriority.High, false)]
    [InlineData(AlarmPriority.Emergency, true)]
    public void Matrix_EscapesHtml_AndCallsTheRoomInAnEmergencyOnly(AlarmPriority priority, bool calls)
    {
        JsonElement body = Write(WebhookTemplate.Matrix, Message(Hostile, priority));
        Assert.Equal(("m.text", "org.matrix.custom.html"), (body.GetProperty("msgtype").GetString(), body.GetProperty("format").GetString()));
        Assert.Contains("&lt;script&gt;", body.GetProperty("formatted_body").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", body.GetProperty("formatted_body").GetString(), StringComparison.Ordinal);
        Assert.Equal(calls, body.GetProperty("m.mentions").TryGetProperty("room", out _));
    }

    [Theory]
    [InlineData(AlarmPriority.Low, NoticeKind.Raised, 2)]
    [InlineData(AlarmPriority.Emergency, NoticeKind.Raised, 5)]
    [InlineData(AlarmPriority.Emergency, NoticeKind.Returned, 3)]
    public void Ntfy_RingsByPriority(AlarmPriority priority, NoticeKind kind, int expected)
    {
        JsonElement body = Write(WebhookTemplate.Ntfy, Message(Hostile, priority, kind));
        Assert.Equal(("lab-alarms", expected), (body.GetProperty("topic").GetString(), body.GetProperty("priority").GetInt32()));
        Assert.Contains(Hostile, body.GetProperty("message").GetString(), StringComparison.Ordinal);
        string huge = Write(WebhookTemplate.Ntfy, Message(new string('€', 9000))).GetProperty("message").GetString()!;
        Assert.InRange(Encoding.UTF8.GetByteCount(huge), 2000, 4096);
    }

    [Fact]
    public void Custom_KeepsHostileWordsInsideItsStrings_AndFillsOnce()
    {
        DeliveryRoute route = new() { Name = "hook", Template = WebhookTemplate.Custom, Body = """{"a":"[{{priority}}] {{title}}","b":["{{key}}"],"c":"{{time}}"}""" };
        Assert.Null(CustomTemplate.Problem(route.Body!));
        using JsonDocument body = JsonDocument.Parse(WebhookBody.Write(route, Message(Hostile)));
        Assert.Equal($"[high] HIGH: bench-1: {Hostile}", body.RootElement.GetProperty("a").GetString());
        Assert.Equal("2026-09-21T14:13:20Z", body.RootElement.GetProperty("c").GetString());
    }

    [Theory]
    [InlineData("""{"a": {{title}}}""", "not JSON")]
    [InlineData("""{"a": "{{nothing}}"}""", "'{{nothing}}' is none of the placeholders")]
    [InlineData("""{"a": "{{title"}""", "is none of the placeholders")]
    [InlineData("hello", "not JSON")]
    public void Custom_ThatCannotBe_IsNamed(string template, string expected) =>
        Assert.Contains(expected, CustomTemplate.Problem(template), StringComparison.Ordinal);

    [Fact]
    public async Task Json_HoldsTheAlarmsWhole()
    {
        await using DeliveryRig rig = new();
        AlarmNotice notice = rig.Notice("i-1/2", AlarmPriority.Emergency, NoticeKind.Worse);
        JsonElement body = Write(WebhookTemplate.Json, NoticeMessage.Of(notice, TimeZoneInfo.Utc, "https://lab.example"));
        Assert.Equal("EMERGENCY, worse: bench-1: voltage-limit of c1", body.GetProperty("title").GetString());
        Assert.Equal(("worse", "emergency", "https://lab.example/#/alarms"),
            (body.GetProperty("kind").GetString(), body.GetProperty("priority").GetString(), body.GetProperty("link").GetString()));
        Assert.Equal("c1", body.GetProperty("notices")[0].GetProperty("alarms")[0].GetProperty("cell").GetString());
        Assert.Contains("2025-11-20 23:59:58 UTC: Voltage at 4.41 V", body.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static byte[] Bytes(WebhookTemplate template, NoticeMessage message) =>
        WebhookBody.Write(new DeliveryRoute { Name = "hook", Template = template, Topic = "lab-alarms" }, message);

    private static JsonElement Write(WebhookTemplate template, NoticeMessage message)
    {
        using JsonDocument document = JsonDocument.Parse(Bytes(template, message));
        return document.RootElement.Clone();
    }
}
