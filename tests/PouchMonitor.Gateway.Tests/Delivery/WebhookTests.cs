using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Delivery.Webhook;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>Webhooks as they arrive, what becomes of bad answers, and where none is sent.</summary>
public class WebhookTests
{
    private const string Secret = "0123456789abcdef-signing";
    private static readonly DeliveryPerson Ada = DeliveryRig.Person("ada");

    [Fact]
    public async Task Request_IsSigned_HasTheKey_AndSaysWhereItMayBeARepeat()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using WebhookBench bench = new(new DeliverySecret(receiver.Url + "/hook?x=1", Secret, "token-1"));
        Assert.Equal(SendOutcome.Sent, (await bench.SendAsync(Message(repeat: true))).Outcome);
        Received request = await receiver.NextAsync();
        Assert.Equal(("POST", "/hook?x=1"), (request.Method, request.Path));
        Assert.Equal("i-1/1", request.Headers["Idempotency-Key"]);
        Assert.Equal("possible", request.Headers["X-PouchMonitor-Repeat"]);
        Assert.Equal("Bearer token-1", request.Headers["Authorization"]);
        Assert.StartsWith("PouchMonitor/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);

        // As gateway/DELIVERY.md tells a receiver to check it.
        string[] parts = request.Headers["X-PouchMonitor-Signature"].Split(',');
        byte[] signed = [.. Encoding.ASCII.GetBytes(parts[0]["t=".Length..] + "."), .. request.Body];
        Assert.Equal("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed)), parts[1]);
        Assert.Equal(bench.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), parts[0]["t=".Length..]);

        await bench.SendAsync(Message());
        Assert.DoesNotContain("X-PouchMonitor-Repeat", (await receiver.NextAsync()).Headers.Keys);
    }

    [Theory]
    [InlineData(204, SendOutcome.Sent)]
    [InlineData(400, SendOutcome.Refused)]
    [InlineData(413, SendOutcome.Refused)]
    [InlineData(401, SendOutcome.TryLater)]
    [InlineData(404, SendOutcome.TryLater)]
    [InlineData(429, SendOutcome.TryLater)]
    [InlineData(503, SendOutcome.TryLater)]
    [InlineData(500, SendOutcome.Unknown)]
    [InlineData(502, SendOutcome.Unknown)]
    [InlineData(302, SendOutcome.TryLater)]
    public async Task Answers_AreJudged_AndNoRedirectIsFollowed(int status, object expected)
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (context, request) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            context.Response.Headers.Location = receiver.Url + "/elsewhere";
            if (status != 204)
            {
                await context.Response.WriteAsync($"you said {request.Path} with {Secret} and token-1");
            }
        };
        await using WebhookBench bench = new(new DeliverySecret(receiver.Url + "/secret-path", Secret, "token-1"));
        SendResult result = await bench.SendAsync(Message());
        Assert.Equal((SendOutcome)expected, result.Outcome);
        Assert.Equal(1, receiver.Waiting);
        if (result.Outcome != SendOutcome.Sent)
        {
            Assert.Equal(TimeSpan.FromSeconds(7), result.RetryAfter);
            Assert.Contains(status.ToString(CultureInfo.InvariantCulture), result.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-path", result.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, result.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("token-1", result.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NoAnswer_MayHaveArrived_AndNoConnectionHasNot()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TaskCompletionSource never = new();
        receiver.Answer = (_, _) => never.Task;
        await using WebhookBench bench = new(new DeliverySecret(receiver.Url), TimeSpan.FromSeconds(1));
        SendResult late = await bench.SendAsync(Message());
        never.SetResult();
        Assert.Equal((SendOutcome.Unknown, "no answer within 1 s"), (late.Outcome, late.Reason));

        receiver.Answer = static (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal(SendOutcome.Unknown, (await bench.SendAsync(Message())).Outcome);

        using Socket unanswered = new(SocketType.Stream, ProtocolType.Tcp);
        unanswered.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)unanswered.LocalEndPoint!).Port;
        await using WebhookBench closed = new(new DeliverySecret($"http://127.0.0.1:{port}/very-secret"));
        SendResult refused = await closed.SendAsync(Message());
        Assert.Equal(SendOutcome.TryLater, refused.Outcome);
        Assert.DoesNotContain("very-secret", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("10.1.2.3", false, false)]
    [InlineData("10.1.2.3", true, true)]
    [InlineData("8.8.8.8", true, true)]
    [InlineData("8.8.8.8", false, false)]
    [InlineData("169.254.169.254", true, false)]
    [InlineData("::ffff:169.254.169.254", true, false)]
    [InlineData("fe80::1", true, false)]
    [InlineData("0.0.0.0", true, false)]
    [InlineData("::", true, false)]
    [InlineData("224.0.0.1", true, false)]
    [InlineData("fd00:ec2::254", true, false)]
    public void Addresses_ThatAreReallyConnectedTo_AreLookedAt(string address, bool isEncrypted, bool isAllowed) =>
        Assert.Equal(isAllowed, GuardedHttp.Refusal(IPAddress.Parse(address), isEncrypted) is null);

    [Fact]
    public async Task NameThatLeadsElsewhere_IsNotConnectedTo()
    {
        await using WebhookBench bench = new(new DeliverySecret("https://169.254.169.254/latest/meta-data"));
        SendResult result = await bench.SendAsync(Message());
        Assert.Equal(SendOutcome.TryLater, result.Outcome);
        Assert.Contains("169.254.169.254 is a link-local", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Matrix_PutsATransactionThatARepeatRepeats()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using WebhookBench bench = new(new DeliverySecret(receiver.Url, Token: "syt_1"));
        DeliveryRoute room = new() { Name = "hook", Template = WebhookTemplate.Matrix, Room = "!a/b:server" };
        await bench.SendAsync(Message(), room);
        await bench.SendAsync(Message(repeat: true), room);
        Received first = await receiver.NextAsync();
        Assert.Equal("PUT", first.Method);
        Assert.StartsWith("/_matrix/client/v3/rooms/%21a%2Fb%3Aserver/send/m.room.message/", first.Path, StringComparison.Ordinal);
        Assert.Equal(first.Path, (await receiver.NextAsync()).Path);
        Assert.Equal("Bearer syt_1", first.Headers["Authorization"]);
    }

    private static NoticeMessage Message(bool repeat = false) => TemplateTests.Message("Voltage high") with { MayBeRepeat = repeat };

    private sealed class WebhookBench : IAsyncDisposable
    {
        private readonly DeliveryRig rig = new();
        private readonly HttpClient http;
        private readonly WebhookSender sender;

        public WebhookBench(DeliverySecret secret, TimeSpan? timeout = null)
        {
            DeliveryBook book = new(rig.Database, rig.Folder, new DeliveryOptions { AttemptTimeout = timeout ?? TimeSpan.FromSeconds(60) });
            book.Secrets.Write(new Dictionary<string, DeliverySecret>(StringComparer.Ordinal) { ["ada/hook"] = secret });
            http = GuardedHttp.Create(TimeSpan.FromSeconds(60), new AuthorityCheck(null));
            sender = new WebhookSender(book, http, Time);
        }

        public ManualTime Time { get; } = new();

        public Task<SendResult> SendAsync(NoticeMessage message, DeliveryRoute? route = null) =>
            sender.SendAsync(new DeliverySettings(), Ada, route ?? Ada.Routes[0], message, CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await rig.DisposeAsync();
        }
    }
}
