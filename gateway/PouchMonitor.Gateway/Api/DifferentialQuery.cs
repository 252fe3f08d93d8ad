using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// dQ/dV of one cycle, from its samples in the journal (decision 0003 of the analysis). Memory does not grow with the
/// cycle; the number of samples, the time and how many are at work at once have bounds, since anybody may ask.
/// </summary>
/// <param name="journal">The frames.</param>
/// <param name="limits">How much is read at most.</param>
/// <param name="calibrations">What is applied to the frames' counts; null takes them as read.</param>
internal sealed class DifferentialQuery(FrameJournal journal, DifferentialLimits limits, CalibrationBook? calibrations = null) : IDisposable
{
    /// <summary>Read before the cycle, so that the gate knows what to believe when it begins, microseconds.</summary>
    private const long LeadMicroseconds = 600_000_000;

    private readonly SemaphoreSlim places = new(limits.MostAtOnce);

    /// <summary>Reads a cycle.</summary>
    /// <exception cref="DifferentialException">It cannot be told, or not now; the message is for a person.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async Task<DifferentialAnswer> ReadAsync(TestView test, CellProfile profile, CycleSummary cycle, CancellationToken cancellation)
    {
        StepSummary[] steps = [.. test.Steps.Where(step => step.Cycle == cycle.Index)];
        if (steps.Length == 0)
        {
            throw new DifferentialException(DifferentialFault.Gone, string.Create(CultureInfo.InvariantCulture,
                $"The steps of cycle {cycle.Index} of test '{test.Record.Test}' are not known: an earlier version began to judge it."));
        }

        if (!places.Wait(0, cancellation))
        {
            throw new DifferentialException(DifferentialFault.Busy, string.Create(CultureInfo.InvariantCulture,
                $"{limits.MostAtOnce} requests for dQ/dV are at work already, which is the most; ask again in a moment."));
        }

        try
        {
            using var limit = new CancellationTokenSource(limits.MostTime);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                return await Task.Run(() => Read(test.Record, profile, cycle, steps, either.Token), either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new DifferentialException(DifferentialFault.Busy, string.Create(CultureInfo.InvariantCulture,
                    $"Cycle {cycle.Index} was not read within {limits.MostTime.TotalSeconds:0.###} s, which is the most."));
            }
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    private DifferentialAnswer Read(TestRecord test, CellProfile profile, CycleSummary cycle, StepSummary[] steps, CancellationToken cancellation)
    {
        List<(DifferentialCapacity Half, DifferentialCurve? Curve)> halves = [];
        var pass = new DifferentialPass(profile, steps, (half, curve) => halves.Add((half, curve)));
        var walk = new SegmentWalk(test);
        var frame = new SampleFrame(SampleFrame.MaximumSamples);
        long samples = 0;
        long ofCycle = 0;
        Sample sample = default;
        foreach ((long start, StreamCursor cursor) in Cursors(test, cycle))
        {
            using (cursor)
            {
                while (cursor.ReadNext() is { } record)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (!record.TryDecode(frame))
                    {
                        continue; // Damage on the disk; the journal names it.
                    }

                    NodeCalibration.Apply(frame, id => calibrations?.Find(test.Node, test.Channel, id));
                    for (int at = walk.FirstNewOf(frame); at < frame.Count; at++)
                    {
                        FrameSamples.Read(frame, at, start, ref sample);
                        if (sample.TimeMicroseconds <= cycle.EndMicroseconds)
                        {
                            pass.Add(in sample);
                            ofCycle += sample.TimeMicroseconds >= cycle.StartMicroseconds ? 1 : 0;
                        }
                    }

                    samples += frame.Count;
                    if (samples > limits.MostSamples)
                    {
                        throw new DifferentialException(DifferentialFault.TooLarge, string.Create(CultureInfo.InvariantCulture,
                            $"Cycle {cycle.Index} has more than {limits.MostSamples} samples, which is the most that is read."));
                    }
                }
            }
        }

        if (ofCycle == 0)
        {
            throw new DifferentialException(DifferentialFault.Gone, string.Create(CultureInfo.InvariantCulture,
                $"The journal holds no samples of cycle {cycle.Index}."));
        }

        pass.Complete();
        return new DifferentialAnswer(cycle, halves);
    }

    // A cursor for each stretch of the test in which samples of the cycle may lie; each is opened when its turn comes.
    private IEnumerable<(long StartMicroseconds, StreamCursor Cursor)> Cursors(TestRecord test, CycleSummary cycle)
    {
        foreach (TestSegment segment in test.Segments)
        {
            var id = new StreamId(test.Node, test.Channel, segment.Boot, FrameKind.Samples);
            if (journal.FindStream(id) is not { } stream)
            {
                continue;
            }

            long start = stream.UptimeZeroMicroseconds;
            if (start + stream.LastTimeMicroseconds < cycle.StartMicroseconds - LeadMicroseconds || start + stream.FirstTimeMicroseconds > cycle.EndMicroseconds)
            {
                continue;
            }

            ThrowIfRemoved(id, segment, start, cycle);
            var times = new TimeRange(cycle.StartMicroseconds - LeadMicroseconds - start, cycle.EndMicroseconds - start + 1);
            yield return (start, journal.ReadStreamWithin(id, segment.FirstNumber, times));
        }
    }

    private void ThrowIfRemoved(StreamId id, TestSegment segment, long start, CycleSummary cycle)
    {
        if (journal.RemovedEnd(id) <= Math.Max(0, segment.FirstNumber))
        {
            return;
        }

        using StreamCursor cursor = journal.ReadStream(id, segment.FirstNumber);
        if (cursor.ReadNext() is not { } first || start + first.FirstTimeMicroseconds > cycle.StartMicroseconds)
        {
            throw new DifferentialException(DifferentialFault.Gone, string.Create(CultureInfo.InvariantCulture,
                $"Samples of cycle {cycle.Index} have been removed by the retention."));
        }
    }
}

/// <summary>How much is read for one answer.</summary>
/// <param name="MostSamples">Samples of a cycle.</param>
/// <param name="MostTime">Time of one answer.</param>
/// <param name="MostAtOnce">Answers at work at once.</param>
internal sealed record DifferentialLimits(long MostSamples, TimeSpan MostTime, int MostAtOnce)
{
    /// <summary>Ten cell-weeks at 1 Hz, half a minute, two processors.</summary>
    public static DifferentialLimits Default { get; } = new(6_000_000, TimeSpan.FromSeconds(30), 2);
}

/// <summary>What dQ/dV of a cycle shows.</summary>
/// <param name="Cycle">The cycle.</param>
/// <param name="Halves">Its halves in order, each with its curve where there is one.</param>
internal sealed record DifferentialAnswer(CycleSummary Cycle, IReadOnlyList<(DifferentialCapacity Half, DifferentialCurve? Curve)> Halves);

/// <summary>Why dQ/dV is not told.</summary>
internal enum DifferentialFault
{
    /// <summary>What it would be read from is no longer there.</summary>
    Gone = 0,

    /// <summary>More than is read for one answer.</summary>
    TooLarge = 1,

    /// <summary>Not now.</summary>
    Busy = 2,
}

/// <summary>dQ/dV cannot be told, in one sentence.</summary>
internal sealed class DifferentialException(DifferentialFault fault, string message) : Exception(message)
{
    public DifferentialFault Fault { get; } = fault;
}
