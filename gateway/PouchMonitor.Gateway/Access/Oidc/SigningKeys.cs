using System.Text.Json;

namespace PouchMonitor.Gateway.Access.Oidc;

/// <summary>
/// The provider's keys, looked up when first needed, again after an hour, and at most once a minute for a key that is not among
/// them, however many tokens name one. While the provider cannot be reached, those that are known stay in use. All who ask wait
/// for the same look, and none of them can end it by leaving.
/// </summary>
internal sealed class SigningKeys(Func<CancellationToken, Task<byte[]>> fetch, TimeProvider time) : IDisposable
{
    /// <summary>Most keys of a set.</summary>
    public const int MostKeys = 64;

    /// <summary>Most bytes of a set.</summary>
    public const int MostBytes = 256 * 1024;

    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private readonly Lock gate = new();
    private readonly CancellationTokenSource end = new();
    private Task look = Task.CompletedTask;
    private bool isDisposed;
    private volatile IReadOnlyList<SigningKey> keys = [];
    private long lookedAt;
    private bool hasLooked;

    /// <summary>Times that the set was asked for.</summary>
    public int LookUps { get; private set; }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
        }

        end.Cancel();
        end.Dispose();
    }

    /// <summary>The key that a token names; where it names none, the only one there is. Null where there is no such key.</summary>
    public async ValueTask<SigningKey?> FindAsync(string? id, string algorithm, CancellationToken cancellation)
    {
        if (!IsStale(GoodFor) && Find(id, algorithm) is { } known)
        {
            return known;
        }

        Task current;
        lock (gate)
        {
            if (look.IsCompleted && !isDisposed && (IsStale(GoodFor) || (Find(id, algorithm) is null && IsStale(AtMostEvery))))
            {
                // Not by the token of the request: who may ask is not known yet, and a stranger that leaves must not spend the look.
                CancellationToken ended = end.Token;
                look = Task.Run(() => LookUpAsync(ended), CancellationToken.None);
            }

            current = look;
        }

        if (!current.IsCompleted)
        {
            await current.WaitAsync(cancellation);
        }

        return Find(id, algorithm);
    }

    /// <summary>The keys of a set that can sign tokens.</summary>
    /// <exception cref="InvalidDataException">It is no key set.</exception>
    public static IReadOnlyList<SigningKey> Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MostBytes)
        {
            throw new InvalidDataException($"A key set has at most {MostBytes} bytes.");
        }

        try
        {
            using JsonDocument set = JsonDocument.Parse(json);
            if (set.RootElement.ValueKind != JsonValueKind.Object || !set.RootElement.TryGetProperty("keys", out JsonElement list)
                || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostKeys)
            {
                throw new InvalidDataException($"A key set is {{\"keys\": [...]}} with at most {MostKeys} keys.");
            }

            return [.. list.EnumerateArray().Select(SigningKey.Read).OfType<SigningKey>()];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"No key set: {error.Message}", error);
        }
    }

    private bool IsStale(TimeSpan after) => !hasLooked || time.GetElapsedTime(Volatile.Read(ref lookedAt)) >= after;

    private SigningKey? Find(string? id, string algorithm)
    {
        SigningKey[] fitting = [.. keys.Where(key => key.IsFor(algorithm) && (id is null || key.Id == id))];
        return fitting.Length == 1 ? fitting[0] : null;
    }

    private async Task LookUpAsync(CancellationToken ended)
    {
        LookUps++;
        try
        {
            using CancellationTokenSource limit = new(AnswerWithin, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
            keys = Parse(await fetch(stop.Token).WaitAsync(stop.Token));
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or HttpRequestException or JsonException
            or OperationCanceledException)
        {
            // Those that are known stay in use; the next look is a minute away.
        }
        finally
        {
            Volatile.Write(ref lookedAt, time.GetTimestamp());
            hasLooked = true;
        }
    }
}
