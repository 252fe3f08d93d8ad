using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Measurement;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>
/// A node with one channel as the gateway sees it: tells its status, answers commands, samples at 50 Hz by the clock of this machine and
/// publishes what it has measured, at once or later. What the cell does is set by the test.
/// </summary>
internal sealed class FakeNode : IAsyncDisposable
{
    public const string Name = "n1";
    private const int RateHz = 50;
    private const int FrameSamples = 10;
    private const uint CalibrationId = 7;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly Lock publishing = new();
    private readonly List<(byte[] Bytes, bool IsSent)> kept = [];
    private int port;
    private MqttClient? client;
    private Task running = Task.CompletedTask;
    private long next;
    private long images;
    private long bootStart;
    private string protection = "disarmed";
    private string kind = "none";
    private string cause = "";

    /// <summary>Voltage and contact temperature of the cell at a time, Unix seconds.</summary>
    public Func<double, (double VoltageV, double SurfaceC)> Cell { get; set; } = static _ => (4.1, 25);

    /// <summary>Commands that are not answered.</summary>
    public HashSet<string> Deaf { get; } = [];

    /// <summary>Commands that are refused.</summary>
    public HashSet<string> Refusing { get; } = [];

    /// <summary>Commands that are done but whose answer is lost.</summary>
    public HashSet<string> Mute { get; } = [];

    public bool IsArmed => protection == "armed";

    /// <summary>True where a trip is answered but the relay does not open.</summary>
    public bool IsStuck { get; set; }

    /// <summary>True while it measures but cannot send.</summary>
    public bool IsOffline { get; set; }

    /// <summary>True while its thermistor is open.</summary>
    public bool IsSurfaceLost { get; set; }

    /// <summary>True where its front end was calibrated: its status tells the record, and its frames name it.</summary>
    public bool IsCalibrated { get; init; }

    public bool IsFast { get; private set; }

    public ulong Boot { get; private set; }

    /// <summary>Commands that came, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    public static async Task<FakeNode> StartAsync(int port, bool isCalibrated = false)
    {
        FakeNode node = new() { port = port, IsCalibrated = isCalibrated };
        node.Begin(0xAB);
        await node.ConnectAsync();
        node.running = Task.Run(node.RunAsync);
        return node;
    }

    /// <summary>Connects again, to the gateway that has been started anew.</summary>
    public async Task ReconnectAsync(int at)
    {
        port = at;
        await ConnectAsync();
    }

    /// <summary>Restarts: a new boot, at the usual rate, with the relay open.</summary>
    public async Task RebootAsync()
    {
        lock (publishing)
        {
            Begin(Boot + 1);
            IsFast = false;
            protection = "disarmed";
        }

        await SayStatusAsync();
    }

    /// <summary>The edge that its status tells of; null for none.</summary>
    public double? LastEdgeS { get; set; }

    /// <summary>Says that the edge of the trigger input was at a time, Unix seconds.</summary>
    public Task EdgeAsync(double atS) => PublishAsync(TopicNames.Event(Name), string.Create(CultureInfo.InvariantCulture,
        $$"""{"event":"trigger","boot":"{{Boot:x16}}","channel":"1","value":0,"uptimeMs":{{(long)((atS * 1e3) - (bootStart / 1e3))}},"uptimeUs":{{(long)Math.Round((atS * 1e6) - bootStart)}},"uncertaintyUs":2000}"""));

    /// <summary>Publishes one infrared image of now, all pixels alike.</summary>
    public async Task SendImageAsync(double temperatureC)
    {
        SampleFrame image = new(ImageRules.Pixels)
        {
            Node = Name,
            Channel = "1",
            Boot = Boot,
            Kind = FrameKind.Image,
            IsLive = true,
            HasBootAnchor = true,
            BootAnchorUnixMicroseconds = bootStart,
        };
        image.Scales[SampleColumns.Infrared].Denominator = 4;
        CellSample pixel = new();
        long uptime = (long)(NowS() * 1e6) - bootStart;
        for (int number = 0; number < ImageRules.Pixels; number++)
        {
            pixel.Clear();
            pixel.Number = (images * ImageRules.Pixels) + number;
            pixel.UptimeMicroseconds = uptime;
            pixel.SetGood(SampleColumns.Infrared, (long)Math.Round(temperatureC * 4));
            image.Add(pixel);
        }

        images++;
        byte[] bytes = new byte[4096];
        await client!.PublishAsync(TopicNames.Frame(Name, "1"), bytes.AsMemory(0, SampleFrameEncoder.Encode(image, bytes, 0)), MqttQos.AtLeastOnce);
    }

    /// <summary>Publishes frames that were kept while it could not send, the oldest last, as backlog.</summary>
    public async Task SendBacklogAsync()
    {
        List<byte[]> waiting;
        lock (publishing)
        {
            waiting = [.. kept.Where(one => !one.IsSent).Select(one => one.Bytes)];
            kept.Clear();
        }

        waiting.Reverse();
        foreach (byte[] bytes in waiting)
        {
            await client!.PublishAsync(TopicNames.Frame(Name, "1"), bytes, MqttQos.AtLeastOnce);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();

        // A publish that the gateway never answers must turn a test red, not hold up the whole run.
        await running.WaitAsync(LongestAnswer, CancellationToken.None);
        if (client is not null)
        {
            await client.DisposeAsync();
        }

        stop.Dispose();
    }

    private void Begin(ulong boot)
    {
        Boot = boot;
        bootStart = (long)(NowS() * 1e6) - 1_000_000;
        next = 0;
        images = 0;
    }

    private async Task ConnectAsync()
    {
        client = new MqttClient(new MqttClientOptions { Port = port, ClientId = Name, MessageReceived = Take });
        await client.ConnectAsync();
        await client.SubscribeAsync(TopicNames.Command(Name), MqttQos.AtLeastOnce);
        await SayStatusAsync();
    }

    private void Take(in MqttReceivedMessage message)
    {
        Utf8JsonReader reader = new(message.Payload);
        JsonElement said = JsonDocument.ParseValue(ref reader).RootElement;
        _ = Task.Run(() => AnswerAsync(said));
    }

    private async Task AnswerAsync(JsonElement said)
    {
        string command = said.GetProperty("command").GetString()!;
        Commands.Enqueue(command);
        if (Deaf.Contains(command))
        {
            return;
        }

        bool isAccepted = !Refusing.Contains(command);
        if (isAccepted)
        {
            Act(command, said);
        }

        if (Mute.Contains(command))
        {
            return;
        }

        await PublishAsync(TopicNames.Event(Name), string.Create(CultureInfo.InvariantCulture,
            $$"""{"event":"command","boot":"{{Boot:x16}}","value":0,"id":"{{said.GetProperty("id").GetString()}}","command":"{{command}}","accepted":{{(isAccepted ? "true" : "false")}},"reason":"{{(isAccepted ? "" : "the relay does not move")}}","uptimeMs":1}"""));
        await SayStatusAsync();
    }

    private void Act(string command, JsonElement said)
    {
        switch (command)
        {
            case "begin-abuse" or "end-abuse":
                IsFast = command == "begin-abuse";
                break;
            case "arm":
                (protection, kind) = ("armed", said.GetProperty("kind").GetString()!);
                break;
            case "disarm":
                protection = "disarmed";
                break;
            case "trip" when !IsStuck:
                Trip();
                break;
            default:
                break;
        }
    }

    /// <summary>Opens the relay; its next status tells.</summary>
    public void Trip() => (protection, cause) = ("tripped", ""","cause":"ordered","value":0,"limit":0,"unit":"1" """);

    /// <summary>Tells its status.</summary>
    public Task SayStatusAsync(bool isOnline = true)
    {
        string fast = IsFast ? ""","abuseChannel":"1" """ : "";
        string calibrations = IsCalibrated
            ? $$""","calibrations":{"1":{"id":{{CalibrationId}},"unixSeconds":1790000000,"voltageOffsetMillicounts":0,"voltageGainPpm":0,"currentOffsetMillicounts":0,"currentGainPpm":0} }""" : "";
        string edge = LastEdgeS is not { } at ? "" : string.Create(CultureInfo.InvariantCulture,
            $$""","trigger":{"edge":"closing","count":1,"channel":"1","uptimeUs":{{(long)Math.Round((at * 1e6) - bootStart)}},"uncertaintyUs":2000}""");
        string channel = $"{{\"state\":\"{protection}\",\"kind\":\"{kind}\"{(protection == "tripped" ? cause : "")}}}";
        return PublishAsync(TopicNames.Status(Name),
            $"{{\"state\":\"{(isOnline ? "online" : "offline")}\",\"boot\":\"{Boot:x16}\",\"firmware\":\"test\",\"uptimeMs\":1000,\"channels\":{{\"1\":\"abuse-cell\"}}{fast}{calibrations}{edge},\"protection\":{{\"1\":{channel}}}}}", isRetained: true);
    }

    private async Task PublishAsync(string topic, string json, bool isRetained = false)
    {
        try
        {
            await client!.PublishAsync(topic, Encoding.UTF8.GetBytes(json), MqttQos.AtLeastOnce, retain: isRetained);
        }
        catch (MqttClientException)
        {
            // The gateway is away.
        }
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                await SampleAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task SampleAsync()
    {
        List<byte[]> made = [];
        bool isHeld;
        lock (publishing)
        {
            isHeld = IsOffline;
            long due = ((long)(NowS() * 1e6) - bootStart) * RateHz / 1_000_000;
            while (next + FrameSamples <= due)
            {
                made.Add(Make());
            }

            kept.AddRange(made.Where(_ => isHeld).Select(bytes => (bytes, false)));
        }

        foreach (byte[] bytes in isHeld ? [] : made)
        {
            try
            {
                await client!.PublishAsync(TopicNames.Frame(Name, "1"), bytes, MqttQos.AtLeastOnce);
            }
            catch (MqttClientException)
            {
                lock (publishing)
                {
                    kept.Add((bytes, false));
                }
            }
        }
    }

    private byte[] Make()
    {
        frame.Clear();
        frame.Node = Name;
        frame.Channel = "1";
        frame.Boot = Boot;
        frame.Kind = FrameKind.Samples;
        frame.IsLive = !IsOffline;
        frame.HasBootAnchor = true;
        frame.BootAnchorUnixMicroseconds = bootStart;
        frame.Scales[SampleColumns.Voltage].Denominator = 1_000_000;
        for (int column = SampleColumns.Current; column <= SampleColumns.Ambient; column++)
        {
            frame.Scales[column].Denominator = 1000;
        }

        frame.Scales[SampleColumns.Voltage].CalibrationId = IsCalibrated ? CalibrationId : 0;
        CellSample sample = new();
        for (int i = 0; i < FrameSamples; i++, next++)
        {
            sample.Clear();
            sample.Number = next;
            sample.UptimeMicroseconds = next * 1_000_000 / RateHz;
            (double volts, double surfaceC) = Cell((bootStart + sample.UptimeMicroseconds) / 1e6);
            sample.SetGood(SampleColumns.Voltage, (long)Math.Round(volts * 1e6));
            sample.SetGood(SampleColumns.Current, 0);
            sample.Set(SampleColumns.Surface, IsSurfaceLost ? SensorState.Open : SensorState.Good, (long)Math.Round(surfaceC * 1e3));
            sample.SetGood(SampleColumns.Infrared, (long)Math.Round(surfaceC * 1e3) + 200);
            sample.SetGood(SampleColumns.Ambient, 24_000);
            frame.Add(sample);
        }

        return buffer.AsSpan(0, SampleFrameEncoder.Encode(frame, buffer, 0)).ToArray();
    }

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(1);

    private static double NowS() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
}
