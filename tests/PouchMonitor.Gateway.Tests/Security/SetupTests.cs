using System.Net;
using System.Text.Json;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>The first administrator, by the link that the console shows once.</summary>
public sealed class SetupTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("setup-").FullName;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false });
    private MonitorGateway? gateway;

    public async ValueTask InitializeAsync() => gateway = await MonitorGateway.StartAsync(
        new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1 }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await gateway!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task TheLink_MakesOneAdministrator_AndIsThenWorthNothing()
    {
        string token = TokenOf(gateway!.IssueSetupAddress());
        Assert.Contains("\"needsSetup\":true", await http.GetStringAsync(new Uri(gateway.HttpAddress + "/api/v1/session"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Forbidden, await Redeem("wrong", "ada", ClosedGateway.Password));
        Assert.Equal(HttpStatusCode.BadRequest, await Redeem(token, "ada", "short"));
        Assert.Equal(HttpStatusCode.OK, await Redeem(token, "ada", ClosedGateway.Password));
        Assert.Equal(HttpStatusCode.Forbidden, await Redeem(token, "eve", ClosedGateway.Password));
        Assert.Equal(["ada"], new AccessFile(folder).People.Select(person => person.Name));
        Assert.Equal(Role.Admin, new AccessFile(folder).FindPerson("ada")!.Role);
        Assert.Null(gateway.IssueSetupAddress());
    }

    [Fact]
    public async Task AnAccountMadeBeside_EndsIt_AndANewLinkEndsTheOld()
    {
        string old = TokenOf(gateway!.IssueSetupAddress());
        string token = TokenOf(gateway.IssueSetupAddress());
        Assert.Equal(HttpStatusCode.Forbidden, await Redeem(old, "eve", ClosedGateway.Password));
        new AccessFile(folder) { Rounds = 1000 }.AddUser("ada", ClosedGateway.Password, Role.Viewer);
        Assert.Equal(HttpStatusCode.Forbidden, await Redeem(token, "eve", ClosedGateway.Password));
        Assert.Equal(["ada"], new AccessFile(folder).People.Select(person => person.Name));
    }

    [Fact]
    public async Task GuessingTheLink_HasToWait()
    {
        _ = gateway!.IssueSetupAddress();
        HttpStatusCode status = HttpStatusCode.OK;
        for (int i = 0; i < SignInGuard.FreeForPair + 8 && status != HttpStatusCode.TooManyRequests; i++)
        {
            status = await Redeem("guess", "eve", ClosedGateway.Password);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
    }

    private static string TokenOf(string? address)
    {
        Assert.NotNull(address);
        string token = address.Split("/#/login?setup=")[1];
        Assert.Equal(43, token.Length);
        return token;
    }

    private async Task<HttpStatusCode> Redeem(string token, string user, string password)
    {
        using StringContent content = new(JsonSerializer.Serialize(new { token, user, password }), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(new Uri(gateway!.HttpAddress + "/api/v1/setup"), content, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
