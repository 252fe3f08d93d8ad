using System.Text.Json;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>What a node answered to a command or a change of its settings.</summary>
/// <param name="IsAccepted">Whether it acted upon it.</param>
/// <param name="Detail">Why not, or what came of it; empty where there is no more to say.</param>
/// <param name="Event">The whole event, as the node sent it.</param>
public sealed record NodeAnswer(bool IsAccepted, string Detail, JsonElement Event);

/// <summary>
/// Brings answers of nodes to whoever asked: a question is known by node, kind and id. Answers that nobody waits for are
/// left alone.
/// </summary>
internal sealed class NodeMessages
{
    /// <summary>Questions that may wait at a time.</summary>
    public const int MostWaiting = 256;

    private const int LargestEventBytes = 16 * 1024;

    private readonly Dictionary<(string Node, string Kind, string Id), TaskCompletionSource<NodeAnswer>> waiting = [];
    private readonly Lock gate = new();

    /// <summary>Waits for the answer to what <paramref name="send"/> sends.</summary>
    /// <returns>Null where none came in time.</returns>
    /// <exception cref="InvalidOperationException">Too many wait already, or one for the same question does.</exception>
    public async Task<NodeAnswer?> AskAsync(string node, string kind, string id, Func<Task> send, TimeSpan patience, CancellationToken cancellation)
    {
        TaskCompletionSource<NodeAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (waiting.Count >= MostWaiting)
            {
                throw new InvalidOperationException($"{MostWaiting} answers of nodes are waited for already.");
            }

            if (!waiting.TryAdd((node, kind, id), answer))
            {
                throw new InvalidOperationException($"Somebody waits for the answer to {kind} '{id}' of node '{node}' already.");
            }
        }

        try
        {
            await send();
            return await answer.Task.WaitAsync(patience, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (gate)
            {
                waiting.Remove((node, kind, id));
            }
        }
    }

    /// <summary>Takes an event of a node.</summary>
    public void Take(string node, ReadOnlySpan<byte> payload)
    {
        lock (gate)
        {
            if (waiting.Count == 0 || payload.Length > LargestEventBytes)
            {
                return;
            }
        }

        try
        {
            Utf8JsonReader reader = new(payload);
            JsonElement said = JsonDocument.ParseValue(ref reader).RootElement;
            if (Text(said, "event") is not ("command" or "config") || Text(said, "id") is not { } id
                || !said.TryGetProperty("accepted", out JsonElement accepted) || accepted.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return;
            }

            TaskCompletionSource<NodeAnswer>? asked;
            lock (gate)
            {
                asked = waiting.GetValueOrDefault((node, Text(said, "event")!, id));
            }

            asked?.TrySetResult(new NodeAnswer(
                accepted.ValueKind == JsonValueKind.True, Text(said, "reason") ?? Text(said, "result") ?? "", said));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // An event is for whoever listens; one that is no JSON is none of ours.
        }
    }

    private static string? Text(JsonElement said, string name) =>
        said.ValueKind == JsonValueKind.Object && said.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
