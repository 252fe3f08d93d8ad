using Microsoft.Win32.SafeHandles;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Benchmarks.Mqtt;

/// <summary>
/// The least that a durable acknowledgement can cost: payloads gather in memory, one thread writes what has gathered,
/// forces it to the disk, and then acknowledges all of it.
/// </summary>
internal sealed class GroupLog : IDisposable
{
    private const int MostBytes = 8 * 1024 * 1024;
    private const long WrapBytes = 1L << 30;
    private readonly SafeFileHandle file;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly Thread thread;
    private Group filling = new();
    private Group writing = new();
    private TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long position;
    private volatile bool isStopping;

    public GroupLog(string path)
    {
        file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read, FileOptions.None);
        thread = new Thread(Run) { IsBackground = true, Name = "group-log" };
        thread.Start();
    }

    /// <summary>False where as much waits as may.</summary>
    public bool TryAppend(ReadOnlySpan<byte> payload, MqttAckToken token)
    {
        bool isFirst;
        lock (gate)
        {
            if (filling.Length + payload.Length > MostBytes)
            {
                return false;
            }

            isFirst = filling.Tokens.Count == 0;
            payload.CopyTo(filling.Bytes.AsSpan(filling.Length));
            filling.Length += payload.Length;
            filling.Tokens.Add(token);
        }

        if (isFirst)
        {
            Wake();
        }

        return true;
    }

    public ValueTask WhenReadyAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return filling.Length < MostBytes / 2 ? ValueTask.CompletedTask : new(room.Task.WaitAsync(cancellationToken));
        }
    }

    public void Dispose()
    {
        isStopping = true;
        Wake();
        thread.Join();
        file.Dispose();
        wanted.Dispose();
    }

    private void Wake()
    {
        try
        {
            wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    private void Run()
    {
        while (!isStopping)
        {
            wanted.Wait();
            TaskCompletionSource free;
            lock (gate)
            {
                (filling, writing) = (writing, filling);
                (free, room) = (room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            free.SetResult();
            RandomAccess.Write(file, writing.Bytes.AsSpan(0, writing.Length), position);
            RandomAccess.FlushToDisk(file);
            position = position > WrapBytes ? 0 : position + writing.Length;
            foreach (MqttAckToken token in writing.Tokens)
            {
                token.Complete();
            }

            writing.Tokens.Clear();
            writing.Length = 0;
        }
    }

    private sealed class Group
    {
        public byte[] Bytes { get; } = new byte[MostBytes];

        public List<MqttAckToken> Tokens { get; } = [];

        public int Length { get; set; }
    }
}
