using System.Text.Json;
using System.Text.Json.Serialization;

namespace PouchMonitor.Analysis.Abuse;

/// <summary>
/// The one form of plans and records as JSON, in the state database, over HTTP, in archives and in files: camelCase, kinds and
/// states in lower case with hyphens. A field nobody knows is refused, so that a slip of the pen in a plan does not go unseen.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, WriteIndented = false)]
[JsonSerializable(typeof(AbusePlan))]
[JsonSerializable(typeof(AbuseRecord))]
[JsonSerializable(typeof(AbuseObservations))]
[JsonSerializable(typeof(IReadOnlyList<AbusePlan>))]
[JsonSerializable(typeof(IReadOnlyList<AbuseRecord>))]
[JsonSerializable(typeof(IReadOnlyList<AbuseTrace>))]
[JsonSerializable(typeof(IReadOnlyList<AbuseImage>))]
internal sealed partial class AbuseJsonContext : JsonSerializerContext;

/// <summary>Access to the one form of plans and records as JSON.</summary>
public static class AbuseJson
{
    /// <summary>Options of the one form; not to be changed.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(AbuseJsonContext.Default.Options)
        {
            TypeInfoResolver = AbuseJsonContext.Default,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}
