using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Api.Door;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>Every route of the running gateway against everybody who may ask. A new route is covered by itself.</summary>
public sealed class RouteAccessTests(ClosedGateway bench) : IClassFixture<ClosedGateway>
{
    // Whoever adds one here opens it to everybody who can reach the port.
    private static readonly string[] OpenRoutes =
    [
        "* /mqtt", "DELETE /api/v1/session", "GET /api/v1/session", "GET /healthz", "GET /readyz", "POST /api/v1/session", "POST /api/v1/setup",
    ];

    [Fact]
    public void WhatIsOpenToAll_IsListedHere() => Assert.Equal(
        OpenRoutes, Routes().Where(route => route.Endpoint.Metadata.GetMetadata<OpenRoute>() is not null).Select(route => route.Name).Distinct().Order(StringComparer.Ordinal));

    // Checking a profile or a plan only tells what is wrong with it.
    [Fact]
    public void AViewer_ChangesNothingButTheirOwnPassword() => Assert.Equal(["POST /api/v1/abuse/plans/check", "POST /api/v1/profiles/check", "PUT /api/v1/session/password"], Routes()
        .Where(route => route.Method is not ("GET" or "HEAD" or "*") && route.Endpoint.Metadata.GetMetadata<OpenRoute>() is null
            && route.Endpoint.Metadata.GetMetadata<RoleNeeded>() is { Role: Role.Viewer })
        .Select(route => route.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task EachRoute_LetsInWhoMay_AndNobodyElse()
    {
        SignedIn session = await bench.SignInAsync(ClosedGateway.Operator);
        (string Name, Role? Role, Action<HttpRequestMessage> Who)[] callers =
        [
            ("nobody", null, ClosedGateway.Nobody),
            ("a viewer", Role.Viewer, ClosedGateway.As(ClosedGateway.Viewer)),
            ("an operator", Role.Operator, ClosedGateway.As(ClosedGateway.Operator)),
            ("an operator's session", Role.Operator, session.Change),
            ("an administrator", Role.Admin, ClosedGateway.As(ClosedGateway.Admin)),
            ("a token to read", Role.Viewer, ClosedGateway.Bearer(bench.TokenOf(TokenScopes.Read))),
            ("a token to operate", Role.Operator, ClosedGateway.Bearer(bench.TokenOf(TokenScopes.Operate))),
            ("a token for all", Role.Admin, ClosedGateway.Bearer(bench.TokenOf(TokenScopes.Admin))),
            ("a token for metrics", null, ClosedGateway.Bearer(bench.TokenOf(TokenScopes.Metrics))),
            ("a made-up token", null, ClosedGateway.Bearer("pmt_" + new string('0', 64))),
        ];
        List<string> wrong = [];
        int asked = 0;
        foreach ((string method, string name, RouteEndpoint endpoint) in Routes())
        {
            if (endpoint.Metadata.GetMetadata<OpenRoute>() is not null)
            {
                continue;
            }

            bool isReading = method is "GET" or "HEAD" or "*";
            Role needed = endpoint.Metadata.GetMetadata<RoleNeeded>()?.Role ?? (isReading ? Role.Viewer : Role.Admin);
            foreach ((string caller, Role? role, Action<HttpRequestMessage> who) in callers)
            {
                int status = await bench.StatusAsync(new HttpMethod(method == "*" ? "GET" : method), GatewayRoute.PathOf(endpoint, "none-of-it"), who);
                bool isMetrics = caller == "a token for metrics";
                bool isAdmitted = role >= needed || isMetrics && endpoint.RoutePattern.RawText == "/metrics";
                bool isRight = isAdmitted ? status is not (401 or 403 or >= 500)
                    : status == (role is null && !isMetrics ? 401 : 403);
                asked++;
                if (!isRight && !(isAdmitted && status == 503))
                {
                    wrong.Add($"{name}, {caller}: {status}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(asked > 200, $"Only {asked} requests: the routes were not found.");
    }

    [Fact]
    public async Task ThePages_AreThereForEverybody_AndUnknownPathsTellNothing()
    {
        Assert.Equal(404, await bench.StatusAsync(HttpMethod.Get, "/nothing-here", ClosedGateway.Nobody));
        Assert.Equal(401, await bench.StatusAsync(HttpMethod.Get, "/api/v1/nothing-here", ClosedGateway.Nobody));
        Assert.Equal(404, await bench.StatusAsync(HttpMethod.Get, "/api/v1/nothing-here", ClosedGateway.As(ClosedGateway.Viewer)));
    }

    private IEnumerable<GatewayRoute> Routes() => GatewayRoute.All(bench.Gateway);
}
