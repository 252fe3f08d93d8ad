using System.Globalization;
using System.Text;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>How the heartbeat stands.</summary>
/// <param name="LastSuccessMicroseconds">When the watchdog last took a beat since the start.</param>
/// <param name="LastError">Why the last beat was not taken; null where it was.</param>
/// <param name="Problem">Why none is sent: what of the gateway is not well; null while it is.</param>
/// <param name="Beats">Taken since the start.</param>
/// <param name="Failures">Not taken since the start.</param>
internal sealed record HeartbeatFigures(long? LastSuccessMicroseconds, string? LastError, string? Problem, long Beats, long Failures);

/// <summary>
/// Tells a watchdog elsewhere, every so often, that the gateway is well, and only while it is: a gateway that is dead, or lives and
/// does not store, judge or deliver, falls silent, and the watchdog raises the alarm that this gateway cannot raise itself.
/// </summary>
/// <param name="book">Where the watchdog is.</param>
/// <param name="http">Asks it.</param>
/// <param name="problem">What of the gateway is not well; null while everything is.</param>
/// <param name="time">Clock.</param>
internal sealed class Heartbeat(DeliveryBook book, HttpClient http, Func<string?> problem, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stop = new();
    private HeartbeatFigures figures = new(null, null, null, 0, 0);
    private DateTimeOffset next = DateTimeOffset.MinValue;
    private bool hasToldFailure;
    private Task work = Task.CompletedTask;

    public HeartbeatFigures Figures => Volatile.Read(ref figures);

    public void Start() => work = Task.Run(RunAsync);

    /// <summary>Beats where it is time to.</summary>
    public async Task TurnAsync(CancellationToken cancellation)
    {
        if (book.Current.Heartbeat is not { } settings || book.HeartbeatUrl is not { } url)
        {
            return;
        }

        string? wrong = problem();
        Volatile.Write(ref figures, figures with { Problem = wrong });
        DateTimeOffset now = time.GetUtcNow();
        if (wrong is not null)
        {
            // Said once, at once; after that silence says the rest.
            if (settings.TellFailure && !hasToldFailure)
            {
                hasToldFailure = await AskAsync(url.TrimEnd('/') + "/fail", wrong, cancellation) is null;
            }

            next = DateTimeOffset.MinValue;
            return;
        }

        hasToldFailure = false;
        if (now < next && next - now <= TimeSpan.FromSeconds(settings.EverySeconds)) // further away only where the clock was set back
        {
            return;
        }

        string? error = await AskAsync(url, null, cancellation);
        HeartbeatFigures before = figures;
        Volatile.Write(ref figures, error is null
            ? before with { LastSuccessMicroseconds = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, LastError = null, Beats = before.Beats + 1 }
            : before with { LastError = error, Failures = before.Failures + 1 });

        // One that was not taken is tried again soon: the watchdog waits for it.
        next = now + TimeSpan.FromSeconds(error is null ? settings.EverySeconds : Math.Max(1, settings.EverySeconds / 4));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await TurnAsync(stop.Token);
                await Task.Delay(Turn, time, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Null where it was taken, otherwise why not. The address is a secret and is not said.
    private async Task<string?> AskAsync(string url, string? body, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(LongestAnswer);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, url)
            {
                Content = body is null ? null : new StringContent(DeliveryText.Shorten(body, 1000), Encoding.UTF8, "text/plain"),
            };
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"the watchdog answered {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the watchdog did not answer within {LongestAnswer.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UriFormatException or InvalidOperationException)
        {
            return $"the watchdog could not be reached: {(error.InnerException ?? error).Message}";
        }
    }
}
