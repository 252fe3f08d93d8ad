using System.Net;
using System.Text.Json;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>Guessing passwords at a running gateway.</summary>
public sealed class BruteForceTests(ClosedGateway bench) : IClassFixture<ClosedGateway>
{
    [Fact]
    public async Task WhoGuesses_HasToWait_AlsoWithTheRightPassword_AndOthersDoNot()
    {
        // As many as are free, and the one that has to wait longest if these took their time.
        HttpResponseMessage? last = null;
        for (int i = 0; i < SignInGuard.FreeForPair + 8; i++)
        {
            last?.Dispose();
            last = await SignIn(ClosedGateway.Viewer, "wrong wrong wrong");
            if (last.StatusCode == HttpStatusCode.TooManyRequests)
            {
                break;
            }

            Assert.Equal(HttpStatusCode.Unauthorized, last.StatusCode);
        }

        using (last)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
            Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 900);
            Assert.Contains("Try again in", await ErrorOf(last));
        }

        bench.Gateway.Services.Door!.Guard.Refused(ClosedGateway.Viewer, IPAddress.Loopback);
        for (int i = 0; i < 5; i++)
        {
            bench.Gateway.Services.Door!.Guard.Refused(ClosedGateway.Viewer, IPAddress.Loopback);
        }

        using HttpResponseMessage right = await SignIn(ClosedGateway.Viewer, ClosedGateway.Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
        Assert.Equal(429, await bench.StatusAsync(HttpMethod.Get, "/api/v1/cells", ClosedGateway.As(ClosedGateway.Viewer)));
        Assert.Equal(200, await bench.StatusAsync(HttpMethod.Get, "/api/v1/cells", ClosedGateway.As(ClosedGateway.Operator)));
        Assert.Contains(
            bench.Gateway.Services.Database.ReadAudit(long.MaxValue, 100), line => line is { Action: "session.refuse", Target: "vera" });
    }

    [Fact]
    public async Task GuessingFromElsewhere_KeepsOutNeitherTheOwnerNorTheOwnersScript()
    {
        Assert.Equal(200, await bench.StatusAsync(HttpMethod.Get, "/api/v1/cells", ClosedGateway.As(ClosedGateway.Operator)));
        for (int i = 0; i < SignInGuard.FreeForAccount + 5; i++)
        {
            bench.Gateway.Services.Door!.Guard.Refused(ClosedGateway.Operator, IPAddress.Parse($"198.51.100.{i}"));
        }

        Assert.Equal(200, await bench.StatusAsync(HttpMethod.Get, "/api/v1/cells", ClosedGateway.As(ClosedGateway.Operator)));
        using HttpResponseMessage signedIn = await SignIn(ClosedGateway.Operator, ClosedGateway.Password);
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
    }

    [Fact]
    public async Task AnUnknownName_IsToldTheSameAsAWrongPassword_AndIsNotWrittenDown()
    {
        using HttpResponseMessage unknown = await SignIn("my-secret-password", "wrong wrong wrong");
        using HttpResponseMessage wrong = await SignIn(ClosedGateway.Admin, "wrong wrong wrong");
        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal(await ErrorOf(wrong), await ErrorOf(unknown));
        IReadOnlyList<AuditEntry> audit = bench.Gateway.Services.Database.ReadAudit(long.MaxValue, 100);
        Assert.Contains(audit, line => line is { Action: "session.refuse", Target: "(unknown name)" });
        Assert.DoesNotContain(audit, line => (line.Person + line.Target + line.Detail).Contains("my-secret-password", StringComparison.Ordinal));
    }

    [Fact]
    public void TheAuditTrail_CannotBeMadeToGrowByGuessing()
    {
        string folder = Directory.CreateTempSubdirectory("refusals-").FullName;
        try
        {
            long now = 1_790_000_000_000_000;
            using StateDatabase database = new(Path.Combine(folder, "state.db"));
            RefusalLog log = new(database, new AccessFile(folder), () => now);
            for (int i = 0; i < 10_000; i++)
            {
                log.Add("ada", $"198.51.{i / 250}.{i % 250}", "wrong name or password");
            }

            now += 60_000_000;
            log.Turn();
            IReadOnlyList<AuditEntry> lines = database.ReadAudit(long.MaxValue, 1000);
            Assert.Equal(RefusalLog.MostLines + 1, lines.Count);
            Assert.Equal("9980 more within a minute", lines[0].Detail);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<HttpResponseMessage> SignIn(string user, string password) =>
        bench.SendAsync(HttpMethod.Post, "/api/v1/session", ClosedGateway.Nobody, JsonSerializer.Serialize(new { user, password }));

    private static async Task<string> ErrorOf(HttpResponseMessage response)
    {
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return body.RootElement.GetProperty("error").GetString()!;
    }
}
