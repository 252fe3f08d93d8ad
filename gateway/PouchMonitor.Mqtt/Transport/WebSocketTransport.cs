using System.Net.WebSockets;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>
/// A WebSocket with the subprotocol <c>mqtt</c>. Packets may straddle its frames; a text frame ends the connection
/// [MQTT-6.0.0-1]. A receive cannot be broken off without breaking the WebSocket, so that one that is under way when the
/// connection ends is left behind: it holds no buffer of ours.
/// </summary>
internal sealed class WebSocketTransport(WebSocket socket) : MqttTransport
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the connection has let go of the WebSocket.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>Called where a text frame came.</summary>
    public Action? TextCame { get; init; }

    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (!_stopped.Task.IsCompleted)
        {
            ValueTask<ValueWebSocketReceiveResult> receiving = socket.ReceiveAsync(buffer, CancellationToken.None);
            if (!receiving.IsCompleted)
            {
                Task<ValueWebSocketReceiveResult> task = receiving.AsTask();
                if (await Task.WhenAny(task, _stopped.Task).ConfigureAwait(false) != task)
                {
                    socket.Abort(); // in the middle of a frame: the buffer must come back before the reader leaves
                }

                receiving = new ValueTask<ValueWebSocketReceiveResult>(task);
            }

            ValueWebSocketReceiveResult result = await receiving.ConfigureAwait(false);
            if (!IsData(result))
            {
                return 0;
            }

            if (result.Count > 0)
            {
                return result.Count;
            }
        }

        return 0;
    }

    public override async ValueTask<int> WaitAsync()
    {
        while (!_stopped.Task.IsCompleted)
        {
            ValueTask<ValueWebSocketReceiveResult> receiving = socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (!receiving.IsCompleted)
            {
                Task<ValueWebSocketReceiveResult> task = receiving.AsTask();
                if (await Task.WhenAny(task, _stopped.Task).ConfigureAwait(false) != task)
                {
                    Observe(task);
                    break;
                }

                receiving = new ValueTask<ValueWebSocketReceiveResult>(task);
            }

            ValueWebSocketReceiveResult result = await receiving.ConfigureAwait(false);
            if (!IsData(result))
            {
                _stopped.TrySetResult();
            }
            else if (!result.EndOfMessage)
            {
                break; // a frame has begun; an empty message, which is all that ends here, is passed over
            }
        }

        return 0;
    }

    public override int TrySend(ReadOnlySpan<byte> bytes) => NotNow;

    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        return bytes.Length;
    }

    public override void StopReceiving() => _stopped.TrySetResult();

    public override void FinishSending() => _ = FinishAsync();

    public override void Dispose()
    {
        _stopped.TrySetResult();
        socket.Dispose();
        _disposed.TrySetResult();
    }

    private static void Observe(Task task)
        => _ = task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private bool IsData(in ValueWebSocketReceiveResult result)
    {
        if (result.MessageType == WebSocketMessageType.Text)
        {
            TextCame?.Invoke();
        }

        return result.MessageType == WebSocketMessageType.Binary;
    }

    private async Task FinishAsync()
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The peer was faster.
        }
    }
}
