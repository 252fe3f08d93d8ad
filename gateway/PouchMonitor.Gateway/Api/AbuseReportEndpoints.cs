using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// What stands up in a review: <c>GET /abuse/{id}/report</c> and <c>GET /abuse/report?ids=A,B</c> as pages that need nothing else, and
/// <c>GET /abuse/{id}/archive</c>, a zip of record, report, attachments and the archive of the recorded test.
/// </summary>
internal sealed class AbuseReportEndpoints(GatewayServices gateway)
{
    private const int TracePoints = 4000;
    private const int MostImages = 500;
    private const double ImagesFromS = 1;

    // Of a page that brings its own style and no script, and is shown for itself.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Each reads a test whole; more at once would only wait for the disk.
    private readonly SemaphoreSlim turn = new(1);
    private readonly AbuseFiles files = new(gateway.Options.DataDirectory);

    private AbuseDesk Desk => gateway.Abuse!;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/abuse/report", context => AbuseAnswers.Guard(context, () => SideBySide(context)));
        api.MapGet("/abuse/{id}/report", context => AbuseAnswers.Guard(context, () => Report(context)));
        api.MapGet("/abuse/{id}/archive", context => AbuseAnswers.Guard(context, () => Archive(context)));
    }

    private async Task Report(HttpContext context)
    {
        AbuseReportInput input = await Input((string)context.Request.RouteValues["id"]!, context.RequestAborted);
        await SendPage(context, page => AbuseReport.Write(page, input, DateTimeOffset.UtcNow));
    }

    private async Task SideBySide(HttpContext context)
    {
        string[] ids = [.. context.Request.Query["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        if (ids.Length is < 2 or > AbuseComparisonReport.MostTests)
        {
            throw SetupRefusal.Bad($"ids names {ids.Length} tests, separated by commas; 2 to {AbuseComparisonReport.MostTests} are laid side by side.");
        }

        List<AbuseReportInput> inputs = [];
        foreach (string id in ids)
        {
            inputs.Add(await Input(id, context.RequestAborted));
        }

        await SendPage(context, page => AbuseComparisonReport.Write(page, inputs, DateTimeOffset.UtcNow));
    }

    private async Task Archive(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        AbuseReportInput input = await Input(id, context.RequestAborted);
        await turn.WaitAsync(context.RequestAborted);
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-abuse-").FullName;
        try
        {
            string path = Path.Combine(folder, "abuse.zip");
            await Task.Run(() => Write(path, folder, input, context.RequestAborted), context.RequestAborted);
            context.Response.ContentType = "application/zip";
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"abuse-{id}.zip\"";
            context.Response.ContentLength = new FileInfo(path).Length;
            await context.Response.SendFileAsync(path, context.RequestAborted);
        }
        catch (InvalidDataException fault)
        {
            throw SetupRefusal.Unavailable($"The archive could not be made: {fault.Message}");
        }
        finally
        {
            turn.Release();
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Write(string path, string folder, AbuseReportInput input, CancellationToken cancellation)
    {
        List<(string Name, string Path)> raw = [];
        if (input.Record.Test is { } test)
        {
            string samples = Path.Combine(folder, "test.zip");
            using DataView data = DataView.Open(gateway.Options.DataDirectory);
            TestArchiveWriter.Write(data, data.Find(input.Record.Cell, test), samples, cancellation);
            raw.Add((AbuseArchive.TestName, samples));
        }

        string images = Path.Combine(folder, "images.csv.gz");
        if (AbuseImageTable.Write(images, new AbuseReplay(gateway.Journal, gateway.Nodes.Calibrations).AllImages(input.Record, cancellation)) > 0)
        {
            raw.Add((AbuseArchive.ImagesName, images));
        }

        using FileStream file = new(path, FileMode.CreateNew, FileAccess.ReadWrite);
        using ZipArchive zip = new(file, ZipArchiveMode.Create);
        AbuseArchive.Write(zip, input, DateTimeOffset.UtcNow, raw);
    }

    private async Task<AbuseReportInput> Input(string id, CancellationToken cancellation)
    {
        AbuseRecord record = Desk.Book.Read(id) ?? throw SetupRefusal.Missing($"There is no abuse test '{id}'.");
        WatchFeed feed = await Desk.Cache.FindAsync(id, cancellation) ?? throw SetupRefusal.Missing($"There is no abuse test '{id}'.");
        IReadOnlyList<AbuseTrace> traces;
        lock (feed.Gate)
        {
            traces = feed.Watch.Traces.Since(double.NegativeInfinity, TracePoints);
        }

        IReadOnlyList<AbuseImage> images = await Task.Run(() => new AbuseReplay(gateway.Journal, gateway.Nodes.Calibrations)
            .Images(record, record.TriggeredAt - ImagesFromS, MostImages, cancellation), cancellation);
        return new AbuseReportInput(record, traces, images, attachment => Content(id, attachment));
    }

    private byte[]? Content(string id, AbuseAttachment attachment)
    {
        string path = files.PathOf(id, attachment.Id);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    private static async Task SendPage(HttpContext context, Action<TextWriter> write)
    {
        using MemoryStream page = new();
        await using (StreamWriter writer = new(page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true))
        {
            write(writer);
        }

        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.Body.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), context.RequestAborted);
    }
}
