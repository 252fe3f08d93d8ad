using System.Buffers;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Upstream.MqttNet;

/// <summary>The link to an external broker over MQTTnet 5.</summary>
public sealed class MqttNetBrokerLink : IBrokerLink
{
    private static readonly TimeSpan LastWordTime = TimeSpan.FromSeconds(5);

    private readonly BrokerLinkOptions options;
    private readonly IMqttClient client;
    private readonly CancellationTokenSource stop = new();
    private IBrokerLinkHandler? handler;
    private Task work = Task.CompletedTask;
    private volatile Connection? current;
    private volatile bool isConnected;
    private volatile bool isSubscribed;
    private volatile string? lastError;
    private long connections;
    private long failedAttempts;
    private long lostSessions;

    /// <exception cref="NotSupportedException">The package was not restored when this was built.</exception>
    public MqttNetBrokerLink(BrokerLinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += OnMessageAsync;
        client.DisconnectedAsync += OnDisconnectedAsync;
    }

    /// <summary>Whether this was built with the package, or against stand-ins.</summary>
    public static bool IsRestored => typeof(MqttClientFactory).Assembly.GetName().Name == "MQTTnet";

    /// <inheritdoc/>
    public BrokerLinkState State => new(
        isConnected, isConnected && isSubscribed, lastError, Interlocked.Read(ref connections), Interlocked.Read(ref failedAttempts),
        Interlocked.Read(ref lostSessions), current?.Acknowledgements.Count ?? 0);

    /// <summary>One connection, from the attempt to its end.</summary>
    private sealed class Connection
    {
        private readonly CancellationTokenSource ended = new();

        public OrderedAcknowledgements Acknowledgements { get; } = new();

        public CancellationToken Ended => ended.Token;

        /// <summary>Completes when the library has said that the connection has ended.</summary>
        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => ended.Cancel();
    }

    /// <inheritdoc/>
    public void Start(IBrokerLinkHandler handler)
    {
        this.handler = handler;
        work = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public async Task<MqttReason> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
    {
        MqttApplicationMessage message = new()
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = retain,
        };
        try
        {
            return (MqttReason)(await client.PublishAsync(message, cancellationToken)).ReasonCode;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The library's exceptions have no base of their own.
            throw new BrokerLinkException($"Publishing to {options.Host}:{options.Port} failed: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        client.Dispose();
    }

    private async Task RunAsync()
    {
        double wait = options.RetryMilliseconds.First;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await StayConnectedAsync())
                {
                    wait = options.RetryMilliseconds.First;
                }

                // From half of the wait to all of it, so that many gateways do not return in the same moment.
                await Task.Delay(TimeSpan.FromMilliseconds(wait * (0.5 + (Random.Shared.NextDouble() / 2))), stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            wait = Math.Min(options.RetryMilliseconds.Longest, wait * 2);
        }
    }

    /// <summary>True where there was a connection.</summary>
    private async Task<bool> StayConnectedAsync()
    {
        Connection connection = new();
        bool wasAccepted = false;
        current = connection;
        using CancellationTokenRegistration stopping = stop.Token.Register(connection.End);
        Task acknowledging = connection.Acknowledgements.RunAsync(connection.Ended);
        try
        {
            MqttClientConnectResult answer = await client.ConnectAsync(MqttNetOptions.Connect(options, options.CleanStart && connections == 0), stop.Token);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new BrokerLinkException($"refused the connection with {answer.ResultCode} (0x{(byte)answer.ResultCode:X2}) {answer.ReasonString}".TrimEnd());
            }

            wasAccepted = true;
            if (Interlocked.Increment(ref connections) > 1 && !answer.IsSessionPresent)
            {
                Interlocked.Increment(ref lostSessions);
            }

            string[] refused = [.. (await client.SubscribeAsync(MqttNetOptions.Subscribe(options), stop.Token)).Items
                .Where(item => (byte)item.ResultCode >= 0x80)
                .Select(item => $"the subscription to '{item.TopicFilter.Topic}' was refused with {item.ResultCode} (0x{(byte)item.ResultCode:X2})")];
            lastError = refused.Length == 0 ? lastError : $"{options.Host}:{options.Port}: {string.Join("; ", refused)}.";
            isSubscribed = refused.Length == 0;
            isConnected = true;
            handler!.OnConnected();
            await acknowledging;
            return true;
        }
        catch (OperationCanceledException) when (connection.Ended.IsCancellationRequested)
        {
            return isConnected;
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref failedAttempts);
            lastError = $"{options.Host}:{options.Port}: {error.Message}";
            return isConnected;
        }
        finally
        {
            isConnected = false;
            connection.End();
            await acknowledging.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (wasAccepted)
            {
                await DisconnectAsync(connection);
            }
        }
    }

    /// <summary>Ends the connection and waits for the library's word on it, which would otherwise be taken for the next one's.</summary>
    private async Task DisconnectAsync(Connection connection)
    {
        try
        {
            if (client.IsConnected)
            {
                await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
            }

            await connection.Gone.Task.WaitAsync(LastWordTime);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // It is gone, which was the aim.
        }
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs ended)
    {
        if (!ended.ClientWasConnected)
        {
            return Task.CompletedTask; // an attempt failed, which is told by its exception or answer
        }

        if (isConnected)
        {
            lastError = $"{options.Host}:{options.Port}: the connection ended with {ended.Reason}{(ended.Exception is { } error ? ": " + error.Message : "")}";
        }

        current?.End();
        current?.Gone.TrySetResult();
        return Task.CompletedTask;
    }

    private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs message)
    {
        message.AutoAcknowledge = false;
        if (current is not { } connection || connection.Ended.IsCancellationRequested)
        {
            return; // the broker sends it again over the next connection
        }

        byte[] topic = Encoding.UTF8.GetBytes(message.ApplicationMessage.Topic);
        ReadOnlySequence<byte> payload = message.ApplicationMessage.Payload;
        byte[]? copied = payload.IsSingleSegment ? null : payload.ToArray();
        long number = connection.Acknowledgements.Take(message);
        try
        {
            while (true)
            {
                MessageVerdict verdict = Offer(topic, copied is null ? payload.FirstSpan : copied, connection, number);
                if (verdict != MessageVerdict.Busy)
                {
                    if (verdict != MessageVerdict.Deferred)
                    {
                        connection.Acknowledgements.Acknowledge(number, verdict == MessageVerdict.Refuse ? MqttReason.NotAuthorized : MqttReason.Success);
                    }

                    return;
                }

                await handler!.WhenReadyAsync(connection.Ended);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended while the message waited for room.
        }
    }

    private MessageVerdict Offer(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, Connection connection, long number)
    {
        IncomingMessage incoming = new() { TopicUtf8 = topic, Payload = payload, Receipt = new MessageReceipt(connection.Acknowledgements, number) };
        return handler!.OnMessage(in incoming);
    }
}
