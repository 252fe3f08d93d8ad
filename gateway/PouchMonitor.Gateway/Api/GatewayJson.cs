using System.Text.Json;
using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Api;

/// <summary>How the gateway itself is: its disk, its journal and what waits, for the nodes page.</summary>
internal static class GatewayJson
{
    public static void Write(Utf8JsonWriter writer, GatewayServices gateway)
    {
        JournalCounters journal = gateway.Journal.Counters();
        writer.WriteStartObject();
        writer.WriteString("version", GatewayServices.Version);
        writer.WriteNumber("time", gateway.NowMicroseconds() / 1e6);
        if (FreeBytes(gateway.Options.DataDirectory) is { } free)
        {
            writer.WriteNumber("freeBytes", free);
        }
        else
        {
            writer.WriteNull("freeBytes");
        }

        writer.WriteString("storageProblem", gateway.Journal.FailureReason);
        writer.WriteString("compactionProblem", journal.CompactionProblem);
        writer.WriteNumber("storedFrames", journal.Stored);
        writer.WriteNumber("storedSamples", journal.Samples);
        writer.WriteNumber("duplicateFrames", journal.Duplicates);
        writer.WriteNumber("failedFrames", journal.Failed);
        writer.WriteNumber("queueEntries", journal.QueueEntries);
        writer.WriteNumber("segments", journal.Segments);
        writer.WriteNumber("damagedPlaces", journal.Damaged);
        writer.WriteNumber("quarantinedMessages", gateway.QuarantinedCount);
        writer.WriteNumber("quarantineDroppedMessages", journal.QuarantineDropped);
        writer.WriteNumber("calibrationsRefused", gateway.Nodes.Calibrations.RefusedCount);
        writer.WriteNumber("dashboards", gateway.Stream.ListenerCount);
        writer.WriteNumber("faults", gateway.Counters.Faults);
        writer.WriteEndObject();
    }

    /// <summary>Room for the gateway's files, bytes; null where the file system does not tell, which is no reason to tell nothing.</summary>
    public static long? FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
