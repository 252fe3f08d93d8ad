using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Api;

/// <summary>What a person may do with an alarm.</summary>
internal enum AlarmAction
{
    Acknowledge = 0,
    Shelve = 1,
    Unshelve = 2,
    Reset = 3,
}

/// <summary>The body of such a request, checked.</summary>
/// <param name="By">Who: the person signed in, in an open trial who the body names.</param>
/// <param name="Note">Note or reason; null where there is none.</param>
/// <param name="Seconds">How long to shelve, seconds.</param>
/// <param name="Test">Which test's alarm is meant; null for the newest of the cell's rule.</param>
/// <param name="Seen">What of an incident was seen; null where the body does not say.</param>
internal sealed record AlarmRequest(string By, string? Note, int Seconds, string? Test, IReadOnlyList<SeenAlarm>? Seen)
{
    /// <summary>Most alarms of an incident named in one request; more need several.</summary>
    public const int MostSeen = 1000;

    private const int LongestNote = 1000;

    /// <summary>Reads it, or says what is wrong with it.</summary>
    public static async Task<(AlarmRequest? Request, string Problem)> Read(HttpContext context, AlarmAction action)
    {
        string? by = null;
        string? note = null;
        int seconds = 0;
        string? test = null;
        List<SeenAlarm>? seen = null;
        string noteName = action == AlarmAction.Shelve ? "reason" : "note";
        try
        {
            if (context.Request.ContentLength != 0)
            {
                using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
                by = body.RootElement.TryGetProperty("by", out JsonElement name) ? name.GetString() : null;
                note = body.RootElement.TryGetProperty(noteName, out JsonElement text) ? text.GetString() : null;
                test = body.RootElement.TryGetProperty("test", out JsonElement named) ? named.GetString() : null;
                if (body.RootElement.TryGetProperty("seen", out JsonElement list))
                {
                    if (SeenIn(list) is not { } read)
                    {
                        return (null, $"'seen' must be up to {MostSeen} of {{\"test\":\"name\",\"rule\":\"name\",\"severity\":\"warning\",\"raisedAt\":seconds}}, as the alarms have them.");
                    }

                    seen = read;
                }

                if (action == AlarmAction.Shelve && !(body.RootElement.TryGetProperty("seconds", out JsonElement number) && number.TryGetInt32(out seconds)))
                {
                    return (null, "'seconds' must be a whole number: how long the alarm is to be shelved.");
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return (null, $"The body is not JSON of the form {{\"by\":\"name\",\"{noteName}\":\"text\"{(action == AlarmAction.Shelve ? ",\"seconds\":3600" : "")}}}.");
        }

        (string? person, string problem) = RequestBody.PersonOf(context, by);
        if (person is null)
        {
            return (null, problem);
        }

        if (note?.Length > LongestNote)
        {
            return (null, $"'{noteName}' has {note.Length} characters; it may have up to {LongestNote}.");
        }

        return action == AlarmAction.Shelve && string.IsNullOrWhiteSpace(note)
            ? (null, $"'reason' must say why the alarm is shelved (1 to {LongestNote} characters).")
            : (new AlarmRequest(person, note, seconds, test, seen), "");
    }

    // Null where it is something else.
    private static List<SeenAlarm>? SeenIn(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostSeen)
        {
            return null;
        }

        List<SeenAlarm> seen = [];
        foreach (JsonElement one in list.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Object
                || !one.TryGetProperty("test", out JsonElement test) || test.ValueKind != JsonValueKind.String
                || !one.TryGetProperty("rule", out JsonElement rule) || rule.ValueKind != JsonValueKind.String
                || !one.TryGetProperty("severity", out JsonElement severity) || severity.ValueKind != JsonValueKind.String
                || !one.TryGetProperty("raisedAt", out JsonElement raised) || raised.ValueKind != JsonValueKind.Number
                || !raised.TryGetDouble(out double seconds) || !(Math.Abs(seconds) < 1e12))
            {
                return null;
            }

            FindingSeverity[] named = [.. Enum.GetValues<FindingSeverity>().Where(known => AnalysisJson.NameOf(known) == severity.GetString())];
            if (named.Length != 1)
            {
                return null;
            }

            seen.Add(new SeenAlarm(test.GetString()!, rule.GetString()!, named[0], (long)Math.Round(seconds * 1e6)));
        }

        return seen;
    }
}
