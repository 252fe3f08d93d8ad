using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Security;

/// <summary>
/// No password, token or session is in anything that the program writes: what it prints, its files, its answers. Only what
/// is meant to show a secret once does.
/// </summary>
public sealed class SecretTests : IDisposable
{
    private const string FirstPassword = "first-Pa55word-of-ada";
    private const string SecondPassword = "second-Pa55word-of-olga";
    private const string WrongPassword = "wr0ng-guess-of-somebody";
    private readonly string folder = Directory.CreateTempSubdirectory("secrets-").FullName;
    private readonly List<string> answers = [];
    private readonly Dictionary<string, string> secrets = new(StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task SecretsAreNowhere_ButWhereTheyAreShownOnce()
    {
        string data = Path.Combine(folder, "data");
        await using ClosedServe serve = await ClosedServe.StartAsync(data);
        string link = await serve.SetupLink;
        Assert.StartsWith(serve.Address + "/#/login?setup=", link);
        using HttpClient http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(serve.Address) };
        secrets["the setup token"] = link.Split("setup=")[1];
        secrets["the administrator's password"] = FirstPassword;
        secrets["the operator's password"] = SecondPassword;
        secrets["a wrong password"] = WrongPassword;

        using HttpResponseMessage made = await Post(http, "/api/v1/setup", new { token = secrets["the setup token"], user = "ada", password = FirstPassword }, null);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        string cookie = made.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        secrets["the session"] = cookie.Split('=', 2)[1];
        string csrf = (await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("csrf").GetString()!;
        secrets["the token against forgery"] = csrf;
        void Session(HttpRequestMessage request)
        {
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add("X-PouchMonitor-Csrf", csrf);
        }

        // As many ways of handing over a secret, rightly and wrongly, as there are.
        await Keep(await Post(http, "/api/v1/setup", new { token = secrets["the setup token"], user = "eve", password = WrongPassword }, null), HttpStatusCode.Forbidden);
        await Keep(await Post(http, "/api/v1/accounts", new { user = "olga", password = SecondPassword, role = "operator" }, Session), HttpStatusCode.Created);
        await Keep(await Post(http, "/api/v1/accounts", new { user = WrongPassword + "!", password = SecondPassword }, Session), HttpStatusCode.BadRequest);
        await Keep(await Post(http, "/api/v1/session", new { user = "olga", password = WrongPassword }, null), HttpStatusCode.Unauthorized);
        await Keep(await Post(http, "/api/v1/session", new { user = WrongPassword, password = WrongPassword }, null), HttpStatusCode.Unauthorized);
        await Keep(await Get(http, "/api/v1/cells", Basic("olga", SecondPassword)), HttpStatusCode.OK);
        await Keep(await Get(http, "/api/v1/cells", Basic("olga", WrongPassword)), HttpStatusCode.Unauthorized);
        await Keep(await Get(http, "/api/v1/cells", new AuthenticationHeaderValue("Bearer", WrongPassword)), HttpStatusCode.Unauthorized);
        using HttpResponseMessage token = await Post(http, "/api/v1/tokens", new { name = "report", scopes = new[] { "read" } }, Session);
        secrets["a token of the API"] = (await token.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("token").GetString()!;
        await Keep(await Get(http, "/api/v1/cells", new AuthenticationHeaderValue("Bearer", secrets["a token of the API"])), HttpStatusCode.OK);
        string passwordFile = Path.Combine(folder, "password.txt");
        await File.WriteAllTextAsync(passwordFile, SecondPassword, TestContext.Current.CancellationToken);
        secrets["a token of the command line"] = (await Command("token", "add", "ci", "--scope", "metrics", "--data", data)).Trim();
        secrets["a node's token"] = (await Command("node", "add", "bench-3", "--data", data)).Trim();
        answers.Add(await Command("user", "add", "olga", "--password-file", passwordFile, "--data", data));
        answers.Add(await Command("token", "list", "--data", data));
        answers.Add(await Command("user", "list", "--data", data));
        foreach (string path in (string[])["/api/v1/accounts", "/api/v1/tokens", "/api/v1/audit?limit=1000"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            request.Headers.Add("Cookie", cookie);
            await Keep(await http.SendAsync(request, TestContext.Current.CancellationToken), HttpStatusCode.OK);
        }

        await Keep(await Get(http, "/metrics", new AuthenticationHeaderValue("Bearer", secrets["a token of the command line"])), HttpStatusCode.OK);
        Assert.Equal(0, await serve.EndAsync());

        Assert.True(answers.Count > 12);
        Look("what it printed", serve.Said);
        foreach (string answer in answers)
        {
            Look("an answer", answer);
        }

        foreach (string file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            Look(file, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
        }
    }

    private void Look(string where, string text)
    {
        foreach ((string what, string secret) in secrets)
        {
            Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{what} is in {where}.");
            Assert.False(text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal), $"{what}, in base64, is in {where}.");
        }
    }

    private async Task Keep(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == expected, $"{response.RequestMessage!.RequestUri}: {response.StatusCode}, not {expected}: {body}");
            answers.Add(response.Headers + body);
        }
    }

    private static async Task<string> Command(params string[] words)
    {
        CommandRun run = await CommandRun.PouchMonitor(words);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output + run.Errors;
    }

    private static async Task<HttpResponseMessage> Post(HttpClient http, string path, object body, Action<HttpRequestMessage>? who)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        who?.Invoke(request);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> Get(HttpClient http, string path, AuthenticationHeaderValue who)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Authorization = who;
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
