using System.Text.Json;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of what is kept of a cell over all its tests, and of the profiles they began with.</summary>
internal static class CellRecordJson
{
    /// <param name="writer">Where to write.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="profile">The profile its last test began with; null where it was not kept.</param>
    public static void Write(Utf8JsonWriter writer, CellRecord cell, StoredProfile? profile)
    {
        writer.WriteStartObject();
        writer.WriteString("cell", cell.Cell);
        WriteSeconds(writer, "firstSeen", cell.FirstMicroseconds);
        WriteSeconds(writer, "lastSeen", cell.LastMicroseconds);
        writer.WriteString("lastTest", cell.LastTest);
        writer.WriteString("profile", cell.Profile);
        writer.WriteString("profileHash", cell.ProfileHash);
        writer.WritePropertyName("profileContent");
        writer.WriteRawValue(profile?.Body ?? "null");
        writer.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter writer, string name, long? microseconds)
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
