using System.Net;
using System.Text.Json;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>Tokens for programs: shown once, kept as a hash, with scopes and an end.</summary>
public sealed class ApiTokenTests(ClosedGateway bench) : IClassFixture<ClosedGateway>
{
    private static readonly Action<HttpRequestMessage> Admin = ClosedGateway.As(ClosedGateway.Admin);

    [Fact]
    public async Task ATokenIsShownOnce_Works_TellsOfItsUse_AndEndsWhenTakenAway()
    {
        using HttpResponseMessage made = await bench.SendAsync(HttpMethod.Post, "/api/v1/tokens", Admin, """{"name":"prometheus","scopes":["read"]}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        JsonElement entry = await Json(made);
        string token = entry.GetProperty("token").GetString()!;
        string id = entry.GetProperty("id").GetString()!;
        Assert.StartsWith("pmt_", token);
        Assert.Equal("ada", entry.GetProperty("createdBy").GetString());
        Assert.Equal(90 * 86400, entry.GetProperty("expiresAt").GetDouble() - entry.GetProperty("createdAt").GetDouble(), 1.0);
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(Path.Combine(bench.Folder, "access.json"), TestContext.Current.CancellationToken));
        Assert.Equal(JsonValueKind.Null, (await Listed(id)).GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(200, await bench.StatusAsync(HttpMethod.Get, "/api/v1/cells", ClosedGateway.Bearer(token)));
        JsonElement listed = await Listed(id);
        Assert.Equal(JsonValueKind.Number, listed.GetProperty("lastUsedAt").ValueKind);
        Assert.False(listed.TryGetProperty("token", out _));
        Assert.Equal(204, await bench.StatusAsync(HttpMethod.Delete, $"/api/v1/tokens/{id}", Admin));
        Assert.Equal(401, await bench.StatusAsync(HttpMethod.Get, "/api/v1/cells", ClosedGateway.Bearer(token)));
    }

    [Theory]
    [InlineData("""{"name":"x","scopes":["everything"]}""")]
    [InlineData("""{"name":"x","scopes":[]}""")]
    [InlineData("""{"name":"x","scopes":"read"}""")]
    [InlineData("""{"name":" ","scopes":["read"]}""")]
    [InlineData("""{"name":"x","scopes":["read"],"expires":1000}""")]
    [InlineData("""{"name":"x","scopes":["read"],"expires":1e300}""")]
    [InlineData("""{"name":"x","scopes":["read"],"expires":"never"}""")]
    public async Task WhatIsNoToken_IsRefused(string body) =>
        Assert.Equal(400, await bench.StatusAsync(HttpMethod.Post, "/api/v1/tokens", Admin, body));

    [Fact]
    public void AnExpiredToken_IsWorthNothing()
    {
        (string token, ApiToken entry) = bench.Access.AddToken("short", [TokenScopes.Read], TimeSpan.FromHours(1), "test");
        Assert.NotNull(bench.Access.FindToken(token, entry.ExpiresMicroseconds - 1));
        Assert.Null(bench.Access.FindToken(token, entry.ExpiresMicroseconds));
    }

    private async Task<JsonElement> Listed(string id)
    {
        using HttpResponseMessage answer = await bench.SendAsync(HttpMethod.Get, "/api/v1/tokens", Admin);
        return (await Json(answer)).EnumerateArray().Single(token => token.GetProperty("id").GetString() == id);
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return body.RootElement.Clone();
    }
}
