using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Photos, videos, PDFs and texts of a test: <c>POST /abuse/{id}/attachments?name=&amp;text=</c> with the bytes as they are, and
/// <c>GET /abuse/{id}/attachments/{n}</c>.
/// </summary>
internal sealed class AbuseFileEndpoints(GatewayServices gateway)
{
    private const int LongestText = 1000;

    private AbuseFiles Files { get; } = new(gateway.Options.DataDirectory);

    private AbuseDesk Desk => gateway.Abuse!;

    public void Map(IEndpointRouteBuilder api)
    {
        Files.Clean();
        api.MapPost("/abuse/{id}/attachments", context => AbuseAnswers.Guard(context, () => Add(context))).Needs(Role.Operator);
        api.MapGet("/abuse/{id}/attachments/{number}", context => AbuseAnswers.Guard(context, () => Show(context)));
    }

    private async Task Add(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        string name = Name(context.Request.Query["name"]);
        string? text = context.Request.Query["text"];
        AbuseNotes.RequireLength("text", text, LongestText);
        if (await RequestBody.Person(context, context.Request.Query["by"]) is not { } person)
        {
            return;
        }

        string mediaType = MediaTypes.Plain(context.Request.ContentType);
        await Desk.Do(() => Check(Desk.Book.Need(id).Record));
        if (context.Request.ContentLength > AbuseFiles.MostBytes)
        {
            throw SetupRefusal.TooLarge($"The file has {context.Request.ContentLength} bytes, {AbuseFiles.MostBytes} are the most.");
        }

        // One byte more shows that it is too long.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = AbuseFiles.MostBytes + 1;
        (string passing, long bytes, string sha256) = await Files.ReceiveAsync(id, mediaType, context.Request.Body, context.RequestAborted);
        try
        {
            await AbuseAnswers.Send(context, await Desk.Act(id, person, "abuse.attach", name, session =>
            {
                AbuseRecord record = Check(session.Record);
                AbuseAttachment added = new(record.Attachments.Select(one => one.Id).DefaultIfEmpty(0).Max() + 1, name, mediaType, bytes, sha256, text, person, Desk.NowS);
                Files.Keep(id, added.Id, passing);
                return (record with { Attachments = [.. record.Attachments, added] })
                    .With(Desk.NowS, AbuseLog.Note, string.Create(CultureInfo.InvariantCulture, $"Attached '{name}' ({bytes} bytes)"), person);
            }));
        }
        finally
        {
            File.Delete(passing);
        }
    }

    private static AbuseRecord Check(AbuseRecord record)
    {
        AbuseMoves.RequireChangeable(record);
        return record.Attachments.Count < AbuseFiles.MostFiles ? record
            : throw SetupRefusal.Conflict($"{record.Id} has {record.Attachments.Count} attachments, {AbuseFiles.MostFiles} are the most.");
    }

    private async Task Show(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        AbuseAttachment? found = int.TryParse((string?)context.Request.RouteValues["number"], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? Desk.Book.Read(id)?.Attachments.FirstOrDefault(one => one.Id == number) : null;
        if (found is null || !File.Exists(Files.PathOf(id, found.Id)))
        {
            throw SetupRefusal.Missing("There is no such attachment.");
        }

        if (Conditional.IsUnchanged(context, Conditional.Tag(found.Sha256)))
        {
            return;
        }

        ContentDispositionHeaderValue disposition = new(MediaTypes.IsImage(found.MediaType) ? "inline" : "attachment");
        disposition.SetHttpFileName(found.Name);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.ContentType = found.MediaType.StartsWith("text/", StringComparison.Ordinal) ? found.MediaType + "; charset=utf-8" : found.MediaType;
        context.Response.ContentLength = found.SizeBytes;
        await context.Response.SendFileAsync(Files.PathOf(id, found.Id), context.RequestAborted);
    }

    // Only what may be a file's name anywhere; it is a label, and never a path of ours.
    private static string Name(string? asked)
    {
        string name = new([.. (asked ?? "").Trim().Select(letter => char.IsControl(letter) || "/\\:*?\"<>|".Contains(letter, StringComparison.Ordinal) || char.IsSurrogate(letter) ? '_' : letter)]);
        return name.Length is >= 1 and <= AbuseFiles.LongestName ? name
            : throw SetupRefusal.Bad($"'name' must have 1 to {AbuseFiles.LongestName} characters.");
    }
}
