using System.Text.Json;

namespace PouchMonitor.EndToEnd.Tests.Programs;

/// <summary>JSON as text, so that not a digit is lost in parsing.</summary>
internal static class JsonText
{
    /// <summary>A line for each item of an array, with the raw texts of its properties.</summary>
    public static string[] Lines(JsonElement array) => [.. array.EnumerateArray().Select(item =>
        string.Join(' ', item.EnumerateObject().Select(property => $"{property.Name}={property.Value.GetRawText()}")))];
}
