using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>A real mail server (aiosmtpd of Debian) on a free port of loopback that takes mail from who has signed in over TLS.</summary>
internal sealed class MailProgram : IAsyncDisposable
{
    public const string User = "ada";
    public const string Password = "correct-horse";

    private const string Library = "/usr/lib/python3/dist-packages/aiosmtpd/smtp.py";

    private const string Script = """
        import asyncio, base64, json, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult
        certificate, key, mode = sys.argv[1:4]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        class Handler:
            async def handle_DATA(self, server, session, envelope):
                print(json.dumps({'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'mail': base64.b64encode(envelope.original_content).decode()}), flush=True)
                return '250 taken'
        def authenticate(server, session, envelope, mechanism, data):
            good = data.login == b'ada' and data.password == b'correct-horse'
            return AuthResult(success=good, handled=good)
        def make():
            return SMTP(Handler(), hostname='localhost', authenticator=authenticate, auth_required=True, auth_require_tls=mode == 'starttls',
                tls_context=context if mode == 'starttls' else None, require_starttls=mode == 'starttls')
        async def main():
            server = await asyncio.get_running_loop().create_server(make, '127.0.0.1', 0, ssl=context if mode == 'tls' else None)
            print(server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()
        asyncio.run(main())
        """;

    private readonly Process process;

    private MailProgram(Process process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts one; the test is skipped where it is absent.</summary>
    public static async Task<MailProgram> StartAsync(string certificateFile, string keyFile, string mode)
    {
        Assert.SkipUnless(File.Exists(Library), "python3-aiosmtpd is not installed");
        Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Script, certificateFile, keyFile, mode])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string? port = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        string error = port is null ? await process.StandardError.ReadToEndAsync() : "";
        Assert.True(int.TryParse(port, CultureInfo.InvariantCulture, out int number), $"aiosmtpd did not start: {error}");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return new MailProgram(process, number);
    }

    public async Task<(string From, string To, string Mail)> NextAsync()
    {
        string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        using JsonDocument taken = JsonDocument.Parse(line ?? throw new InvalidOperationException("aiosmtpd has ended."));
        return (taken.RootElement.GetProperty("from").GetString()!, taken.RootElement.GetProperty("to")[0].GetString()!,
            Encoding.UTF8.GetString(taken.RootElement.GetProperty("mail").GetBytesFromBase64()));
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}

/// <summary>A mail server that goes wrong at a place of one's choice, and keeps what it was told.</summary>
internal sealed class BadMailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly string fault;
    private readonly Task work;

    /// <param name="fault">greeting-hang, rcpt-450, rcpt-550, data-cut, dot-cut, dot-hang, dot-451, dot-554, no-starttls, none.</param>
    public BadMailServer(string fault)
    {
        this.fault = fault;
        listener.Start();
        work = Task.Run(RunAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Commands as they came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Commands { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await work;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                await ServeAsync(client);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // The next connection, or the end.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await using NetworkStream stream = client.GetStream();
        using StreamReader reader = new(stream, Encoding.ASCII);
        async Task Say(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop.Token);
        async Task Hang() => await Task.Delay(Timeout.Infinite, stop.Token);
        if (fault == "greeting-hang")
        {
            await Hang();
        }

        await Say("220 bad ESMTP");
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            Commands.Enqueue(line);
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await Say("250-bad");
                    await Say("250 AUTH PLAIN LOGIN");
                    break;
                case "RCPT" when fault == "rcpt-450":
                    await Say("450 later");
                    break;
                case "RCPT" when fault == "rcpt-550":
                    await Say("550 nobody of that name");
                    break;
                case "DATA":
                    await Say("354 go on");
                    if (fault == "data-cut")
                    {
                        await reader.ReadLineAsync(stop.Token);
                        client.Client.Close(0);
                        return;
                    }

                    while (await reader.ReadLineAsync(stop.Token) is { } text && text != ".")
                    {
                    }

                    if (fault == "dot-cut")
                    {
                        client.Client.Close(0);
                        return;
                    }

                    if (fault == "dot-hang")
                    {
                        await Hang();
                    }

                    await Say(fault == "dot-451" ? "451 disk full" : fault == "dot-554" ? "554 refused" : "250 taken");
                    break;
                case "QUIT":
                    await Say("221 bye");
                    return;
                default:
                    await Say("250 ok");
                    break;
            }
        }
    }
}
