using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// <c>GET /api/v1/cells/{cell}/standing?test=</c>: by what a test is judged (its profile with the curves that cells of its kind
/// follow), where it stands against that, and over which starts of its node it went. A viewer's.
/// </summary>
internal sealed class StandingEndpoint(GatewayServices gateway)
{
    /// <summary>Most starts of a node that are told, the newest.</summary>
    private const int MostBoots = 500;

    public Task Answer(HttpContext context, TestView test)
    {
        CellProfile profile = TestProfiles.Of(test.Record, gateway.Database, notice: null);

        // The trend is told of the test that runs on its channel: the analysis of earlier ones is not kept in memory.
        AnalysisProgress? live = gateway.State.Channels
            .FirstOrDefault(view => view.Tests.Count > 0 && view.Tests[^1].Record.Test == test.Record.Test)?.Live;
        var comparable = ComparableCycles.Of(profile, test.Cycles, test.Steps);
        var standing = new TestStanding
        {
            Profile = profile,
            SampleCount = test.Record.SampleCount,
            FirstMicroseconds = test.Record.StartMicroseconds,
            LastMicroseconds = test.Record.LastMicroseconds,
            Retention = live?.Retention ?? (comparable.Cycles.Count > 0 ? comparable.Cycles[^1].Retention : null),
            Projection = live?.Projection,
        };
        return GatewayEndpoints.Send(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("cell", test.Record.Cell);
            writer.WriteString("test", test.Record.Test);
            DetailJson.Write(writer, standing, comparable);
            writer.WritePropertyName("profileContent");
            ProfileJson.Write(writer, profile);
            WriteBoots(writer, test.Record);
            writer.WriteEndObject();
        });
    }

    private void WriteBoots(Utf8JsonWriter writer, TestRecord test)
    {
        writer.WriteStartArray("boots");
        foreach (TestSegment segment in test.Segments.Skip(Math.Max(0, test.Segments.Count - MostBoots)))
        {
            if (gateway.Journal.FindStream(new StreamId(test.Node, test.Channel, segment.Boot, FrameKind.Samples)) is not { } stream)
            {
                continue;
            }

            long start = stream.UptimeZeroMicroseconds + stream.FirstTimeMicroseconds;
            long end = stream.UptimeZeroMicroseconds + stream.LastTimeMicroseconds;
            writer.WriteStartObject();
            writer.WriteString("boot", segment.Boot.ToString("x16", CultureInfo.InvariantCulture));
            writer.WriteNumber("start", Math.Max(start, test.StartMicroseconds ?? start) / 1e6);
            writer.WriteNumber("end", Math.Min(end, test.LastMicroseconds ?? end) / 1e6);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
