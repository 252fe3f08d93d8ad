using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Store;

/// <summary>
/// Writes checkpoints and alarm transitions to the database on one thread, everything that waits in one transaction. A
/// failure keeps them and tries again; the journal holds the frames, so nothing is lost meanwhile.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly StateDatabase database;
    private readonly Action<string?> onHealth;
    private readonly ConcurrentQueue<AlarmTransition> transitions = new();
    private readonly ConcurrentQueue<(TestRun Run, TestCheckpoint Checkpoint)> checkpoints = new();
    private readonly ConcurrentDictionary<string, byte[]> retained = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim stopping = new();
    private readonly Thread thread;

    /// <param name="database">Where to write.</param>
    /// <param name="onHealth">Told null after a success and the reason after a failure.</param>
    public StateWriter(StateDatabase database, Action<string?> onHealth)
    {
        this.database = database;
        this.onHealth = onHealth;
        thread = new Thread(Run) { IsBackground = true, Name = "state-writer" };
        thread.Start();
    }

    public void Add(AlarmTransition transition) => transitions.Enqueue(transition);

    public void Add(TestRun run, TestCheckpoint checkpoint) => checkpoints.Enqueue((run, checkpoint));

    /// <summary>Keeps the newest payload of a retained topic.</summary>
    public void AddRetained(string topic, byte[] payload) => retained[topic] = payload;

    /// <summary>Writes what waits and ends.</summary>
    public void Dispose()
    {
        stopping.Set();
        thread.Join();
        stopping.Dispose();
    }

    private void Run()
    {
        bool last = false;
        while (!last)
        {
            last = stopping.Wait(Pause);
            Flush();
        }
    }

    private void Flush()
    {
        List<AlarmTransition> alarms = [];
        while (transitions.TryDequeue(out AlarmTransition? transition))
        {
            alarms.Add(transition);
        }

        List<(TestRun Run, TestCheckpoint Checkpoint)> tests = [];
        while (checkpoints.TryDequeue(out (TestRun, TestCheckpoint) item))
        {
            tests.Add(item);
        }

        List<KeyValuePair<string, byte[]>> messages = [];
        foreach ((string topic, byte[] _) in retained)
        {
            if (retained.TryRemove(topic, out byte[]? payload))
            {
                messages.Add(KeyValuePair.Create(topic, payload));
            }
        }

        if (alarms.Count + tests.Count + messages.Count == 0)
        {
            return;
        }

        try
        {
            database.Save([.. tests.Select(test => test.Checkpoint)], alarms);
            database.SaveRetained(messages);
            onHealth(null);
        }
        catch (SqliteException error)
        {
            onHealth($"The state database cannot be written: {error.Message}");
            foreach (AlarmTransition transition in alarms)
            {
                transitions.Enqueue(transition);
            }

            foreach ((TestRun run, _) in tests)
            {
                run.CheckpointFailed();
            }

            foreach ((string topic, byte[] payload) in messages)
            {
                retained.TryAdd(topic, payload);
            }
        }
    }
}
