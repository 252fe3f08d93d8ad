using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>A channel over stored frames in memory and a clock that the test moves.</summary>
internal sealed class FakeChannel : IFrameHistory
{
    public const long HoldMicroseconds = 5_000_000;
    private readonly SortedDictionary<(ulong Boot, long First), byte[]> stored = [];
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);
    private readonly SampleFrame scratch = new(SampleFrame.MaximumSamples);
    private readonly byte[] buffer = new byte[SampleFrame.MaximumEncodedBytes];
    private readonly Dictionary<(ulong Boot, long First), long> positions = [];
    private long tests;

    public FakeChannel() => State = new ChannelState("n1", "1", Services());

    public ChannelState State { get; private set; }

    /// <summary>What nodes have told of their calibrations.</summary>
    public CalibrationBook Calibrations { get; } = new();

    public long NowMicroseconds { get; set; } = 1_000_000_000_000;

    public TestRun Run => State.Current!.Run;

    public long StartPosition { get; private set; }

    /// <summary>A frame becomes durable and is handed over.</summary>
    public void Arrive(byte[] bytes)
    {
        Store(bytes);
        HandOver(bytes);
    }

    /// <summary>A frame becomes durable; its report is still on the way.</summary>
    public void Store(byte[] bytes)
    {
        Decode(bytes, frame);
        stored[(frame.Boot, frame.FirstSampleNumber)] = bytes;
        positions[(frame.Boot, frame.FirstSampleNumber)] = positions.Count;
    }

    /// <summary>The report of a durable frame arrives.</summary>
    public void HandOver(byte[] bytes)
    {
        Decode(bytes, frame);
        State.Take(frame, positions[(frame.Boot, frame.FirstSampleNumber)], NowMicroseconds, NowMicroseconds);
    }

    /// <summary>Time passes and the worker looks after the channel until nothing is left to do.</summary>
    public void Pass(long microseconds)
    {
        NowMicroseconds += microseconds;
        for (int i = 0; i < 1000; i++)
        {
            State.Work(scratch, NowMicroseconds, isIdle: true);
            if (!State.Tests.Any(test => test.HasMore))
            {
                return;
            }
        }

        Assert.Fail("The channel does not come to rest.");
    }

    /// <summary>The gateway ends without a word and starts again from what was stored of the tests.</summary>
    /// <param name="checkpoints">Tests as they were stored.</param>
    /// <param name="boots">Boots in the order of their first arrival.</param>
    /// <param name="cuts">Where somebody ended a test.</param>
    public void Restart(IReadOnlyList<StoredTest> checkpoints, IReadOnlyList<ulong> boots, params BootPlace[] cuts)
    {
        StartPosition = positions.Count;
        State = new ChannelState("n1", "1", Services());
        foreach (StoredTest checkpoint in checkpoints)
        {
            State.Restore(new TestRun(checkpoint, CellProfiles.Default));
        }

        SampleFrame last = new(SampleFrame.MaximumSamples);
        foreach (ulong boot in boots)
        {
            Decode(stored.First(pair => pair.Key.Boot == boot).Value, frame);
            Decode(stored.Last(pair => pair.Key.Boot == boot).Value, last);
            State.RestoreBoot(frame, NowMicroseconds, last, NowMicroseconds);
        }

        foreach (BootPlace cut in cuts)
        {
            State.Cut(cut);
        }

        // Every frame here holds samples of its own, and JSON samples are counted only when all are asked for.
        State.CheckRestored((boot, from, end) => boot == 0 && EndOf(stored.Last(pair => pair.Key.Boot == 0)) > end
            ? 0
            : stored.Where(pair => pair.Key.Boot == boot)
                .Sum(pair => Math.Max(0, Math.Min(EndOf(pair), end) - Math.Max(pair.Key.First, from))));
    }

    public byte[] Encode(SampleFrame made) => buffer.AsSpan(0, SampleFrameEncoder.Encode(made, buffer, 0)).ToArray();

    public IFrameCursor Open(string node, string channel, ulong boot, long fromNumber) => new Cursor(
        [.. stored.Where(pair => pair.Key.Boot == boot && EndOf(pair) > fromNumber).Select(pair => (pair.Value, positions[pair.Key]))]);

    private static void Decode(byte[] bytes, SampleFrame into) =>
        Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, into));

    private static long EndOf(KeyValuePair<(ulong Boot, long First), byte[]> pair)
    {
        SampleFrame decoded = new(SampleFrame.MaximumSamples);
        Decode(pair.Value, decoded);
        return pair.Key.First + decoded.Count;
    }

    private ChannelServices Services() => new(this, HoldMicroseconds, (_, _) => CellProfiles.Default, (node, channel, segment) =>
    {
        long number = ++tests;
        return new TestRun(new TestRecord
        {
            Test = $"c@{number}",
            Cell = "c",
            Node = node,
            Channel = channel,
            Ordinal = number,
            Segments = [segment],
        }, CellProfiles.Default);
    })
    {
        Calibrations = Calibrations,
    };

    private sealed class Cursor(List<(byte[] Bytes, long Position)> frames) : IFrameCursor
    {
        private int at;

        public long Position => frames[at - 1].Position;

        public bool TryRead(SampleFrame into)
        {
            if (at == frames.Count)
            {
                return false;
            }

            Decode(frames[at++].Bytes, into);
            return true;
        }

        public void Dispose() => at = frames.Count;
    }
}

/// <summary>Frames of a cell that is charged and discharged at 1 A, a sample every 10 s.</summary>
internal static class CycledCell
{
    public const int SamplesPerHalfCycle = 360;

    /// <param name="cycles">Cycles to run.</param>
    /// <param name="samplesPerFrame">Samples in a frame.</param>
    /// <param name="boot">Boot of the node.</param>
    /// <param name="anchorMicroseconds">Unix microseconds at uptime zero; null for none.</param>
    /// <param name="endsTest">True when the last frame ends the test.</param>
    /// <param name="startsTest">True when the first frame starts a test.</param>
    public static List<SampleFrame> Frames(
        int cycles, int samplesPerFrame, ulong boot, long? anchorMicroseconds, bool endsTest, bool startsTest = false)
    {
        List<SampleFrame> frames = [];
        SampleFrame? frame = null;
        int samples = cycles * SamplesPerHalfCycle * 2;
        for (int number = 0; number < samples; number++)
        {
            if (frame is null || frame.Count == samplesPerFrame)
            {
                frame = new SampleFrame(samplesPerFrame)
                {
                    Node = "n1",
                    Channel = "1",
                    Boot = boot,
                    FirstSampleNumber = number,
                    IsLive = true,
                    StartsTest = startsTest && number == 0,
                    HasBootAnchor = anchorMicroseconds is not null,
                    BootAnchorUnixMicroseconds = anchorMicroseconds ?? 0,
                };
                frame.Scales[SampleColumns.Voltage].Denominator = 10_000;
                frame.Scales[SampleColumns.Current].Denominator = 1000;
                frames.Add(frame);
            }

            int at = frame.Count++;
            int phase = number / SamplesPerHalfCycle;
            int step = number % SamplesPerHalfCycle;
            bool charges = phase % 2 == 0;
            double fade = 1 - (0.002 * (phase / 2));
            double progress = step / (SamplesPerHalfCycle * fade);
            frame.UptimeMicroseconds[at] = number * 10_000_000L;
            frame.States[at] = SensorStates.With(
                SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good), SampleColumns.Current, SensorState.Good);
            frame.Counts[SampleColumns.Voltage][at] = (long)(charges ? 35000 + (7000 * progress) : 41500 - (7000 * progress));
            frame.Counts[SampleColumns.Current][at] = step >= SamplesPerHalfCycle * fade ? 0 : charges ? 1000 : -1000;
        }

        frames[^1].EndsTest = endsTest;
        return frames;
    }
}

/// <summary>What a test gave, without revisions: what must not depend on the order of arrival.</summary>
internal sealed record Judgement(
    IReadOnlyList<CycleSummary> Cycles, IReadOnlyList<StepSummary> Steps, IReadOnlyList<Finding> Findings, long SampleCount)
{
    public static Judgement Of(TestRun run)
    {
        run.Publish();
        return new Judgement([.. run.View.Cycles.Select(cycle => cycle with { Revision = 0 })],
            [.. run.View.Steps], [.. run.View.Findings], run.View.Record.SampleCount);
    }

    public static void Equal(Judgement expected, Judgement actual)
    {
        Assert.Equal(expected.SampleCount, actual.SampleCount);
        Assert.Equal(expected.Cycles, actual.Cycles);
        Assert.Equal(expected.Steps, actual.Steps);
        Assert.Equal(expected.Findings, actual.Findings);
    }
}
