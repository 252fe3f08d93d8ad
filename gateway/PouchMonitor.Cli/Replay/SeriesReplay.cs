using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PouchMonitor.Cli.Commands;
using PouchMonitor.Formats;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.Cli.Replay;

/// <summary>Sends one series as a node: status, frames at QoS 1, the end of the test; done when <c>stored</c> says that all is analysed.</summary>
internal sealed class SeriesReplay
{
    private const int SamplesPerFrame = 120;
    private const long LongestFrameSeconds = 1;
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TaskCompletionSource disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] topic = [];
    private long analysed;
    private long lastWordMilliseconds;
    private long refused;
    private TimeSpan nextProgress = ProgressEvery;

    public required string File { get; init; }

    public required string Cell { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Infinite for as fast as possible.</summary>
    public required double SecondsPerSecond { get; init; }

    public required bool BeginsNow { get; init; }

    /// <summary>Boot to send as; a new one for each replay, unless the same series is to be the same test again.</summary>
    public ulong Boot { get; init; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;

    public string? UserName { get; init; }

    public string? Password { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        try
        {
            using RecordedSeriesReader reader = RecordedSeries.Open(File);
            await using MqttClient client = await Connect(cancellation);
            long count = await Send(client, reader, cancellation);
            AnalyzeCommand.PrintProblems(reader);
            if (count == 0)
            {
                throw new CommandException($"{File}: no good row to send.");
            }

            await WaitUntilAnalysed(count, cancellation);
            await Say(client, "offline", cancellation);
            await client.DisconnectAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{count} samples of {Cell} sent and analysed in {clock.Elapsed.TotalSeconds:F1} s."));
            return reader.BadRowCount > 0 ? ExitCodes.BadRows : ExitCodes.Success;
        }
        catch (SeriesFileException error)
        {
            throw new CommandException(error.Message);
        }
        catch (Exception error) when (error is MqttClientException or SocketException)
        {
            throw new CommandException($"The gateway at {Host}:{Port}: {error.Message}");
        }
    }

    private async Task<MqttClient> Connect(CancellationToken cancellation)
    {
        MqttClient client = new(new MqttClientOptions
        {
            Host = Host,
            Port = Port,
            UserName = UserName,
            Password = Password is null ? null : Encoding.UTF8.GetBytes(Password),
            Will = new MqttWill { Topic = TopicNames.Status(Cell), Payload = Status("offline"), Qos = MqttQos.AtLeastOnce, Retain = true },
            MessageReceived = OnStored,
            PublishAcknowledged = (_, reason) =>
            {
                if (reason.IsFailure())
                {
                    Interlocked.Increment(ref refused);
                }
            },
        });
        client.Disconnected += (_, _) => disconnected.TrySetResult();
        await client.ConnectAsync(cancellation);
        MqttReason subscribed = await client.SubscribeAsync(TopicNames.Stored(Cell), MqttQos.AtLeastOnce, cancellation);
        if (subscribed.IsFailure())
        {
            throw new CommandException(
                $"The gateway at {Host}:{Port} does not let {Cell} read {TopicNames.Stored(Cell)} ({subscribed}), so that nobody could say when all is analysed.");
        }

        await Say(client, "online", cancellation);
        return client;
    }

    private async Task<long> Send(MqttClient client, RecordedSeriesReader reader, CancellationToken cancellation)
    {
        // Read one row ahead, since the last frame has to say that it is the last.
        RecordedRow row = new();
        RecordedRow next = new();
        if (!reader.TryRead(row))
        {
            return 0;
        }

        long first = row.TimeMicroseconds;
        long anchor = BeginsNow ? ((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) - first : 0;
        topic = Encoding.UTF8.GetBytes(TopicNames.Frame(Cell, "1"));
        long longest = double.IsInfinity(SecondsPerSecond) ? long.MaxValue : (long)(LongestFrameSeconds * SecondsPerSecond * 1e6);
        RecordedFrames frames = new(Cell, Boot, SamplesPerFrame, longest, anchor);
        clock.Restart();
        bool more = true;
        while (more)
        {
            if (frames.IsFullFor(row))
            {
                await Publish(client, frames, first, endsTest: false, cancellation);
            }

            frames.Add(row);
            more = reader.TryRead(next);
            (row, next) = (next, row);
        }

        await Publish(client, frames, first, endsTest: true, cancellation);
        Task acknowledged = client.WaitForAcknowledgementsAsync(cancellation);
        if (await Task.WhenAny(acknowledged, disconnected.Task) != acknowledged)
        {
            throw new CommandException($"The gateway at {Host}:{Port} closed the connection before it had acknowledged everything.");
        }

        await acknowledged;
        return refused == 0
            ? frames.SampleCount
            : throw new CommandException($"The gateway at {Host}:{Port} refused {refused} frames; see its quarantine.");
    }

    private async Task Publish(MqttClient client, RecordedFrames frames, long firstMicroseconds, bool endsTest, CancellationToken cancellation)
    {
        if (!double.IsInfinity(SecondsPerSecond))
        {
            TimeSpan due = TimeSpan.FromSeconds((frames.LastMicroseconds - firstMicroseconds) / 1e6 / SecondsPerSecond);
            TimeSpan wait = due - clock.Elapsed;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellation);
            }
        }

        if (disconnected.Task.IsCompleted)
        {
            throw new CommandException($"The gateway at {Host}:{Port} closed the connection.");
        }

        await client.PublishPipelinedAsync(topic, frames.Finish(endsTest), MqttQos.AtLeastOnce, tag: 0, cancellationToken: cancellation);
        if (clock.Elapsed >= nextProgress)
        {
            nextProgress = clock.Elapsed + ProgressEvery;
            await Console.Error.WriteLineAsync($"{frames.SampleCount} samples sent, {Interlocked.Read(ref analysed)} analysed");
        }
    }

    private async Task WaitUntilAnalysed(long count, CancellationToken cancellation)
    {
        Interlocked.Exchange(ref lastWordMilliseconds, clock.ElapsedMilliseconds);
        while (Interlocked.Read(ref analysed) < count)
        {
            if (disconnected.Task.IsCompleted)
            {
                throw new CommandException($"The gateway at {Host}:{Port} closed the connection before all was analysed.");
            }

            if (clock.ElapsedMilliseconds - Interlocked.Read(ref lastWordMilliseconds) > SilenceLimit.TotalMilliseconds)
            {
                throw new CommandException(
                    $"{analysed} of {count} samples are analysed, and {Host}:{Port} has said nothing for {SilenceLimit.TotalSeconds} s. Is it a PouchMonitor gateway?");
            }

            await Task.Delay(20, cancellation);
        }
    }

    // {"boot":"hex","channels":{"1":{"committed":n,"analysed":n}}}
    private void OnStored(in MqttReceivedMessage message)
    {
        try
        {
            Utf8JsonReader json = new(message.Payload);
            using JsonDocument document = JsonDocument.ParseValue(ref json);
            if (document.RootElement.GetProperty("boot").GetString() == BootText
                && document.RootElement.GetProperty("channels").TryGetProperty("1", out JsonElement channel))
            {
                Interlocked.Exchange(ref analysed, channel.GetProperty("analysed").GetInt64());
                Interlocked.Exchange(ref lastWordMilliseconds, clock.ElapsedMilliseconds);
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not a word of a gateway: waited for until the time limit.
        }
    }

    private string BootText => Boot.ToString("x16", CultureInfo.InvariantCulture);

    private byte[] Status(string state) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        state,
        boot = BootText,
        firmware = "replay",
        uptimeMs = clock.ElapsedMilliseconds,
        channels = new Dictionary<string, string>(StringComparer.Ordinal) { ["1"] = Cell },
    });

    private async Task Say(MqttClient client, string state, CancellationToken cancellation)
    {
        MqttReason reason = await client.PublishAsync(TopicNames.Status(Cell), Status(state), MqttQos.AtLeastOnce, retain: true, cancellationToken: cancellation);
        if (reason.IsFailure())
        {
            throw new CommandException($"The gateway at {Host}:{Port} does not let {UserName ?? "this client"} speak for node {Cell} ({reason}).");
        }
    }
}
