using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>The writer against a strict stand-in of each kind of server.</summary>
public sealed class HttpInfluxWriterTests
{
    private static readonly byte[] TwoLines = Encoding.UTF8.GetBytes(
        "cell_sample,cell=a,channel=1,node=n voltage_v=3.7 1780000000000001\ncell_sample,cell=a,channel=1,node=n voltage_v=3.8 1780000000000002\n");

    public static TheoryData<InfluxKind> Kinds() => [.. Enum.GetValues<InfluxKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task EachKind_GetsItsOwnRequest_ByteByByte(InfluxKind kind)
    {
        await using StrictServer server = await StrictServer.StartAsync(kind);
        await using HttpInfluxWriter writer = new(server.Options(), TimeProvider.System);
        Assert.Equal(InfluxOutcome.Accepted, (await writer.WriteAsync(TwoLines, TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(InfluxOutcome.Accepted, (await writer.WriteAsync(TwoLines, TestContext.Current.CancellationToken)).Outcome);
        Assert.Empty(server.Complaints);
        Assert.Equal(2, server.Points.Count);
    }

    [Theory]
    [InlineData(401, "{\"code\":\"unauthorized\",\"message\":\"unauthorized access\"}", InfluxOutcome.NotAllowed, "unauthorized access")]
    [InlineData(403, "{\"error\":\"forbidden\"}", InfluxOutcome.NotAllowed, "forbidden")]
    [InlineData(404, "{\"error\":\"database not found: \\\"cells\\\"\"}", InfluxOutcome.NotAllowed, "database not found")]
    [InlineData(400, "{\"error\":\"unable to parse 'x': missing fields\"}", InfluxOutcome.SomethingRefused, "missing fields")]
    [InlineData(422, "{\"code\":\"unprocessable entity\",\"message\":\"schema conflict\"}", InfluxOutcome.SomethingRefused, "schema conflict")]
    [InlineData(413, "", InfluxOutcome.SomethingRefused, "413")]
    [InlineData(429, "", InfluxOutcome.TryLater, "429")]
    [InlineData(500, "{\"error\":\"engine: write /wal: no space left on device\"}", InfluxOutcome.TryLater, "no space left")]
    [InlineData(503, "busy", InfluxOutcome.TryLater, "busy")]
    [InlineData(302, "", InfluxOutcome.TryLater, "302")]
    public async Task AnAnswer_IsUnderstood(int status, string body, InfluxOutcome outcome, string said)
    {
        await using StrictServer server = await StrictServer.StartAsync(InfluxKind.InfluxDb2);
        server.Instead = async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            await context.Response.WriteAsync(body);
            return true;
        };
        await using HttpInfluxWriter writer = new(server.Options(), TimeProvider.System);
        InfluxWriteResult result = await writer.WriteAsync(TwoLines, TestContext.Current.CancellationToken);
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(said, result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", result.Reason, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void APauseThatIsAskedFor_IsBounded()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), InfluxAnswer.Read(HttpStatusCode.TooManyRequests, "", TimeSpan.FromSeconds(7)).RetryAfter);
        Assert.Equal(TimeSpan.FromMinutes(10), InfluxAnswer.Read(HttpStatusCode.ServiceUnavailable, "", TimeSpan.FromDays(2)).RetryAfter);
        Assert.Equal(TimeSpan.Zero, InfluxAnswer.Read(HttpStatusCode.ServiceUnavailable, "", TimeSpan.FromSeconds(-5)).RetryAfter);
    }

    [Fact]
    public void LinesThatInfluxDb3Names_AreTakenAtItsWord_AndNonsenseIsNot()
    {
        InfluxWriteResult named = InfluxAnswer.Read(HttpStatusCode.BadRequest,
            """{"error":"partial write of line protocol occurred","data":[{"original_line":"a","line_number":3,"error_message":"bad"}]}""", null);
        Assert.Equal([new RefusedLine(2, "bad")], named.Lines);
        InfluxWriteResult odd = InfluxAnswer.Read(HttpStatusCode.BadRequest,
            """{"error":"partial write of line protocol occurred","data":[{"line_number":0}]}""", null);
        Assert.Equal(InfluxOutcome.SomethingRefused, odd.Outcome);
        Assert.Equal(3, InfluxAnswer.Read(HttpStatusCode.BadRequest,
            """{"error":"partial write: points beyond retention policy dropped=3"}""", null).RefusedCount);
    }

    [Fact]
    public async Task AServerThatHangs_TimesOut_AndOneThatIsNotThere_IsSaid()
    {
        await using StrictServer server = await StrictServer.StartAsync(InfluxKind.InfluxDb1);
        server.Instead = async (context, _) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        await using HttpInfluxWriter writer = new(server.Options() with { AnswerTimeout = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);
        InfluxWriteResult hung = await writer.WriteAsync(TwoLines, TestContext.Current.CancellationToken);
        Assert.Equal(InfluxOutcome.TryLater, hung.Outcome);
        Assert.Contains("no answer within 0.1 s", hung.Reason, StringComparison.Ordinal);
        await using HttpInfluxWriter nowhere = new(server.Options() with { Url = new Uri("http://127.0.0.1:9") }, TimeProvider.System);
        Assert.Equal(InfluxOutcome.TryLater, (await nowhere.WriteAsync(TwoLines, TestContext.Current.CancellationToken)).Outcome);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OnlyTheOffendingLines_AreRejected(InfluxKind kind)
    {
        await using StrictServer server = await StrictServer.StartAsync(kind);
        server.Refuses = line => line.Contains("voltage_v=7", StringComparison.Ordinal);
        await using HttpInfluxWriter writer = new(server.Options(), TimeProvider.System);
        StringBuilder lines = new();
        for (int at = 0; at < 1000; at++)
        {
            lines.Append($"cell_sample,cell=a,channel=1,node=n voltage_v={(at is 0 or 500 or 501 or 999 ? 7 : 3)} {at}\n");
        }

        List<RejectedLine> rejected = [];
        InfluxWriteResult result = await new BatchDelivery(writer).DeliverAsync(
            Encoding.UTF8.GetBytes(lines.ToString()), rejected, TestContext.Current.CancellationToken);
        Assert.Equal(InfluxOutcome.Accepted, result.Outcome);
        Assert.Equal(["0", "500", "501", "999"], rejected.Select(line => line.Line.Split(' ')[2]).Order(StringComparer.Ordinal));
        Assert.Equal(996, server.Points.Count);
        Assert.True(server.Requests.Count <= (kind == InfluxKind.InfluxDb3 ? 1 : 80), $"{server.Requests.Count} requests");
    }
}
