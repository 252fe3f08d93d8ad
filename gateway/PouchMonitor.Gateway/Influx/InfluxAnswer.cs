using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PouchMonitor.Gateway.Influx;

/// <summary>Reads what a server's answer means for a batch.</summary>
public static partial class InfluxAnswer
{
    private const int LongestReason = 300;

    /// <summary>Longest pause that a server may ask for; beyond it, it is asked again.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <param name="status">HTTP status.</param>
    /// <param name="body">What came with it, or the beginning of that.</param>
    /// <param name="retryAfter">Pause the server asks for.</param>
    public static InfluxWriteResult Read(HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        int code = (int)status;
        if (code is >= 200 and < 300)
        {
            return InfluxWriteResult.Accepted;
        }

        string reason = FormattableString.Invariant($"HTTP {code}: {Short(body)}");
        switch (status)
        {
            case HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity:
                return Refused(body, reason);
            case HttpStatusCode.RequestEntityTooLarge:
                return new InfluxWriteResult(InfluxOutcome.SomethingRefused) { Reason = reason };
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return new InfluxWriteResult(InfluxOutcome.NotAllowed)
                {
                    Reason = $"The server does not accept the token or the user ({reason}).", RetryAfter = Bounded(retryAfter),
                };
            case HttpStatusCode.NotFound:
                return new InfluxWriteResult(InfluxOutcome.NotAllowed)
                {
                    Reason = $"The server has no such database, bucket or address ({reason}).", RetryAfter = Bounded(retryAfter),
                };
            default:
                return new InfluxWriteResult(InfluxOutcome.TryLater) { Reason = reason, RetryAfter = Bounded(retryAfter) };
        }
    }

    /// <summary>What a body says, for a person: its error or message field, or its beginning.</summary>
    public static string Short(string body)
    {
        string text = body;
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                text = Field(json.RootElement, "message") ?? Field(json.RootElement, "error") ?? body;
            }
        }
        catch (JsonException)
        {
            // Not JSON: as it is.
        }

        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length <= LongestReason ? text : text[..LongestReason];
    }

    private static TimeSpan? Bounded(TimeSpan? pause) =>
        pause is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestPause.Ticks)) : null;

    private static InfluxWriteResult Refused(string body, string reason)
    {
        if (Named(body) is { Count: > 0 } lines)
        {
            return new InfluxWriteResult(InfluxOutcome.LinesRefused) { Reason = reason, Lines = lines };
        }

        Match dropped = Dropped().Match(body);
        return new InfluxWriteResult(InfluxOutcome.SomethingRefused)
        {
            Reason = reason,
            RefusedCount = dropped.Success && int.TryParse(dropped.Groups["count"].Value, CultureInfo.InvariantCulture, out int count) ? count : null,
        };
    }

    // InfluxDB 3: {"error":"partial write of line protocol occurred","data":[{"line_number":2,"error_message":"...",...}]}
    private static List<RefusedLine> Named(string body)
    {
        List<RefusedLine> lines = [];
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || Field(json.RootElement, "error")?.StartsWith("partial write", StringComparison.Ordinal) != true
                || !json.RootElement.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array)
            {
                return lines;
            }

            foreach (JsonElement line in data.EnumerateArray())
            {
                if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("line_number", out JsonElement number)
                    || !number.TryGetInt32(out int place) || place < 1)
                {
                    return [];
                }

                lines.Add(new RefusedLine(place - 1, Short(Field(line, "error_message") ?? "refused")));
            }
        }
        catch (JsonException)
        {
            lines.Clear();
        }

        return lines;
    }

    private static string? Field(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // InfluxDB 1 and 2: "partial write: points beyond retention policy dropped=3"
    [GeneratedRegex(@"partial write:.*dropped=(?<count>\d+)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Dropped();
}
