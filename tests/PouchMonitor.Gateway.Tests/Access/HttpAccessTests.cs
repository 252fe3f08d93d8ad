using System.Text;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Api.Door;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Access;

/// <summary>The door alone, without a server: what it lets through to a route that needs no more than looking.</summary>
public sealed class HttpAccessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("http-access-").FullName;
    private readonly StateDatabase database;
    private GatewayDoor? door;

    public HttpAccessTests() => database = new StateDatabase(Path.Combine(folder, "state.db"));

    public void Dispose()
    {
        door?.Dispose();
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task AnAccountThatIsTakenAway_EndsAtOnce_ThoughItsPasswordWasRemembered()
    {
        new AccessFile(folder).AddUser("ada", "correct horse");
        HttpAccess access = Access(isOpen: false);
        Assert.Equal(StatusCodes.Status200OK, await Status(access, "ada:correct horse"));
        Assert.Equal(StatusCodes.Status200OK, await Status(access, "ada:correct horse"));
        Assert.Equal(StatusCodes.Status401Unauthorized, await Status(access, "ada:wrong horse"));
        Assert.True(new AccessFile(folder).RemoveUser("ada"));
        Assert.Equal(StatusCodes.Status401Unauthorized, await Status(access, "ada:correct horse"));
    }

    [Fact]
    public async Task AnotherSitesPage_ChangesNothing_AndAnotherHostNameGetsNothing()
    {
        HttpAccess access = Access(isOpen: true);
        Assert.Equal(StatusCodes.Status403Forbidden, await Status(access, "", request =>
        {
            request.Method = "POST";
            request.Headers.Origin = "http://elsewhere.example";
        }));
        Assert.Equal(StatusCodes.Status421MisdirectedRequest, await Status(access, "", request => request.Host = new HostString("elsewhere.example")));
    }

    private HttpAccess Access(bool isOpen)
    {
        door = new GatewayDoor(new AccessFile(folder), database, isOpen, () => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000);
        return new HttpAccess(door);
    }

    private static async Task<int> Status(HttpAccess access, string login, Action<HttpRequest>? change = null)
    {
        DefaultHttpContext context = new();
        context.Request.Method = "GET";
        context.Request.Host = new HostString("127.0.0.1", 8080);
        context.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));
        context.SetEndpoint(new Endpoint(_ => Task.CompletedTask, EndpointMetadataCollection.Empty, "something to look at"));
        change?.Invoke(context.Request);
        await new HostGuard([]).Invoke(context, next => access.Invoke(next, _ => Task.CompletedTask));
        return context.Response.StatusCode;
    }
}
