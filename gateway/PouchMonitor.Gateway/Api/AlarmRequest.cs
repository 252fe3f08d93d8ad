using System.Text.Json;
using Microsoft.AspNetCore.Http;

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
internal sealed record AlarmRequest(string By, string? Note, int Seconds)
{
    private const int LongestName = 64;
    private const int LongestNote = 1000;

    /// <summary>Reads it, or says what is wrong with it.</summary>
    public static async Task<(AlarmRequest? Request, string Problem)> Read(HttpContext context, AlarmAction action)
    {
        string? by = context.User.Identity?.Name;
        string? note = null;
        int seconds = 0;
        string noteName = action == AlarmAction.Shelve ? "reason" : "note";
        try
        {
            if (context.Request.ContentLength != 0)
            {
                using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
                by ??= body.RootElement.TryGetProperty("by", out JsonElement name) ? name.GetString() : null;
                note = body.RootElement.TryGetProperty(noteName, out JsonElement text) ? text.GetString() : null;
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

        if (string.IsNullOrWhiteSpace(by) || by.Length > LongestName)
        {
            return (null, $"'by' must name who does it (1 to {LongestName} characters).");
        }

        if (note?.Length > LongestNote)
        {
            return (null, $"'{noteName}' has {note.Length} characters; it may have up to {LongestNote}.");
        }

        return action == AlarmAction.Shelve && string.IsNullOrWhiteSpace(note)
            ? (null, $"'reason' must say why the alarm is shelved (1 to {LongestNote} characters).")
            : (new AlarmRequest(by.Trim(), note, seconds), "");
    }
}
