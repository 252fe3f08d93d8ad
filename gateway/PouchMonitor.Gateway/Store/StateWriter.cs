using System.Collections.Concurrent;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Store;

/// <summary>
/// Writes checkpoints, alarm transitions and nodes to the database on one thread, everything that waits in one transaction. A
/// failure keeps them and tries again; the journal holds the frames, so nothing is lost meanwhile. One that can never be written
/// is left out and told, and holds up no other.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    /// <summary>Transitions of alarms kept while nothing can be written, unless told otherwise.</summary>
    public const int MostUnsaved = 100_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly StateDatabase database;
    private readonly Action<string?> onHealth;
    private readonly ConcurrentQueue<AlarmTransition> transitions = new();
    private readonly ConcurrentDictionary<string, NodeInfo> nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(TestRun Run, TestCheckpoint Checkpoint)> checkpoints = new();
    private readonly ConcurrentQueue<KnownCalibration> calibrations = new();
    private readonly ConcurrentQueue<BegunTest> begun = new();
    private readonly List<BegunTest> unsavedBegun = [];
    private readonly List<KnownCalibration> unsavedCalibrations = [];
    private readonly AutoResetEvent wake = new(initialState: false);
    private readonly List<AlarmTransition> unsaved = [];
    private readonly Dictionary<(string Test, string Rule), int> lastUnsaved = [];
    private readonly HashSet<TestRun> incomplete = [];
    private readonly Thread thread;
    private readonly int mostUnsaved;
    private int unsavedCount;
    private long merged;
    private volatile bool isStopping;
    private AlarmBook? alarms;
    private long turns;

    /// <param name="database">Where to write.</param>
    /// <param name="onHealth">Told null after a success and the reason after a failure.</param>
    /// <param name="mostUnsaved">Transitions kept while nothing can be written; beyond it each alarm keeps its newest.</param>
    public StateWriter(StateDatabase database, Action<string?> onHealth, int mostUnsaved = MostUnsaved)
    {
        this.mostUnsaved = mostUnsaved;
        this.database = database;
        this.onHealth = onHealth;
        thread = new Thread(Run) { IsBackground = true, Name = "state-writer" };
        thread.Start();
    }

    /// <summary>Takes an alarm's transition; one that somebody waits for, or that people are told of, is written at once.</summary>
    public void Add(AlarmTransition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        transitions.Enqueue(transition);
        if (transition.Recording is not null || transition.BeginsToAsk)
        {
            wake.Set();
        }
    }

    /// <summary>Writes that book's incidents too, each with the alarms that changed it.</summary>
    public void WriteIncidentsOf(AlarmBook book) => alarms = book;

    /// <summary>Told of each transition a person made, once it is on disk.</summary>
    public Action<AlarmTransition> Recorded { get; set; } = static _ => { };

    /// <summary>Told of each entry that cannot be written, and is left out.</summary>
    public Action<string> LeftOut { get; set; } = static _ => { };

    /// <summary>Transitions of alarms that wait for the database.</summary>
    public int UnsavedCount => Volatile.Read(ref unsavedCount);

    /// <summary>Turns of its thread, five a second where nothing holds it up; a watchdog wants to know.</summary>
    public long Turns => Interlocked.Read(ref turns);

    public void Add(TestRun run, TestCheckpoint checkpoint) => checkpoints.Enqueue((run, checkpoint));

    /// <summary>Of a node only the newest state is written.</summary>
    public void Add(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        nodes[node.Node] = node;
    }

    /// <summary>Takes the name of a test that begins, before any of its alarms.</summary>
    public void Add(BegunTest test) => begun.Enqueue(test);

    public void Add(KnownCalibration calibration) => calibrations.Enqueue(calibration);

    /// <summary>Writes what waits and ends.</summary>
    public void Dispose()
    {
        isStopping = true;
        wake.Set();
        thread.Join();
        wake.Dispose();
    }

    private void Run()
    {
        bool last = false;
        while (!last)
        {
            wake.WaitOne(Pause);
            last = isStopping;
            Interlocked.Increment(ref turns);
            Flush();
        }
    }

    private void Flush()
    {
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
        // One by one: a list made of them at once asks for their number first, and throws where a node is heard just then.
        List<KeyValuePair<string, NodeInfo>> heard = [];
        foreach (KeyValuePair<string, NodeInfo> node in nodes)
        {
            heard.Add(node);
        }

        while (calibrations.TryDequeue(out KnownCalibration? calibration))
        {
            unsavedCalibrations.Add(calibration);
        }

        // Each turn leaves out at least one entry, so that it ends.
        while (!TryWrite(tests, heard))
        {
        }
    }

    /// <returns>False where entries were left out and the rest is to be written.</returns>
    private bool TryWrite(List<(TestRun Run, TestCheckpoint Checkpoint)> tests, List<KeyValuePair<string, NodeInfo>> heard)
    {
        (IReadOnlyList<(Incident Incident, long Version)> taken, IReadOnlyList<IncidentRecord> incidents) = TakeAlarms();
        // After the alarms, so that no alarm of a test is written without its name.
        while (begun.TryDequeue(out BegunTest? test))
        {
            unsavedBegun.Add(test);
        }

        if (unsaved.Count + tests.Count + heard.Count + unsavedCalibrations.Count + incidents.Count + unsavedBegun.Count == 0)
        {
            return true;
        }

        try
        {
            database.Save(unsavedCalibrations);
            unsavedCalibrations.Clear();
            database.Save([.. tests.Select(test => test.Checkpoint)], unsaved, [.. heard.Select(node => node.Value)], incidents, unsavedBegun);
            unsavedBegun.Clear();
            heard.ForEach(node => nodes.TryRemove(node));
            alarms?.StoredIncidents(taken, isStored: true);
            Answer();
            unsaved.Clear();
            lastUnsaved.Clear();
            merged = 0;
            Volatile.Write(ref unsavedCount, 0);
            tests.Clear();
            onHealth(null);
        }
        catch (UnwritableException unwritable)
        {
            Dictionary<object, string> bad = new(ReferenceEqualityComparer.Instance);
            foreach ((object entry, string reason) in unwritable.Entries)
            {
                bad[entry] = reason;
            }

            // One that cannot be written waits for its next change; what is told of it goes out unstored.
            alarms?.StoredIncidents([.. taken.Where((_, at) => !bad.ContainsKey(incidents[at]))], isStored: false);
            LeaveOut(bad, tests, heard);
            return false;
        }
#pragma warning disable CA1031 // Told in an alarm and tried again: whatever it is, alarms must go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            string problem = $"The state database cannot be written: {error.Message}"
                + (merged > 0 ? $" More than {mostUnsaved} changes of alarms wait for it: {merged} are no longer told one by one." : "");
            onHealth(problem);
            alarms?.StoredIncidents(taken, isStored: false);
            Refuse(problem, unsaved.Select(transition => transition.Recording).OfType<Recording>().ToHashSet());
            foreach ((TestRun run, _) in tests)
            {
                incomplete.Add(run);
                run.CheckpointFailed();
            }
        }

        return true;
    }

    private void LeaveOut(
        Dictionary<object, string> bad, List<(TestRun Run, TestCheckpoint Checkpoint)> tests, List<KeyValuePair<string, NodeInfo>> heard)
    {
        foreach ((TestRun run, TestCheckpoint checkpoint) in tests.Where(test => bad.ContainsKey(test.Checkpoint)))
        {
            incomplete.Add(run);
            run.CheckpointFailed();
        }

        foreach (KeyValuePair<string, NodeInfo> node in heard.Where(node => bad.ContainsKey(node.Value)))
        {
            nodes.TryRemove(node);
        }

        tests.RemoveAll(test => bad.ContainsKey(test.Checkpoint));
        heard.RemoveAll(node => bad.ContainsKey(node.Value));
        unsavedCalibrations.RemoveAll(bad.ContainsKey);
        unsavedBegun.RemoveAll(bad.ContainsKey);
        Refuse($"It cannot be written to the state database: {bad.Values.First()}", RefusedWith(bad));
        unsaved.RemoveAll(bad.ContainsKey);
        Index();
        foreach ((object entry, string reason) in bad)
        {
            LeftOut($"{NameOf(entry)} cannot be written to the state database and is left out: {reason}");
        }
    }

    // What a person did is stored whole or not at all; what somebody did to the same alarms in the same moment goes with it.
    private HashSet<Recording> RefusedWith(Dictionary<object, string> bad)
    {
        HashSet<Recording> refused = unsaved.Where(bad.ContainsKey).Select(transition => transition.Recording).OfType<Recording>().ToHashSet();
        int before;
        do
        {
            before = refused.Count;
            HashSet<(string, string)> touched = [.. unsaved.Where(transition => transition.Recording is { } recording && refused.Contains(recording))
                .Select(transition => (transition.To.Test, transition.To.Rule))];
            refused.UnionWith(unsaved.Where(transition => touched.Contains((transition.To.Test, transition.To.Rule)))
                .Select(transition => transition.Recording).OfType<Recording>());
        }
        while (refused.Count > before);
        return refused;
    }

    private static string NameOf(object entry) => entry switch
    {
        AlarmTransition transition => $"Alarm '{transition.To.Rule}' of cell '{transition.To.Cell}'",
        NodeInfo node => $"Node '{node.Node}'",
        IncidentRecord incident => $"Incident '{incident.Id}'",
        TestCheckpoint checkpoint => $"Test '{checkpoint.Record.Test}'",
        BegunTest test => $"The beginning of test '{test.Test}'",
        KnownCalibration known => $"The calibration of node '{known.Node}', channel '{known.Channel}'",
        _ => entry.GetType().Name,
    };

    // What failed before comes first, so that a newer state of an alarm is never overwritten by an older.
    private (IReadOnlyList<(Incident Incident, long Version)> Taken, IReadOnlyList<IncidentRecord> Records) TakeAlarms()
    {
        void Drain()
        {
            while (transitions.TryDequeue(out AlarmTransition? transition))
            {
                Keep(transition);
            }
        }

        if (alarms is not null)
        {
            return alarms.TakeChangedIncidents(Drain);
        }

        Drain();
        return ([], []);
    }

    private void Answer()
    {
        foreach (AlarmTransition transition in unsaved.Where(transition => transition.Recording is not null))
        {
            Recorded(transition);
        }

        foreach (Recording recording in unsaved.Select(transition => transition.Recording).OfType<Recording>().Distinct())
        {
            recording.Succeeded();
        }
    }

    // What a person waits for is not tried again: that person is told, and what was done is taken back before anything else is
    // written, so that nothing is acknowledged later of which somebody was told that it is not.
    private void Refuse(string problem, IReadOnlySet<Recording> refused)
    {
        unsaved.RemoveAll(transition => transition.Recording is { } recording && refused.Contains(recording));
        Index();
        foreach (Recording recording in refused)
        {
            recording.Failed(problem);
        }
    }

    private void Index()
    {
        lastUnsaved.Clear();
        for (int at = 0; at < unsaved.Count; at++)
        {
            lastUnsaved[(unsaved[at].To.Test, unsaved[at].To.Rule)] = at;
        }

        Volatile.Write(ref unsavedCount, unsaved.Count);
    }

    // An alarm that only changed its figures while nothing can be written takes the place of its last such change; where very
    // many wait, of its last change whatever it was, so that memory has a bound and the newest state is never lost.
    private void Keep(AlarmTransition transition)
    {
        (string, string) key = (transition.To.Test, transition.To.Rule);
        bool hasLast = lastUnsaved.TryGetValue(key, out int last) && unsaved[last].Recording is null;
        if (hasLast && transition.Reason == AlarmBook.Updated && unsaved[last].Reason == AlarmBook.Updated)
        {
            unsaved[last] = transition;
        }
        else if (hasLast && transition.Recording is null && unsaved.Count >= mostUnsaved)
        {
            unsaved[last] = transition;
            merged++;
        }
        else
        {
            lastUnsaved[key] = unsaved.Count;
            unsaved.Add(transition);
        }
    }
}
