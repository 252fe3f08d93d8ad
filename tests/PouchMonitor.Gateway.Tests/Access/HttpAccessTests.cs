using System.Text;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Tests.Access;

public sealed class HttpAccessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("http-access-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task AnAccountThatIsTakenAway_EndsAtOnce_ThoughItsPasswordWasRemembered()
    {
        new AccessFile(folder).AddUser("ada", "correct horse");
        HttpAccess access = new(new AccessFile(folder), isOpen: false);
        Assert.Equal(StatusCodes.Status200OK, await Status(access, "ada:correct horse"));
        Assert.Equal(StatusCodes.Status200OK, await Status(access, "ada:correct horse"));
        Assert.Equal(StatusCodes.Status401Unauthorized, await Status(access, "ada:wrong horse"));
        Assert.True(new AccessFile(folder).RemoveUser("ada"));
        Assert.Equal(StatusCodes.Status401Unauthorized, await Status(access, "ada:correct horse"));
    }

    [Fact]
    public async Task AnotherSitesPage_ChangesNothing_AndAnotherHostNameGetsNothing()
    {
        HttpAccess access = new(new AccessFile(folder), isOpen: true);
        Assert.Equal(StatusCodes.Status403Forbidden, await Status(access, "", request =>
        {
            request.Method = "POST";
            request.Headers.Origin = "http://elsewhere.example";
        }));
        Assert.Equal(StatusCodes.Status421MisdirectedRequest, await Status(access, "", request => request.Host = new HostString("elsewhere.example")));
    }

    private static async Task<int> Status(HttpAccess access, string login, Action<HttpRequest>? change = null)
    {
        DefaultHttpContext context = new();
        context.Request.Method = "GET";
        context.Request.Host = new HostString("127.0.0.1", 8080);
        context.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));
        change?.Invoke(context.Request);
        await access.Invoke(context, _ => Task.CompletedTask);
        return context.Response.StatusCode;
    }
}
