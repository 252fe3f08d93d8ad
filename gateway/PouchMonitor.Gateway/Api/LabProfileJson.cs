using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of profiles with where they come from.</summary>
internal static class LabProfileJson
{
    /// <summary>One line of the list.</summary>
    public static void WriteLine(Utf8JsonWriter writer, CellProfile profile, LabProfileVersion? saved)
    {
        writer.WriteStartObject();
        WriteHead(writer, profile, saved);
        writer.WriteEndObject();
    }

    /// <summary>A profile with its content, its versions and the running tests that began with a profile of its name.</summary>
    public static void Write(
        Utf8JsonWriter writer, GatewayServices gateway, CellProfile profile, LabProfileVersion? saved, IReadOnlyList<LabProfileVersion> versions)
    {
        writer.WriteStartObject();
        WriteHead(writer, profile, saved);
        writer.WritePropertyName("profile");
        ProfileJson.Write(writer, profile);
        writer.WriteStartArray("versions");
        foreach (LabProfileVersion version in versions)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", version.Version);
            writer.WriteNumber("savedAt", version.AtMicroseconds / 1e6);
            writer.WriteString("savedBy", version.Person);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        string hash = StoredProfile.Of(profile).Hash;
        writer.WriteStartArray("running");
        foreach (ChannelView view in gateway.State.Channels)
        {
            if (view.Running is { } test && test.Profile == profile.Name)
            {
                writer.WriteStartObject();
                writer.WriteString("test", test.Test);
                writer.WriteString("cell", test.Cell);
                writer.WriteString("node", view.Node);
                writer.WriteString("channel", view.Channel);
                writer.WriteBoolean("same", test.ProfileHash == hash);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter writer, CellProfile profile, LabProfileVersion? saved)
    {
        writer.WriteString("name", profile.Name);
        writer.WriteString("description", profile.Description);
        writer.WriteString("source", saved is null ? "builtIn" : "lab");
        if (saved is null)
        {
            writer.WriteNull("version");
            writer.WriteNull("savedAt");
            writer.WriteNull("savedBy");
        }
        else
        {
            writer.WriteNumber("version", saved.Version);
            writer.WriteNumber("savedAt", saved.AtMicroseconds / 1e6);
            writer.WriteString("savedBy", saved.Person);
        }

        writer.WriteString("hash", StoredProfile.Of(profile).Hash);
    }
}
