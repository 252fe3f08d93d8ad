using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery.Webhook;

/// <summary>
/// JSON of one's own with placeholders inside its strings, such as <c>{"msg": "{{title}}"}</c>. What takes their place is escaped
/// for a JSON string and cannot end it.
/// </summary>
internal static class CustomTemplate
{
    public static readonly string[] Names = ["key", "incident", "kind", "priority", "bench", "title", "text", "time", "link", "mayBeRepeat"];

    private const string Sample = "\"}],\\ \n<&>'{{title}}";

    public static string Fill(string template, NoticeMessage message) => Fill(template, name => name switch
    {
        "key" => message.Key,
        "incident" => message.Incident,
        "kind" => WebhookBody.KindOf(message.Kind),
        "priority" => AlarmPriorities.NameOf(message.Priority),
        "bench" => message.Bench,
        "title" => message.Title,
        "text" => message.Text,
        "time" => WebhookBody.Time(message.AtMicroseconds),
        "link" => message.Link ?? "",
        _ => message.MayBeRepeat ? "true" : "false",
    });

    /// <summary>What is wrong with a template; null where nothing is.</summary>
    public static string? Problem(string template)
    {
        for (int at = template.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = template.IndexOf("{{", at + 2, StringComparison.Ordinal))
        {
            int end = template.IndexOf("}}", at, StringComparison.Ordinal);
            string name = end < 0 ? template[(at + 2)..] : template[(at + 2)..end];
            if (end < 0 || Array.IndexOf(Names, name) < 0)
            {
                return $"'{{{{{DeliveryText.Shorten(name, 30)}}}}}' is none of the placeholders {string.Join(", ", Names)}.";
            }
        }

        try
        {
            // A value that would end a string, where it could, shows that each placeholder stands inside one.
            using JsonDocument filled = JsonDocument.Parse(Fill(template, static _ => Sample));
            return null;
        }
        catch (JsonException error)
        {
            return $"with its placeholders filled it is not JSON, line {(error.LineNumber ?? 0) + 1}; a placeholder stands inside a string.";
        }
    }

    // In one pass: what takes the place of one is not looked at again.
    private static string Fill(string template, Func<string, string> value)
    {
        StringBuilder filled = new(template.Length * 2);
        int from = 0;
        while (template.IndexOf("{{", from, StringComparison.Ordinal) is var at and >= 0
            && template.IndexOf("}}", at, StringComparison.Ordinal) is var end and >= 0)
        {
            filled.Append(template, from, at - from).Append(JsonEncodedText.Encode(value(template[(at + 2)..end])).Value);
            from = end + 2;
        }

        return filled.Append(template, from, template.Length - from).ToString();
    }
}
