using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace PouchMonitor.Gateway.Delivery.Webhook;

/// <summary>Sends a message to a webhook: signed, with the key of the notice as idempotency key.</summary>
internal sealed class WebhookSender(DeliveryBook book, HttpClient http, TimeProvider time) : IRouteSender
{
    public const string RepeatHeader = "X-PouchMonitor-Repeat";

    private static readonly string UserAgent = $"PouchMonitor/{GatewayServices.Version.Split('+')[0]}";

    public async Task<SendResult> SendAsync(
        DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, NoticeMessage message, CancellationToken cancellation)
    {
        DeliverySecret secret = book.Secrets.Of(DeliverySettings.KeyOf(person, route));
        if (secret.Url is null)
        {
            return new SendResult(SendOutcome.TryLater, "the address of the webhook is not set");
        }

        using CancellationTokenSource limit = new(book.Options.AttemptTimeout);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        byte[] body = WebhookBody.Write(route, message);
        using SentContent content = new(body);
        try
        {
            using HttpRequestMessage request = Request(new Uri(secret.Url), DeliverySettings.KeyOf(person, route), route, message, secret, content, body);
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await ReadAsync(answer, secret, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return NotAnswered(content, string.Create(CultureInfo.InvariantCulture, $"no answer within {book.Options.AttemptTimeout.TotalSeconds:0.###} s"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The inner one says what happened; the outer one may quote the address.
            return NotAnswered(content, WithoutSecrets((error.InnerException ?? error).Message, secret));
        }
    }

    private HttpRequestMessage Request(
        Uri url, string key, DeliveryRoute route, NoticeMessage message, DeliverySecret secret, HttpContent content, byte[] body)
    {
        bool isMatrix = route.Template == WebhookTemplate.Matrix;
        HttpRequestMessage request = new(isMatrix ? HttpMethod.Put : HttpMethod.Post, isMatrix ? MatrixAddress(url, key, route, message) : url) { Content = content };
        request.Headers.UserAgent.ParseAdd(UserAgent);
        request.Headers.Add("Idempotency-Key", message.Key);
        if (message.MayBeRepeat)
        {
            request.Headers.Add(RepeatHeader, "possible");
        }

        if (secret.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (secret.Secret is { } signing)
        {
            request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(signing, time.GetUtcNow().ToUnixTimeSeconds(), body));
        }

        return request;
    }

    // A transaction of its own a notice: the server takes each once, however often it is sent.
    private static Uri MatrixAddress(Uri server, string key, DeliveryRoute route, NoticeMessage message) => new(
        $"{server.GetLeftPart(UriPartial.Path).TrimEnd('/')}/_matrix/client/v3/rooms/{Uri.EscapeDataString(route.Room ?? "")}/send/m.room.message/{DeliveryText.Digest(key + "\n" + message.Key)}");

    private async Task<SendResult> ReadAsync(HttpResponseMessage answer, DeliverySecret secret, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
        {
            return SendResult.Sent;
        }

        string said = "";
        try
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellation);
            byte[] bytes = new byte[GuardedHttp.MostAnswerBytes];
            said = Encoding.UTF8.GetString(bytes, 0, await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The status alone has to do.
        }

        int status = (int)answer.StatusCode;
        string reason = status is >= 300 and < 400
            ? string.Create(CultureInfo.InvariantCulture, $"answered {status}, a redirect; it is not followed")
            : DeliveryText.Shorten(string.Create(CultureInfo.InvariantCulture, $"answered {status} {WithoutSecrets(DeliveryText.OneLine(said).Trim(), secret)}").Trim(), 300);

        // The content is at fault, not the address or the moment.
        bool isRefused = answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
            or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity;

        // A gateway before it may have passed it on.
        bool isUnknown = answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.InternalServerError;
        return new SendResult(isRefused ? SendOutcome.Refused : isUnknown ? SendOutcome.Unknown : SendOutcome.TryLater, reason, RetryAfter(answer));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter is not { } asked ? null : asked.Delta ?? (asked.Date is { } date ? date - time.GetUtcNow() : null);

    private static SendResult NotAnswered(SentContent content, string reason) =>
        new(content.WasWritten ? SendOutcome.Unknown : SendOutcome.TryLater, reason);

    // A server or a proxy may say back what it was given.
    private static string WithoutSecrets(string text, DeliverySecret secret)
    {
        Uri? url = Uri.TryCreate(secret.Url, UriKind.Absolute, out Uri? parsed) ? parsed : null;
        foreach (string? hidden in (string?[])[secret.Url, secret.Secret, secret.Token, url?.PathAndQuery])
        {
            text = hidden is { Length: > 3 } ? text.Replace(hidden, "***", StringComparison.Ordinal) : text;
        }

        return text;
    }

    // Tells whether any of the body left; until then nothing can have arrived.
    private sealed class SentContent : HttpContent
    {
        private readonly byte[] body;

        public SentContent(byte[] body)
        {
            this.body = body;
            Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        }

        public bool WasWritten { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellation)
        {
            WasWritten = true;
            await stream.WriteAsync(body, cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
