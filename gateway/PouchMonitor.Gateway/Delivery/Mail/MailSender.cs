using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace PouchMonitor.Gateway.Delivery.Mail;

/// <summary>
/// Hands a message to the mail server, one connection a message: with TLS unless the server is on this machine, and a password only
/// over TLS. Where the connection ends after the text was sent and before the server answered, nobody knows whether it was taken.
/// </summary>
internal sealed class MailSender(DeliveryBook book, AuthorityCheck authority, TimeProvider time) : IRouteSender, IDisposable
{
    /// <summary>Connections at a time; servers turn away who opens many.</summary>
    private readonly SemaphoreSlim connections = new(3);

    /// <summary>As many again for emergencies, so that none waits for mail that hangs.</summary>
    private readonly SemaphoreSlim urgentConnections = new(3);

    public async Task<SendResult> SendAsync(
        DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, NoticeMessage message, CancellationToken cancellation)
    {
        if (settings.Smtp is not { } server)
        {
            return new SendResult(SendOutcome.TryLater, "no mail server is set");
        }

        MimeMessage mail = MailText.Write(server, route.Address!, DeliverySettings.KeyOf(person, route), message, time.GetUtcNow());
        SemaphoreSlim free = Routing.NothingSilences(message.Priority) ? urgentConnections : connections;
        await free.WaitAsync(cancellation);
        try
        {
            using CancellationTokenSource limit = new(book.Options.AttemptTimeout);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            return await HandOverAsync(server, mail, cancellation, either.Token);
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose()
    {
        connections.Dispose();
        urgentConnections.Dispose();
    }

    private async Task<SendResult> HandOverAsync(MailServer server, MimeMessage mail, CancellationToken cancellation, CancellationToken limited)
    {
        string doing = "connecting";
        TextProgress progress = new();
        using SmtpClient client = new()
        {
            ServerCertificateValidationCallback = authority.Validate,
            CheckCertificateRevocation = false,
            Timeout = (int)book.Options.AttemptTimeout.TotalMilliseconds,
            LocalDomain = "pouchmonitor.localdomain",
        };
        try
        {
            await client.ConnectAsync(server.Host, server.Port, server.Security switch
            {
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                MailSecurity.None => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, limited);
            if (server.User is not null)
            {
                doing = "signing in";
                if (!client.IsSecure)
                {
                    return new SendResult(SendOutcome.TryLater, "the connection is not encrypted, so no password was sent");
                }

                await client.AuthenticateAsync(server.User, book.MailPassword ?? "", limited);
            }

            doing = "sending";
            await client.SendAsync(mail, limited, progress);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Later(progress, string.Create(CultureInfo.InvariantCulture, $"{doing}: no answer within {book.Options.AttemptTimeout.TotalSeconds:0.###} s"));
        }
        catch (SmtpCommandException error)
        {
            // The server has answered: 5yz refuses this message for good, 4yz for now; signing in is a matter of settings.
            bool isRefused = doing == "sending" && (int)error.StatusCode >= 500;
            return new SendResult(isRefused ? SendOutcome.Refused : SendOutcome.TryLater,
                string.Create(CultureInfo.InvariantCulture, $"{doing}: {(int)error.StatusCode} {Safe(error.Message)}"));
        }
        catch (SslHandshakeException)
        {
            return new SendResult(SendOutcome.TryLater, $"TLS with {server.Host} failed: its certificate is not trusted or not for that name, or it speaks no TLS there");
        }
        catch (Exception error) when (error is AuthenticationException or ProtocolException or IOException or SocketException
            or NotSupportedException or InvalidOperationException or TimeoutException)
        {
            return Later(progress, $"{doing}: {Safe(error.Message)}");
        }

        try
        {
            await client.DisconnectAsync(quit: true, limited);
        }
#pragma warning disable CA1031 // The message is taken; how the connection ends does not matter.
        catch (Exception)
#pragma warning restore CA1031
        {
            return SendResult.Sent;
        }

        return SendResult.Sent;
    }

    private static SendResult Later(TextProgress progress, string reason) =>
        new(progress.WasWhole ? SendOutcome.Unknown : SendOutcome.TryLater, reason);

    // A server may say back what it was given.
    private string Safe(string text)
    {
        string shown = DeliveryText.OneLine(text).Trim();
        if (book.MailPassword is { Length: > 3 } password)
        {
            shown = shown.Replace(password, "***", StringComparison.Ordinal)
                .Replace(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(password)), "***", StringComparison.Ordinal);
        }

        return DeliveryText.Shorten(shown, 300);
    }

    // Until the text was on its way the server cannot have taken it.
    private sealed class TextProgress : ITransferProgress
    {
        public bool WasWhole { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => WasWhole |= bytesTransferred >= totalSize;

        public void Report(long bytesTransferred) => WasWhole = true;
    }
}
