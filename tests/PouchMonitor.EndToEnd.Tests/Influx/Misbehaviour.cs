using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Tests.Influx;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>
/// Answers in place of a server in the ways in which servers fail, each once in an order drawn by seed, then in another order, as
/// long as it is told to. What it says to have stored it stores; some of what it refuses it stores as well.
/// </summary>
internal sealed class Misbehaviour
{
    private readonly Random random;
    private readonly (string Name, Func<HttpContext, Task<bool>> Answer)[] ways;
    private readonly Queue<int> order = new();

    public Misbehaviour(int seed)
    {
        random = new Random(seed);
        ways =
        [
            ("429 with Retry-After", context => Status(context, StatusCodes.Status429TooManyRequests, retryAfter: 1)),
            ("503", context => Status(context, StatusCodes.Status503ServiceUnavailable)),
            ("503 with Retry-After", context => Status(context, StatusCodes.Status503ServiceUnavailable, retryAfter: 1)),
            ("401", context => Status(context, StatusCodes.Status401Unauthorized)),
            ("hangs", HangAsync),
            ("closes the connection without an answer", Close),
            ("closes the connection in the middle of an answer", CloseInTheMiddleAsync),
            ("stores and closes the connection", StoreAndCloseAsync),
            ("answers as it should", static _ => Task.FromResult(false)),
        ];
    }

    /// <summary>How often it failed in each way.</summary>
    public ConcurrentDictionary<string, int> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>True once it has failed in every way.</summary>
    public bool HasFailedInEveryWay => Seen.Count == ways.Length;

    /// <summary>Set as <see cref="StrictServer.Instead"/>; one request comes at a time.</summary>
    public Task<bool> AnswerAsync(HttpContext context, string[] lines)
    {
        if (order.Count == 0)
        {
            int[] next = [.. Enumerable.Range(0, ways.Length)];
            random.Shuffle(next);
            Array.ForEach(next, order.Enqueue);
        }

        (string name, Func<HttpContext, Task<bool>> answer) = ways[order.Dequeue()];
        Seen.AddOrUpdate(name, 1, static (_, count) => count + 1);
        return answer(context);
    }

    private static async Task<bool> Status(HttpContext context, int status, int? retryAfter = null)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await context.Response.WriteAsync("""{"message":"not now"}""");
        return true;
    }

    // Until the gateway has waited long enough.
    private static async Task<bool> HangAsync(HttpContext context)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
        return true;
    }

    private static Task<bool> Close(HttpContext context)
    {
        context.Abort();
        return Task.FromResult(true);
    }

    private static async Task<bool> CloseInTheMiddleAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("""{"error":"partial write: dropped=""");
        await context.Response.Body.FlushAsync();
        context.Abort();
        return true;
    }

    // The points are there, and the gateway cannot know.
    private static Task<bool> StoreAndCloseAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        return Task.FromResult(false);
    }
}
