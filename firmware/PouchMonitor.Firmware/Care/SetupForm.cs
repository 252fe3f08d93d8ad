using System.Text;
using PouchMonitor.Firmware.Configuration;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The page on which a node is given its first settings, as text in and text out, so that it is tested without a socket.
/// What is saved has passed the same checks as the file and the config topic; a secret is never shown again.
/// </summary>
public sealed class SetupForm
{
    /// <summary>Most bytes of a request.</summary>
    public const int MaximumRequestBytes = 12 * 1024;

    private const string LengthHeader = "content-length:";

    private readonly SettingsStore store;

    public SetupForm(SettingsStore store)
    {
        this.store = store;
    }

    /// <summary>True once valid settings were saved.</summary>
    public bool IsDone { get; private set; }

    /// <summary>
    /// Bytes that the request has in all, by what has come of it so far: -1 while its head is not whole, -2 when it is no
    /// request that is answered here.
    /// </summary>
    public static int LengthOf(string request)
    {
        int end = request.IndexOf("\r\n\r\n");
        if (end < 0)
        {
            return request.Length > MaximumRequestBytes ? -2 : -1;
        }

        string[] lines = request.Substring(0, end).Split('\n');
        int body = 0;
        for (int i = 1; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.ToLower().StartsWith(LengthHeader)
                && (!int.TryParse(line.Substring(LengthHeader.Length).Trim(), out body) || body < 0))
            {
                return -2;
            }
        }

        int length = end + 4 + body;
        return length > MaximumRequestBytes || body > MaximumRequestBytes ? -2 : length;
    }

    /// <summary>The whole answer to a whole request.</summary>
    public string Answer(string request)
    {
        if (request.StartsWith("GET / "))
        {
            return Page("200 OK", "");
        }

        int body = request.IndexOf("\r\n\r\n");
        if (!request.StartsWith("POST / ") || body < 0)
        {
            return Page("404 Not Found", "There is nothing but this page.");
        }

        string? settings = FieldOf(request.Substring(body + 4), "settings");
        string? reason = settings == null ? "the field 'settings' is missing" : Save(settings);
        return reason == null
            ? Page("200 OK", "Saved. The node restarts and connects; this access point is gone.")
            : Page("400 Bad Request", "Not saved: " + reason);
    }

    /// <summary>The value of a field of a form that was sent (application/x-www-form-urlencoded); null where it is absent or broken.</summary>
    public static string? FieldOf(string body, string name)
    {
        string[] fields = body.Trim().Split('&');
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i].StartsWith(name + "="))
            {
                return Decoded(fields[i].Substring(name.Length + 1));
            }
        }

        return null;
    }

    private string? Save(string settings)
    {
        string text = store.Text;
        string[] lines = settings.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int equals = line.IndexOf('=');
            string value = equals < 1 ? "" : line.Substring(equals + 1).Trim();
            string name = equals < 1 ? "" : line.Substring(0, equals).Trim();
            if (value == SettingsText.Mask && ConfigurationText.IsSecret(name))
            {
                // As it was shown: the secret stays.
                continue;
            }

            string? changed = SettingsText.With(text, name, value, out string fault);
            if (changed == null)
            {
                return "line " + (i + 1) + ": " + (equals < 1 ? "it is not name = value" : fault);
            }

            text = changed;
        }

        if (ConfigurationText.Read(text, out string invalid) == null)
        {
            return invalid;
        }

        if (!store.Save(text, ""))
        {
            return "the flash cannot be written";
        }

        IsDone = true;
        return null;
    }

    private string Page(string status, string message)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><title>PouchMonitor node</title>");
        page.Append("<h1>PouchMonitor node</h1>");
        if (message.Length > 0)
        {
            page.Append("<p role=alert><b>");
            AppendEscaped(page, message);
            page.Append("</b></p>");
        }

        page.Append("<form method=post action=/ autocomplete=off><p><label for=s>Settings, a line each (name = value): node, wifiName, ")
            .Append("wifiPassword, brokerHost, brokerUser, brokerPassword, channel.1.label, ...</label>")
            .Append("<p><textarea id=s name=settings rows=20 cols=60>");
        AppendEscaped(page, SettingsText.Masked(store.Text));
        page.Append("</textarea><p><button>Save</button></form>");
        var answer = new StringBuilder();
        answer.Append("HTTP/1.1 ").Append(status).Append("\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n");
        answer.Append("Content-Security-Policy: default-src 'none'; form-action 'self'\r\nContent-Length: ");
        answer.Append(Encoding.UTF8.GetBytes(page.ToString()).Length);
        return answer.Append("\r\nConnection: close\r\n\r\n").Append(page.ToString()).ToString();
    }

    private static void AppendEscaped(StringBuilder to, string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
            {
                to.Append("&#").Append((int)c).Append(';');
            }
            else
            {
                to.Append(c);
            }
        }
    }

    private static string? Decoded(string text)
    {
        byte[] bytes = new byte[text.Length];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c > '~')
            {
                return null;
            }

            if (c == '%')
            {
                int code = i + 2 < text.Length ? (FlatJson.HexDigit(text[i + 1]) * 16) + FlatJson.HexDigit(text[i + 2]) : -1;
                if (code < 0 || FlatJson.HexDigit(text[i + 2]) < 0)
                {
                    return null;
                }

                bytes[count] = (byte)code;
                i += 2;
            }
            else
            {
                bytes[count] = (byte)(c == '+' ? ' ' : c);
            }

            count++;
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
