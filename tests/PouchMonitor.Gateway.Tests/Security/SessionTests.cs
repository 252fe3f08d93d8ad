using System.Net;
using System.Text;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>Sessions of browsers: what the cookie is like, what ends it, and what a page of another site cannot do with it.</summary>
public sealed class SessionTests(ClosedGateway bench) : IClassFixture<ClosedGateway>
{
    private const string Looked = "/api/v1/cells";
    private const string Changed = "/api/v1/accounts";

    [Fact]
    public async Task TheCookie_IsForThisSiteAndNoScript()
    {
        SignedIn session = await bench.SignInAsync(ClosedGateway.Viewer);
        string lower = session.SetCookie.ToLowerInvariant();
        Assert.StartsWith("pouchmonitor-session=", lower);
        Assert.Contains("; httponly", lower);
        Assert.Contains("; samesite=strict", lower);
        Assert.Contains("; path=/", lower);
        Assert.DoesNotContain("domain=", lower);
        Assert.True(session.Id.Length >= 43, "256 bits in base64url have 43 characters.");
        Assert.Equal(200, await bench.StatusAsync(HttpMethod.Get, Looked, session.Look));
    }

    [Fact]
    public async Task AChange_NeedsTheTokenOfItsOwnSession()
    {
        SignedIn session = await bench.SignInAsync(ClosedGateway.Admin);
        SignedIn other = await bench.SignInAsync(ClosedGateway.Admin);
        Assert.Equal(403, await bench.StatusAsync(HttpMethod.Post, Changed, session.Look));
        Assert.Equal(403, await bench.StatusAsync(HttpMethod.Post, Changed, new SignedIn(session.SetCookie, "guessed").Change));
        Assert.Equal(403, await bench.StatusAsync(HttpMethod.Post, Changed, new SignedIn(session.SetCookie, other.Csrf).Change));
        Assert.Equal(400, await bench.StatusAsync(HttpMethod.Post, Changed, session.Change));
        Assert.Equal(400, await bench.StatusAsync(HttpMethod.Post, Changed, ClosedGateway.As(ClosedGateway.Admin)));
    }

    [Theory]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task APageOfAnotherSite_ChangesNothing_WhateverItSends(string header, string value)
    {
        SignedIn session = await bench.SignInAsync(ClosedGateway.Admin);
        foreach (Action<HttpRequestMessage> who in (Action<HttpRequestMessage>[])[session.Change, ClosedGateway.As(ClosedGateway.Admin)])
        {
            Assert.Equal(403, await bench.StatusAsync(HttpMethod.Post, Changed, request =>
            {
                who(request);
                request.Headers.Add(header, value);
            }));
        }
    }

    [Fact]
    public async Task APlantedCookie_IsNotTakenUp_AndSigningInGivesANewOne()
    {
        SignedIn planted = await bench.SignInAsync(ClosedGateway.Viewer);
        SignedIn victim = await bench.SignInAsync(ClosedGateway.Admin, cookie: planted.Cookie);
        Assert.NotEqual(planted.Id, victim.Id);
        Assert.Equal(401, await bench.StatusAsync(HttpMethod.Get, Looked, planted.Look));
        SignedIn after = await bench.SignInAsync(ClosedGateway.Admin, cookie: "pouchmonitor-session=" + new string('A', 43));
        Assert.NotEqual(new string('A', 43), after.Id);
        Assert.Equal(401, await bench.StatusAsync(HttpMethod.Get, Looked, request => request.Headers.Add("Cookie", "pouchmonitor-session=" + new string('A', 43))));
    }

    [Fact]
    public async Task SigningOut_EndsIt()
    {
        SignedIn session = await bench.SignInAsync(ClosedGateway.Viewer);
        using HttpResponseMessage answer = await bench.SendAsync(HttpMethod.Delete, "/api/v1/session", session.Change);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("max-age=0", Assert.Single(answer.Headers.GetValues("Set-Cookie")).ToLowerInvariant());
        Assert.Equal(401, await bench.StatusAsync(HttpMethod.Get, Looked, session.Look));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("removal")]
    public async Task AChangeOfTheAccount_EndsItsSessions_AndTheirStreams(string what)
    {
        string user = "changing-" + what;
        bench.Access.AddUser(user, ClosedGateway.Password, Role.Operator);
        SignedIn session = await bench.SignInAsync(user);
        using HttpResponseMessage stream = await bench.SendAsync(HttpMethod.Get, "/api/v1/stream", session.Look, headersOnly: true);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using StreamReader events = new(await stream.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
        Assert.Contains("hello", await events.ReadLineAsync(TestContext.Current.CancellationToken) + await events.ReadLineAsync(TestContext.Current.CancellationToken));
        switch (what)
        {
            case "password":
                bench.Access.AddUser(user, "another horse battery");
                break;
            case "role":
                bench.Access.SetRole(user, Role.Viewer);
                break;
            default:
                bench.Access.RemoveUser(user);
                break;
        }

        Assert.Equal(401, await bench.StatusAsync(HttpMethod.Get, Looked, session.Look));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            // It ends, or breaks off; only the limit would be an error.
            while (await events.ReadLineAsync(limit.Token) is not null)
            {
            }

            throw new IOException("ended");
        });
        Assert.False(limit.IsCancellationRequested, "The stream went on.");
    }

    [Fact]
    public async Task ARefusedBrowser_GetsNoDialog_AndATool_IsToldHowToSignIn()
    {
        foreach ((string header, string value) in ((string, string)[])[("Accept", "application/json"), ("X-Requested-With", "dashboard"), ("Sec-Fetch-Mode", "cors")])
        {
            using HttpResponseMessage quiet = await bench.SendAsync(HttpMethod.Get, Looked, request => request.Headers.Add(header, value));
            Assert.Equal(HttpStatusCode.Unauthorized, quiet.StatusCode);
            Assert.Empty(quiet.Headers.WwwAuthenticate);
        }

        using HttpResponseMessage tool = await bench.SendAsync(HttpMethod.Get, Looked, ClosedGateway.Nobody);
        Assert.Equal("Basic", Assert.Single(tool.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task OnesOwnPassword_ChangesWithTheOldOne_AndTheSessionGoesOnUnderANewId()
    {
        bench.Access.AddUser("pat", ClosedGateway.Password, Role.Viewer);
        SignedIn session = await bench.SignInAsync("pat");
        Assert.Equal(403, await bench.StatusAsync(HttpMethod.Put, "/api/v1/session/password", session.Change, """{"currentPassword":"wrong wrong wrong","newPassword":"another horse battery"}"""));
        Assert.Equal(400, await bench.StatusAsync(HttpMethod.Put, "/api/v1/session/password", session.Change, $$"""{"currentPassword":"{{ClosedGateway.Password}}","newPassword":"short"}"""));
        using HttpResponseMessage answer = await bench.SendAsync(
            HttpMethod.Put, "/api/v1/session/password", session.Change, $$"""{"currentPassword":"{{ClosedGateway.Password}}","newPassword":"another horse battery"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        SignedIn next = new(Assert.Single(answer.Headers.GetValues("Set-Cookie")), "");
        Assert.Equal(401, await bench.StatusAsync(HttpMethod.Get, Looked, session.Look));
        Assert.Equal(200, await bench.StatusAsync(HttpMethod.Get, Looked, next.Look));
        Assert.True(bench.Access.IsUser("pat", "another horse battery"));
    }

    [Fact]
    public async Task TheLastAdministrator_Stays()
    {
        SignedIn session = await bench.SignInAsync(ClosedGateway.Admin);
        Assert.Equal(409, await bench.StatusAsync(HttpMethod.Delete, $"/api/v1/accounts/{ClosedGateway.Admin}", session.Change));
        Assert.Equal(409, await bench.StatusAsync(HttpMethod.Put, $"/api/v1/accounts/{ClosedGateway.Admin}", session.Change, """{"role":"viewer"}"""));
        Assert.Equal(409, await bench.StatusAsync(
            HttpMethod.Put, $"/api/v1/accounts/{ClosedGateway.Admin}", session.Change, """{"role":"viewer","password":"another horse battery"}"""));
        Assert.True(bench.Access.IsUser(ClosedGateway.Admin, ClosedGateway.Password));
        Assert.Equal(Role.Admin, bench.Access.FindPerson(ClosedGateway.Admin)!.Role);
    }
}
