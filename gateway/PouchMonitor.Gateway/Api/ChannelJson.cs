using System.Text.Json;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// The JSON of a channel as the set-up page shows it: what holds for its next test, what somebody set, and the test that runs,
/// which keeps what it began with.
/// </summary>
internal static class ChannelJson
{
    public static void Write(Utf8JsonWriter writer, GatewayServices gateway, string node, string channel, ChannelView? view)
    {
        TestSetup setup = gateway.Setup;
        Assignment? last = setup.Assignments.Last(node, channel);
        Assignment? now = setup.Assignments.Now(node, channel);
        TestSetting next = setup.Now(node, channel);
        writer.WriteStartObject();
        writer.WriteString("node", node);
        writer.WriteString("channel", channel);
        writer.WriteString("label", gateway.Nodes.LabelOf(node, channel));
        writer.WriteString("cell", next.Cell);
        writer.WriteString("profile", next.ProfileName);
        writer.WriteString("bench", setup.BenchOf(node, channel));
        writer.WriteString("test", view?.Running?.Test);
        writer.WriteStartObject("limits");
        foreach ((string name, double value) in now?.Limits ?? new Dictionary<string, double>(StringComparer.Ordinal))
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteEndObject();
        writer.WriteString("note", last?.Note);
        writer.WriteString("confirm", last?.Confirm);
        WriteTime(writer, "changedAt", last?.ChangedMicroseconds);
        writer.WriteString("changedBy", last?.Person);
        writer.WriteBoolean("assigned", now is not null);
        writer.WriteString("assignedProfile", now?.Profile);
        writer.WriteString("assignedBench", now?.Bench);
        writer.WriteString("profileHash", StoredProfile.Of(next.Profile).Hash);
        writer.WriteBoolean("online", gateway.Nodes.Find(node)?.IsOnline ?? view is not null);
        WriteTime(writer, "receivedAt", view is { HasSample: true } ? view.ReceivedMicroseconds : null);
        writer.WritePropertyName("running");
        WriteRunning(writer, view?.Running);
        writer.WriteEndObject();
    }

    private static void WriteRunning(Utf8JsonWriter writer, TestRecord? test)
    {
        if (test is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("test", test.Test);
        writer.WriteString("cell", test.Cell);
        writer.WriteString("profile", test.Profile);
        writer.WriteString("profileHash", test.ProfileHash);
        WriteTime(writer, "startedAt", test.StartMicroseconds);
        writer.WriteNumber("sampleCount", test.SampleCount);
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, long? microseconds)
    {
        if (microseconds is { } known)
        {
            writer.WriteNumber(name, known / 1e6);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
