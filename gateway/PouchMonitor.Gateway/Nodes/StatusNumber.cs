using System.Text.Json;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>
/// The one place where a number of a status is read as one with a fraction. JSON may write numbers that no double holds, such as
/// 1e999, which reads as infinity: neither the database nor an answer could write that again, so it counts as not told.
/// </summary>
internal static class StatusNumber
{
    /// <returns>Null where the field is absent, is no number or is not finite.</returns>
    public static double? Read(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
