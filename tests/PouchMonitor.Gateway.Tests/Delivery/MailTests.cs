using MimeKit;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Delivery.Mail;
using PouchMonitor.Gateway.Tests.Journal;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>Mail through a real server with TLS, and through servers that go wrong at each place.</summary>
public class MailTests
{
    private static readonly DeliveryRoute Mailbox = new() { Name = "mail", Kind = RouteKind.Mail, Address = "ben@lab.example" };

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task RealServer_TakesMailOverTls_FromWhoHasSignedIn(string mode)
    {
        await using MailBench bench = new();
        using TestAuthority authority = TestAuthority.Create();
        (string certificate, string key, string trust) = bench.WriteCertificate(authority, "localhost");
        await using MailProgram server = await MailProgram.StartAsync(certificate, key, mode);
        MailServer smtp = new()
        {
            Host = "localhost",
            Port = server.Port,
            Security = mode == "tls" ? MailSecurity.Tls : MailSecurity.StartTls,
            User = MailProgram.User,
            From = "alarm@lab.example",
        };
        NoticeMessage message = TemplateTests.Message(".\n.hidden\nTemperatur 61 °C <b>&", AlarmPriority.Emergency) with { MayBeRepeat = true };
        SendResult result = await bench.SendAsync(smtp, message, MailProgram.Password, trust);
        Assert.Equal((SendOutcome.Sent, ""), (result.Outcome, result.Reason));
        (string from, string to, string text) = await server.NextAsync();
        Assert.Equal(("alarm@lab.example", "ben@lab.example"), (from, to));
        using MimeMessage mail = MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), CancellationToken.None);
        Assert.Equal("HIGH: bench-1: . .hidden Temperatur 61 °C <b>&", mail.Subject);
        Assert.Equal(("auto-generated", "possible", "i-1/1"),
            (mail.Headers["Auto-Submitted"], mail.Headers["X-PouchMonitor-Repeat"], mail.Headers["X-PouchMonitor-Key"]));
        Assert.Contains("\n.hidden\nTemperatur 61 °C", mail.TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(NoticeMessage.RepeatWords, mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;", mail.HtmlBody, StringComparison.Ordinal);

        // A wrong password, and no trust in who signed the certificate: nothing goes, and no secret is said.
        SendResult wrong = await bench.SendAsync(smtp, message, "wrong-horse", trust);
        Assert.Equal(SendOutcome.TryLater, wrong.Outcome);
        Assert.StartsWith("signing in: ", wrong.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-horse", wrong.Reason, StringComparison.Ordinal);
        SendResult strange = await bench.SendAsync(smtp, message, MailProgram.Password, trustFile: null);
        Assert.Equal((SendOutcome.TryLater, true), (strange.Outcome, strange.Reason.Contains("certificate is not trusted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CertificateOfAnotherName_IsNotTrusted()
    {
        await using MailBench bench = new();
        using TestAuthority authority = TestAuthority.Create();
        (string certificate, string key, string trust) = bench.WriteCertificate(authority, "elsewhere.example");
        await using MailProgram server = await MailProgram.StartAsync(certificate, key, "tls");
        MailServer smtp = new() { Host = "localhost", Port = server.Port, Security = MailSecurity.Tls, User = "ada", From = "alarm@lab.example" };
        Assert.Equal(SendOutcome.TryLater, (await bench.SendAsync(smtp, TemplateTests.Message("x"), MailProgram.Password, trust)).Outcome);
    }

    [Theory]
    [InlineData("none", SendOutcome.Sent)]
    [InlineData("greeting-hang", SendOutcome.TryLater)]
    [InlineData("rcpt-450", SendOutcome.TryLater)]
    [InlineData("rcpt-550", SendOutcome.Refused)]
    [InlineData("data-cut", SendOutcome.TryLater, SendOutcome.Unknown)]
    [InlineData("dot-cut", SendOutcome.Unknown)]
    [InlineData("dot-hang", SendOutcome.Unknown)]
    [InlineData("dot-451", SendOutcome.TryLater)]
    [InlineData("dot-554", SendOutcome.Refused)]
    public async Task BadServer_IsJudgedByWhereItWentWrong(string fault, object expected, object? orElse = null)
    {
        await using MailBench bench = new();
        await using BadMailServer server = new(fault);
        SendResult result = await bench.SendAsync(Local(server), TemplateTests.Message("x"), timeout: TimeSpan.FromSeconds(fault.EndsWith("hang", StringComparison.Ordinal) ? 2 : 60));

        // Small mail is in the socket as a whole before the cut is seen: then it is right to be careful.
        Assert.True(result.Outcome == (SendOutcome)expected || result.Outcome == (orElse as SendOutcome?), $"{result.Outcome}: {result.Reason}");
    }

    [Fact]
    public async Task PasswordAndMail_AreNotSentWithoutTls()
    {
        await using MailBench bench = new();
        await using BadMailServer server = new("no-starttls");
        SendResult result = await bench.SendAsync(
            Local(server) with { Security = MailSecurity.StartTls, User = "ada" }, TemplateTests.Message("x"), MailProgram.Password);
        Assert.Equal(SendOutcome.TryLater, result.Outcome);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal) || command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Incident_IsOneThread_AndNamesCannotBecomeHeaders()
    {
        await using DeliveryRig rig = new();
        MailServer server = new() { Host = "localhost", From = "alarm@lab.example" };
        MimeMessage Write(AlarmNotice notice) => MailText.Write(
            server, "ben@lab.example", "ben/mail", NoticeMessage.Of(notice, TimeZoneInfo.Utc, null), rig.Time.GetUtcNow());
        using MimeMessage first = Write(rig.Notice("i-1/1", bench: "x\r\nBcc: eve@evil.example\r\n"));
        using MimeMessage later = Write(rig.Notice("i-1/2", kind: NoticeKind.Escalated, escalation: 1));
        using MimeMessage again = Write(rig.Notice("i-1/1"));
        using MimeMessage other = Write(rig.Notice("i-2/1"));
        Assert.Equal(first.MessageId, later.InReplyTo);
        Assert.Equal([first.MessageId!], later.References);
        Assert.Equal(first.MessageId, again.MessageId);
        Assert.Equal(4, new[] { first.MessageId, later.MessageId, other.MessageId, other.InReplyTo ?? "" }.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(first.Bcc);
        Assert.DoesNotContain("\nBcc:", first.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static MailServer Local(BadMailServer server) =>
        new() { Host = "127.0.0.1", Port = server.Port, Security = MailSecurity.None, From = "alarm@lab.example" };

    private sealed class MailBench : IAsyncDisposable
    {
        private readonly DeliveryRig rig = new();

        public (string Certificate, string Key, string Trust) WriteCertificate(TestAuthority authority, string name)
        {
            using var certificate = authority.Server(name);
            string At(string file) => Path.Combine(rig.Folder, file);
            File.WriteAllText(At("server.pem"), certificate.ExportCertificatePem());
            using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
            File.WriteAllText(At("server.key"), key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(At("trust.pem"), authority.Certificate.ExportCertificatePem());
            return (At("server.pem"), At("server.key"), At("trust.pem"));
        }

        public async Task<SendResult> SendAsync(
            MailServer server, NoticeMessage message, string? password = null, string? trustFile = null, TimeSpan? timeout = null)
        {
            DeliveryBook book = new(rig.Database, rig.Folder, new DeliveryOptions { MailPassword = password, AttemptTimeout = timeout ?? TimeSpan.FromSeconds(60) });
            using MailSender sender = new(book, new AuthorityCheck(trustFile), new ManualTime());
            return await sender.SendAsync(new DeliverySettings { Smtp = server }, DeliveryRig.Person("ben"), Mailbox, message, CancellationToken.None);
        }

        public ValueTask DisposeAsync() => rig.DisposeAsync();
    }
}
