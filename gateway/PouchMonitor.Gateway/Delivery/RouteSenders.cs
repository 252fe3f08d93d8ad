using PouchMonitor.Gateway.Delivery.Mail;
using PouchMonitor.Gateway.Delivery.Webhook;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>The sender of each kind of route.</summary>
internal sealed class RouteSenders : IRouteSender, IDisposable
{
    private readonly HttpClient http;
    private readonly WebhookSender webhooks;
    private readonly MailSender mail;

    public RouteSenders(DeliveryBook book, TimeProvider time)
    {
        AuthorityCheck authority = new(book.Options.AuthorityFile);
        http = GuardedHttp.Create(book.Options.AttemptTimeout, authority);
        webhooks = new WebhookSender(book, http, time);
        mail = new MailSender(book, authority, time);
    }

    /// <summary>For the watchdog, under the same rules.</summary>
    public HttpClient Http => http;

    public Task<SendResult> SendAsync(
        DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, NoticeMessage message, CancellationToken cancellation) =>
        (route.Kind == RouteKind.Mail ? (IRouteSender)mail : webhooks).SendAsync(settings, person, route, message, cancellation);

    public void Dispose()
    {
        mail.Dispose();
        http.Dispose();
    }
}
