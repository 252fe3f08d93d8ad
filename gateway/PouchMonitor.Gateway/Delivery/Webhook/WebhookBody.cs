using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Delivery.Webhook;

/// <summary>
/// A message in the form that its receiver documents. Words from cells, nodes and people are text in each of them: they cannot
/// become markup, links or calls upon a whole channel.
/// </summary>
internal static class WebhookBody
{
    private const int HeaderCharacters = 150;
    private const int SlackSectionCharacters = 2900;
    private const int MattermostCharacters = 7000;
    private const int TeamsBytes = 20_000;
    private const int TeamsLineCharacters = 1000;
    private const int MatrixBytes = 16_000;
    private const int NtfyTitleBytes = 240;
    private const int NtfyMessageBytes = 3500;

    public static byte[] Write(DeliveryRoute route, NoticeMessage message) => route.Template switch
    {
        WebhookTemplate.Slack => JsonBytes.Write(writer => Slack(writer, message)),
        WebhookTemplate.Teams => JsonBytes.Write(writer => Teams(writer, message)),
        WebhookTemplate.Mattermost => JsonBytes.Write(writer => Mattermost(writer, message)),
        WebhookTemplate.Matrix => JsonBytes.Write(writer => Matrix(writer, message)),
        WebhookTemplate.Ntfy => JsonBytes.Write(writer => Ntfy(writer, message, route.Topic ?? "")),
        WebhookTemplate.Custom => Encoding.UTF8.GetBytes(CustomTemplate.Fill(route.Body ?? "", message)),
        _ => JsonBytes.Write(writer => Plain(writer, message)),
    };

    /// <summary>Everything, for programs (<c>shared/schemas/alarm-webhook.schema.json</c>).</summary>
    private static void Plain(Utf8JsonWriter writer, NoticeMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("key", message.Key);
        writer.WriteString("incident", message.Incident);
        writer.WriteString("kind", KindOf(message.Kind));
        writer.WriteString("priority", AlarmPriorities.NameOf(message.Priority));
        writer.WriteNumber("at", message.AtMicroseconds / 1e6);
        writer.WriteString("bench", message.Bench);
        writer.WriteString("title", message.Title);
        writer.WriteString("text", message.Text);
        writer.WriteString("link", message.Link);
        writer.WriteBoolean("test", message.IsTest);
        writer.WriteBoolean("mayBeRepeat", message.MayBeRepeat);
        writer.WriteBoolean("mayComeAgain", message.IsUnrecorded);
        writer.WriteStartArray("notices");
        foreach (AlarmNotice notice in message.Notices)
        {
            writer.WriteStartObject();
            writer.WriteString("key", notice.Key);
            writer.WriteString("incident", notice.Incident);
            writer.WriteString("kind", KindOf(notice.Kind));
            writer.WriteString("priority", AlarmPriorities.NameOf(notice.Priority));
            writer.WriteNumber("at", notice.AtMicroseconds / 1e6);
            writer.WriteString("bench", notice.Bench);
            writer.WriteNumber("alarmCount", notice.AlarmCount);
            writer.WriteNumber("cellCount", notice.CellCount);
            writer.WriteNumber("escalation", notice.Escalation);
            writer.WriteString("person", notice.Person);
            writer.WriteStartArray("alarms");
            foreach (Alarm alarm in notice.Alarms.Take(AlarmNotice.MostShown))
            {
                AlarmJson.Write(writer, alarm);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Incoming webhooks of Slack: text for notifications, blocks to look at; & < > are the only characters that act.
    private static void Slack(Utf8JsonWriter writer, NoticeMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("text", SlackText(message.Title, SlackSectionCharacters));
        writer.WriteStartArray("blocks");
        writer.WriteStartObject();
        writer.WriteString("type", "header");
        writer.WriteStartObject("text");
        writer.WriteString("type", "plain_text");
        writer.WriteString("text", DeliveryText.Shorten(message.Title, HeaderCharacters));
        writer.WriteBoolean("emoji", false);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("type", "section");
        writer.WriteStartObject("text");
        writer.WriteString("type", "mrkdwn");
        writer.WriteString("text", SlackText(message.Text, SlackSectionCharacters));
        writer.WriteBoolean("verbatim", true);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // A message of a Teams workflow: an adaptive card. Text runs are not read as markdown, text blocks would be.
    private static void Teams(Utf8JsonWriter writer, NoticeMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "message");
        writer.WriteStartArray("attachments");
        writer.WriteStartObject();
        writer.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        writer.WriteNull("contentUrl");
        writer.WriteStartObject("content");
        writer.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        writer.WriteString("type", "AdaptiveCard");
        writer.WriteString("version", "1.4");
        writer.WriteStartArray("body");
        TeamsLine(writer, DeliveryText.Shorten(message.Title, HeaderCharacters), isTitle: true, message.Priority);
        int left = TeamsBytes;
        foreach (string line in message.AllLines.Select(line => DeliveryText.Shorten(line, TeamsLineCharacters)))
        {
            left -= JsonEncodedText.Encode(line).EncodedUtf8Bytes.Length;
            if (left < 0)
            {
                break;
            }

            TeamsLine(writer, line, isTitle: false, message.Priority);
        }

        writer.WriteEndArray();
        if (message.Link is not null)
        {
            writer.WriteStartArray("actions");
            writer.WriteStartObject();
            writer.WriteString("type", "Action.OpenUrl");
            writer.WriteString("title", "Open the alarm desk");
            writer.WriteString("url", message.Link);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void TeamsLine(Utf8JsonWriter writer, string text, bool isTitle, AlarmPriority priority)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "RichTextBlock");
        writer.WriteStartArray("inlines");
        writer.WriteStartObject();
        writer.WriteString("type", "TextRun");
        writer.WriteString("text", text);
        if (isTitle)
        {
            writer.WriteString("weight", "bolder");
            writer.WriteString("size", "medium");
            writer.WriteString("color", priority >= AlarmPriority.High ? "attention" : "default");
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Mattermost(Utf8JsonWriter writer, NoticeMessage message)
    {
        string text = $"**{Markdown(message.Title)}**\n{string.Join('\n', message.AllLines.Where(line => line != message.Link).Select(Markdown))}";
        writer.WriteStartObject();
        writer.WriteString("username", "PouchMonitor");
        writer.WriteString("text", DeliveryText.Shorten(text, MattermostCharacters) + (message.Link is null ? "" : "\n" + message.Link));
        writer.WriteEndObject();
    }

    private static void Matrix(Utf8JsonWriter writer, NoticeMessage message)
    {
        string plain = DeliveryText.ShortenToBytes(message.Text, MatrixBytes);
        writer.WriteStartObject();
        writer.WriteString("msgtype", "m.text");
        writer.WriteString("body", $"{message.Title}\n{plain}");
        writer.WriteString("format", "org.matrix.custom.html");
        writer.WriteString("formatted_body",
            $"<strong>{DeliveryText.Html(message.Title)}</strong><br>{DeliveryText.Html(plain).Replace("\n", "<br>", StringComparison.Ordinal)}");
        writer.WriteStartObject("m.mentions");
        if (Routing.NothingSilences(message.Priority))
        {
            writer.WriteBoolean("room", true);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Ntfy(Utf8JsonWriter writer, NoticeMessage message, string topic)
    {
        bool isOver = message.Kind is NoticeKind.Acknowledged or NoticeKind.Returned;
        writer.WriteStartObject();
        writer.WriteString("topic", topic);
        writer.WriteString("title", DeliveryText.ShortenToBytes(message.Title, NtfyTitleBytes));
        writer.WriteString("message", DeliveryText.ShortenToBytes(message.Text, NtfyMessageBytes));

        // 1 to 5: what is over does not ring like what begins.
        writer.WriteNumber("priority", isOver ? 3 : (int)message.Priority + 2);
        writer.WriteStartArray("tags");
        writer.WriteStringValue(isOver ? "white_check_mark" : message.Priority >= AlarmPriority.High ? "rotating_light" : "warning");
        writer.WriteEndArray();
        if (message.Link is not null)
        {
            writer.WriteString("click", message.Link);
        }

        writer.WriteEndObject();
    }

    internal static string KindOf(NoticeKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string SlackText(string text, int most)
    {
        string escaped = text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        string shown = text;
        while (escaped.Length > most)
        {
            shown = DeliveryText.Shorten(shown, Math.Max(2, shown.Length * 9 / 10));
            escaped = SlackText(shown, int.MaxValue);
        }

        return escaped;
    }

    // Backslashes before everything that acts; a zero-width space keeps @channel and @all from calling anybody.
    private static string Markdown(string text)
    {
        StringBuilder escaped = new(text.Length + 16);
        foreach (char c in text)
        {
            if ("\\`*_{}[]()#+-.!|~<>:".Contains(c, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
            if (c == '@')
            {
                escaped.Append('\u200B');
            }
        }

        return escaped.ToString();
    }

    internal static string Time(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
