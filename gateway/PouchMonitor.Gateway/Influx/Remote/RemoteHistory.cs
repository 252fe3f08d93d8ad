using System.Runtime.CompilerServices;
using System.Text.Json;
using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Gateway.Influx.Remote;

/// <summary>
/// Reads over HTTP: InfluxQL from InfluxDB 1.x, Flux from 2, SQL from 3, and the export interface of VictoriaMetrics, which has
/// no InfluxQL.
/// </summary>
public sealed class RemoteHistory : IRemoteHistory, IDisposable
{
    private const int PageSamples = 10_000;
    private const int MostPageBytes = 64 * 1024 * 1024;
    private const long FirstWindowMicroseconds = 600_000_000;
    private const long LongestWindowMicroseconds = 86_400_000_000;
    private const long ShortestWindowMicroseconds = 1_000_000;
    private readonly InfluxOptions options;
    private readonly HttpClient http;

    public RemoteHistory(InfluxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = options.AnswerTimeout, MaxResponseContentBufferSize = MostPageBytes,
        };
    }

    public async IAsyncEnumerable<Sample> ReadAsync(
        string node, string channel, long fromMicroseconds, long toMicroseconds, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // VictoriaMetrics knows no limit, and Flux limits each field by itself: there the range is cut into windows.
        bool byWindow = options.Kind is InfluxKind.VictoriaMetrics or InfluxKind.InfluxDb2;
        long window = FirstWindowMicroseconds;
        for (long from = fromMicroseconds; from <= toMicroseconds;)
        {
            // A window ends with a whole millisecond, so that none is asked for twice.
            long to = byWindow ? Math.Min(toMicroseconds, ((from + window) / 1000 * 1000) - 1) : toMicroseconds;
            List<RemoteRow>? rows = await PageAsync(node, channel, from, to, byWindow && window > ShortestWindowMicroseconds, cancellation);
            if (rows is null)
            {
                window = Math.Max(ShortestWindowMicroseconds, window / 16);
                continue;
            }

            foreach (RemoteRow row in rows)
            {
                if (row.TimeMicroseconds >= from / 1000 * 1000 && row.TimeMicroseconds <= to)
                {
                    yield return row.ToSample();
                }
            }

            if (byWindow)
            {
                from = to + 1;
                window = rows.Count < PageSamples / 2 ? Math.Min(LongestWindowMicroseconds, window * 2) : Math.Max(ShortestWindowMicroseconds, window / 2);
            }
            else if (rows.Count < PageSamples)
            {
                yield break;
            }
            else
            {
                from = rows[^1].TimeMicroseconds + 1;
            }
        }
    }

    public void Dispose() => http.Dispose();

    // Null where the answer is larger than may be kept and a shorter window may help.
    private async Task<List<RemoteRow>?> PageAsync(
        string node, string channel, long from, long to, bool mayShorten, CancellationToken cancellation)
    {
        try
        {
            using HttpRequestMessage request = RemoteQueries.Page(options, node, channel, from, to, PageSamples);
            using HttpResponseMessage answer = await http.SendAsync(request, cancellation);
            string body = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? RemoteAnswers.Read(options.Kind, body)
                : throw new RemoteHistoryException(InfluxAnswer.Read(answer.StatusCode, body, null).Reason);
        }
        catch (HttpRequestException error) when (mayShorten && error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return null;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException or IndexOutOfRangeException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new RemoteHistoryException($"{options.Url.GetLeftPart(UriPartial.Authority)} did not give the samples: {error.Message}", error);
        }
    }
}
