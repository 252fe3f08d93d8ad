using MimeKit;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery.Mail;

/// <summary>A message as mail: plain text and simple HTML, all of an incident in one thread.</summary>
internal static class MailText
{
    public static MimeMessage Write(MailServer server, string address, string routeKey, NoticeMessage message, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        string domain = server.From[(server.From.LastIndexOf('@') + 1)..];
        MimeMessage mail = new();
        mail.From.Add(new MailboxAddress("PouchMonitor", server.From));
        mail.To.Add(MailboxAddress.Parse(address));
        mail.Date = now;
        mail.Subject = DeliveryText.OneLine(message.Title);

        // The message that begins an incident bears the id that all later ones answer; a repeat bears the id of the first attempt.
        string root = $"{DeliveryText.Digest(routeKey + "\n" + message.Incident)}@incident.{domain}";
        bool begins = message.Kind == NoticeKind.Raised && message.Notices.Count == 1 && !message.IsTest;
        mail.MessageId = begins ? root : $"{DeliveryText.Digest(routeKey + "\n" + message.Key)}@notice.{domain}";
        if (!begins && message.Notices.Count == 1)
        {
            mail.InReplyTo = root;
            mail.References.Add(root);
        }

        if (message.Priority == AlarmPriority.Emergency)
        {
            mail.Importance = MessageImportance.High;
            mail.XPriority = XMessagePriority.Highest;
        }

        // So that no answering machine answers, and the gateway is not told so.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        mail.Headers.Add("X-PouchMonitor-Key", DeliveryText.OneLine(message.Key));
        if (message.MayBeRepeat)
        {
            mail.Headers.Add(Webhook.WebhookSender.RepeatHeader, "possible");
        }

        mail.Body = new MultipartAlternative
        {
            new TextPart("plain") { Text = $"{message.Title}\n\n{message.Text}\n" },
            new TextPart("html") { Text = Html(message) },
        };
        return mail;
    }

    private static string Html(NoticeMessage message)
    {
        IEnumerable<string> lines = message.AllLines.Select(line => line == message.Link
            ? $"<p><a href=\"{DeliveryText.Html(line)}\">Open the alarm desk</a></p>" : $"<p>{DeliveryText.Html(line)}</p>");
        return $"<!DOCTYPE html>\n<html><body style=\"font-family:sans-serif\">\n<h2>{DeliveryText.Html(message.Title)}</h2>\n{string.Join('\n', lines)}\n</body></html>\n";
    }
}
