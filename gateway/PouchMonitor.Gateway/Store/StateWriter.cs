using System.Collections.Concurrent;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Store;

/// <summary>
/// Writes checkpoints, alarm transitions and nodes to the database on one thread, everything that waits in one transaction. A
/// failure keeps them and tries again; the journal holds the frames, so nothing is lost meanwhile.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly StateDatabase database;
    private readonly Action<string?> onHealth;
    private readonly ConcurrentQueue<AlarmTransition> transitions = new();
    private readonly ConcurrentDictionary<string, NodeInfo> nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(TestRun Run, TestCheckpoint Checkpoint)> checkpoints = new();
    private readonly ConcurrentQueue<KnownCalibration> calibrations = new();
    private readonly List<KnownCalibration> unsavedCalibrations = [];
    private readonly ManualResetEventSlim stopping = new();
    private readonly List<AlarmTransition> unsaved = [];
    private readonly HashSet<TestRun> incomplete = [];
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

    /// <summary>Of a node only the newest state is written.</summary>
    public void Add(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        nodes[node.Node] = node;
    }

    public void Add(KnownCalibration calibration) => calibrations.Enqueue(calibration);

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
        // What failed before comes first, so that a newer state of an alarm is never overwritten by an older.
        while (transitions.TryDequeue(out AlarmTransition? transition))
        {
            Add(unsaved, transition);
        }

        List<(TestRun Run, TestCheckpoint Checkpoint)> tests = [];
        while (checkpoints.TryDequeue(out (TestRun Run, TestCheckpoint Checkpoint) item))
        {
            // After a failure only a whole checkpoint is of use; one made before the test knew holds but the newest part.
            if (incomplete.Contains(item.Run) && !item.Checkpoint.IsWhole)
            {
                item.Run.CheckpointFailed();
                continue;
            }

            incomplete.Remove(item.Run);
            tests.Add(item);
        }

        // Those that are not saved stay, unless a newer state has taken their place meanwhile.
        List<KeyValuePair<string, NodeInfo>> heard = [.. nodes];
        while (calibrations.TryDequeue(out KnownCalibration? calibration))
        {
            unsavedCalibrations.Add(calibration);
        }

        if (unsaved.Count + tests.Count + heard.Count + unsavedCalibrations.Count == 0)
        {
            return;
        }

        try
        {
            database.Save(unsavedCalibrations);
            unsavedCalibrations.Clear();
            database.Save([.. tests.Select(test => test.Checkpoint)], unsaved, [.. heard.Select(node => node.Value)]);
            heard.ForEach(node => nodes.TryRemove(node));
            unsaved.Clear();
            tests.Clear();
            onHealth(null);
        }
#pragma warning disable CA1031 // Told in an alarm and tried again: whatever it is, alarms must go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            onHealth($"The state database cannot be written: {error.Message}");
            foreach ((TestRun run, _) in tests)
            {
                incomplete.Add(run);
                run.CheckpointFailed();
            }
        }
    }

    // An alarm that only changed its figures while nothing can be written takes the place of its last such change.
    private static void Add(List<AlarmTransition> waiting, AlarmTransition transition)
    {
        int last = transition.Reason == AlarmBook.Updated
            ? waiting.FindLastIndex(w => w.To.Test == transition.To.Test && w.To.Rule == transition.To.Rule)
            : -1;
        if (last >= 0 && waiting[last].Reason == AlarmBook.Updated)
        {
            waiting[last] = transition;
        }
        else
        {
            waiting.Add(transition);
        }
    }
}
