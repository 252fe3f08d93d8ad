using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// The one thread that owns all abuse tests: gives them their frames, judges them, and makes what people ask. It takes what the
/// workers hand over and is waited for by none of them.
/// </summary>
internal sealed partial class AbuseDesk : IDisposable
{
    private const int FramesPerTurn = 256;
    private const double TickS = 0.25;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly GatewayServices gateway;
    private readonly ConcurrentQueue<Action> orders = new();
    private readonly AutoResetEvent wake = new(initialState: false);
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);
    private readonly CancellationTokenSource stopping = new();
    private readonly Thread thread;
    private readonly AbuseCare care;
    private double lastTickS;

    public AbuseDesk(GatewayServices gateway, AbuseBook book, AbuseTaps taps)
    {
        this.gateway = gateway;
        Book = book;
        Taps = taps;
        care = new AbuseCare(gateway, book, this);
        Stopper = new AbuseStopper(gateway, this);
        Commands = new AbuseCommands(gateway, this);
        Releases = new AbuseReleases(gateway, this);
        Cache = new AbuseCache(gateway, book);
        thread = new Thread(Run) { IsBackground = true, Name = "abuse-desk" };
        taps.Woken = () => wake.Set();
    }

    public AbuseBook Book { get; }

    public AbuseTaps Taps { get; }

    public AbuseStopper Stopper { get; }

    public AbuseCommands Commands { get; }

    /// <summary>Nodes that are still to be let go.</summary>
    public AbuseReleases Releases { get; }

    /// <summary>What plots are read from.</summary>
    public AbuseCache Cache { get; }

    /// <summary>Watches that were made anew from the journal.</summary>
    public long RebuildCount => care.RebuildCount;

    /// <summary>Cancelled when the gateway ends.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Gateway time, Unix seconds.</summary>
    public double NowS => gateway.NowMicroseconds() / 1e6;

    /// <summary>Takes up the tests that were left unfinished, and begins.</summary>
    public void Start()
    {
        Book.Restore();
        Releases.Restore();
        AbuseAlarms.Restore(gateway.Alarms, Book, gateway.NowMicroseconds());
        Taps.Set(Book.Places());
        if (Book.OpenCount > 0)
        {
            AbuseWarmUp.Once(gateway.Counters.AddFault);
        }

        thread.Start();
    }

    /// <summary>
    /// Judges no more; open tests go on with the next start. Workers may still hand frames over, which the next start reads from
    /// the journal.
    /// </summary>
    public void Stop()
    {
        stopping.Cancel();
        wake.Set();
        if (thread.IsAlive)
        {
            thread.Join();
        }
    }

    /// <summary>Ends, once no worker and no request can come any more.</summary>
    public void Dispose()
    {
        Stop();
        wake.Dispose();
        stopping.Dispose();
    }

    /// <summary>Does something between two frames, on the desk's thread.</summary>
    /// <exception cref="SetupRefusal">It is not done; the message says why.</exception>
    public async Task<T> Do<T>(Func<T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                done.TrySetResult(work());
            }
#pragma warning disable CA1031 // It is the caller's, who is told.
            catch (Exception error)
#pragma warning restore CA1031
            {
                done.TrySetException(error);
            }
        });
        try
        {
            return await done.Task.WaitAsync(LongestWait, stopping.Token);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            throw SetupRefusal.Unavailable("The abuse desk has not answered; look whether it was done before trying again.");
        }
        catch (SqliteException error)
        {
            throw SetupRefusal.Unavailable($"It could not be stored, so it was not done: {error.Message}.");
        }
    }

    /// <summary>The same for whom nobody waits.</summary>
    public void Post(Action work)
    {
        orders.Enqueue(work);
        wake.Set();
    }

    /// <summary>One act of a person: checked, stored with its line of the audit trail, and only then so.</summary>
    /// <param name="id">The test.</param>
    /// <param name="person">Who.</param>
    /// <param name="action">Name in the audit trail, such as <c>abuse.arm</c>.</param>
    /// <param name="detail">In words; null for none.</param>
    /// <param name="move">The next state of the record; refuses where it may not be.</param>
    /// <param name="then">What follows on the desk once it is on disk.</param>
    public Task<AbuseRecord> Act(
        string id, string person, string action, string? detail, Func<AbuseSession, AbuseRecord> move, Action<AbuseSession>? then = null) => Do(() =>
        {
            AbuseSession session = Book.Need(id);
            Commit(session, move(session), person, action, detail);
            then?.Invoke(session);
            care.Judge(session, NowS);
            care.Tell(session);
            return session.Shown;
        });

    /// <summary>Stores a person's change and makes it; on the desk's thread.</summary>
    public void Commit(AbuseSession session, AbuseRecord next, string person, string action, string? detail)
    {
        next = AbuseSession.Judged(next);
        gateway.Database.SaveAbuse(AbuseCare.Stored(next), gateway.NowMicroseconds(), person, action, detail);
        session.Set(next);
        session.IsUnsaved = false;
        if (next.State is AbuseState.Signed or AbuseState.Cancelled)
        {
            Book.Leave(session);
            AbuseAlarms.Forget(gateway.Alarms, session, gateway.NowMicroseconds());
        }

        Taps.Set(Book.Places());
    }

    /// <summary>Makes a change of the monitor's own, and stores it as soon as that is possible; on the desk's thread.</summary>
    public void Note(AbuseSession session, AbuseRecord next)
    {
        session.Set(next);
        care.Tell(session);
        care.Save(session, "abuse.state");
    }

    /// <summary>Stores what is so already, with its line of the audit trail; tried again where the disk does not take it.</summary>
    public void Audit(AbuseSession session, string person, string action, string detail)
    {
        try
        {
            Commit(session, session.Record, person, action, detail);
        }
        catch (SqliteException)
        {
            session.IsUnsaved = true;
        }

        care.Tell(session);
    }

    private void Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            bool any = false;
            while (orders.TryDequeue(out Action? order))
            {
                any = true;
                Guard(order, "An order");
            }

            any |= TakeFrames();
            if (NowS - lastTickS is >= TickS or < 0)
            {
                lastTickS = NowS;
                Guard(care.Tick, "The care");
            }

            if (!any)
            {
                wake.WaitOne(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private bool TakeFrames()
    {
        int taken = 0;
        while (taken < FramesPerTurn && Taps.TryTake(out HandedFrame handed))
        {
            taken++;
            Guard(() => Take(handed), "A frame");
            AbuseTaps.Return(in handed);
        }

        return taken > 0;
    }

    private void Take(HandedFrame handed)
    {
        if (SampleFrameDecoder.TryDecode(handed.Buffer, 0, handed.Length, frame) != DecodeFault.None)
        {
            return; // Cannot be: it was decoded when it arrived.
        }

        AbuseTap tap = handed.Tap;
        NodeCalibration.Apply(frame, id => gateway.Nodes.Calibrations.Find(tap.Node, tap.Channel, id));
        foreach (AbuseSession session in Book.At(tap.Node, tap.Channel))
        {
            session.Take(frame, handed.BootStartMicroseconds, handed.ReceivedMicroseconds, handed.Position);
            if (session.Feed is { } feed && feed.Watch.Revision != session.JudgedRevision)
            {
                care.Judge(session, NowS);
            }
        }
    }

    private void Guard(Action work, string what)
    {
        try
        {
            work();
        }
#pragma warning disable CA1031 // Told in an alarm and counted; the other tests go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            gateway.Counters.AddFault($"{what} of the abuse desk failed: {error.Message}");
        }
    }
}
