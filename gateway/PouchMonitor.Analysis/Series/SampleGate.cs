using System.Numerics;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// Stands before every rule and integral and takes out the readings that cannot be true. Judgement is causal with a
/// bounded look-ahead: a sample that raises no doubt passes at once; a doubtful one is held back until it is refuted (the
/// readings return, or contradict one another) or confirmed (three in a row on the same side, or 10 s of them), so that
/// a real collapse or overvoltage passes and a glitch does not. A refuted reading is reported as <c>bad-reading</c> and
/// its column becomes <see cref="SensorState.OutOfRange"/>; a sample whose time runs backwards is reported and dropped,
/// until ten in order among themselves show that the clock was set anew: a restarted clock must not blind the rules.
/// </summary>
internal sealed class SampleGate
{
    /// <summary>Most samples held back at a time.</summary>
    private const int HeldCapacity = 8;

    /// <summary>A time this far ahead of the last is believed once the next sample follows it.</summary>
    private const long LeapMicroseconds = 600_000_000;

    /// <summary>More records than this with one and the same time are a stopped clock; some logs round to whole seconds.</summary>
    private const int MostEqualTimes = 64;

    /// <summary>So many samples in a row, in order among themselves but before the last time, and the clock was set anew.</summary>
    private const int RestartCount = 10;

    private const uint LowestBits = 0b001_001_001_001_001_001_001_001_001_001;

    private readonly BadReadingReporter reporter;
    private readonly ReadingDoubt doubt;
    private Memory state;

    public SampleGate(CellProfile profile, IFindingSink findings)
    {
        doubt = new ReadingDoubt(profile);
        reporter = new BadReadingReporter(findings, doubt);
    }

    /// <summary>Readings that were not believed so far.</summary>
    public long BadReadingCount => reporter.Count;

    /// <summary>
    /// Takes the next sample. True: it passes as it is. False: it was dropped or held back; take what
    /// <see cref="TryRelease"/> gives.
    /// </summary>
    public bool Admit(in Sample sample)
    {
        if (state.HeldCount == 0)
        {
            if (state.Any && sample.TimeMicroseconds <= state.LastMicroseconds)
            {
                if (!AcceptsTime(sample))
                {
                    return false;
                }
            }
            else
            {
                state.EqualTimes = 0;
                state.BackwardCount = 0;
            }

            if (!(state.Any && sample.TimeMicroseconds - state.LastMicroseconds > LeapMicroseconds) && doubt.TryBelieve(sample))
            {
                state.LastMicroseconds = sample.TimeMicroseconds;
                state.Any = true;
                reporter.Passed(sample.TimeMicroseconds);
                return true;
            }
        }

        AdmitDoubtful(sample);
        return false;
    }

    /// <summary>Time of the last sample, microseconds.</summary>
    public long LastMicroseconds => state.LastMicroseconds;

    /// <summary>True when samples of these states, in order and within the band, pass as they are; narrows it to that.</summary>
    public bool IsQuiet(uint states, ref QuietBand band) =>
        state.HeldCount == 0 && state.Any && !reporter.IsInRun && doubt.IsQuiet(states, ref band);

    /// <summary>Takes a run that <see cref="IsQuiet"/> allowed.</summary>
    public void Take(SampleRun run, in Sample last)
    {
        state.EqualTimes = 0;
        state.BackwardCount = 0;
        state.LastMicroseconds = run.LastMicroseconds;
        doubt.Take(run, last);
    }

    /// <summary>Gives the next sample that is decided, in order, and whether one of its readings was refuted.</summary>
    public bool TryRelease(out Sample sample, out bool refuted)
    {
        refuted = false;
        if (state.HeldCount == 0 || state.Held[0].Doubts != 0)
        {
            Unsafe.SkipInit(out sample);
            return false;
        }

        sample = state.Held[0].Sample;
        refuted = state.Held[0].IsRefuted;
        RemoveHeld(0);
        return true;
    }

    /// <summary>The test has ended: what is still in doubt is not believed.</summary>
    public void Complete()
    {
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            Refute(column, state.LastMicroseconds);
        }

        for (int i = 0; i < state.HeldCount; i++)
        {
            state.Held[i].Doubts = 0;
        }

    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, state);
        doubt.Save(writer);
        reporter.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        StateBlock.Read(reader, ref state);
        doubt.Load(reader);
        reporter.Load(reader);
    }

    /// <summary>The columns whose state is good, one bit each at the lowest of the column's three.</summary>
    internal static uint GoodColumns(uint states) => ~(states | (states >> 1) | (states >> 2)) & LowestBits;

    private bool AcceptsTime(in Sample sample)
    {
        if (sample.TimeMicroseconds == state.LastMicroseconds && ++state.EqualTimes < MostEqualTimes)
        {
            return true;
        }

        if (sample.TimeMicroseconds < state.LastMicroseconds)
        {
            state.BackwardCount = sample.TimeMicroseconds >= state.BackwardMicroseconds ? state.BackwardCount + 1 : 1;
            state.BackwardMicroseconds = sample.TimeMicroseconds;
            if (state.BackwardCount == RestartCount)
            {
                state.BackwardCount = 0;
                state.LastMicroseconds = sample.TimeMicroseconds;
                return true;
            }
        }

        reporter.TimeNotBelieved(sample, state.LastMicroseconds);
        return false;
    }

    private void AdmitDoubtful(in Sample sample)
    {
        long last = state.HeldCount > 0 ? state.Held[state.HeldCount - 1].Sample.TimeMicroseconds : state.LastMicroseconds;
        bool leaps = state.Any && sample.TimeMicroseconds - last > LeapMicroseconds;
        if (state.HeldCount > 0 && !SettleLeap(sample, ref last))
        {
            return;
        }

        if (state.HeldCount == HeldCapacity)
        {
            ConfirmAll();
        }

        if (leaps)
        {
            state.BeforeLeapMicroseconds = last;
        }

        ref HeldSample held = ref state.Held[state.HeldCount];
        held.Sample = sample;
        held.Doubts = leaps ? HeldSample.LeapDoubt : 0;
        held.IsRefuted = false;
        state.HeldCount++;
        state.LastMicroseconds = sample.TimeMicroseconds;
        state.Any = true;
        MarkNotFinite(ref held.Sample);
        JudgeColumns(state.HeldCount - 1);
    }

    /// <summary>A held sample whose time leapt ahead is settled by the one that follows it. False: the new one is dropped.</summary>
    private bool SettleLeap(in Sample sample, ref long last)
    {
        int newest = state.HeldCount - 1;
        ref HeldSample held = ref state.Held[newest];
        bool leapt = (held.Doubts & HeldSample.LeapDoubt) != 0;
        if (sample.TimeMicroseconds < last)
        {
            long before = state.BeforeLeapMicroseconds;
            if (!leapt || sample.TimeMicroseconds < before)
            {
                reporter.TimeNotBelieved(sample, last);
                return false;
            }

            reporter.TimeNotBelieved(held.Sample, before);
            RemoveHeld(newest);
            last = before;
        }
        else
        {
            held.Doubts &= ~HeldSample.LeapDoubt;
        }

        return true;
    }

    private void MarkNotFinite(ref Sample sample)
    {
        for (uint columns = GoodColumns(sample.States); columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            if (!double.IsFinite(sample.Values[column]))
            {
                reporter.NotFinite(sample, column);
                sample.States = SensorStates.With(sample.States, column, SensorState.OutOfRange);
                sample.Values[column] = 0;
            }
        }
    }

    private void JudgeColumns(int position)
    {
        ref HeldSample held = ref state.Held[position];
        bool currentChanged = doubt.CurrentChanged(held.Sample);
        for (uint columns = GoodColumns(held.Sample.States); columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            if (column == SampleColumns.Current)
            {
                continue;
            }

            int side = doubt.SideOf(held.Sample, column);
            ref DoubtRun run = ref state.Runs[column];
            if (side == 0)
            {
                if (run.Count > 0)
                {
                    SettleByReturn(column, held.Sample, currentChanged);
                }

                continue;
            }

            if (run.Count > 0 && run.Side != side)
            {
                Refute(column, held.Sample.TimeMicroseconds);
            }

            if (run.Count == 0)
            {
                run.Side = side;
                run.FirstMicroseconds = held.Sample.TimeMicroseconds;
            }

            run.Count++;
            held.Doubts |= 1u << column;
            if (run.Count >= doubt.ConfirmingCount(held.Sample, column)
                || held.Sample.TimeMicroseconds - run.FirstMicroseconds >= ReadingDoubt.ConfirmingMicroseconds)
            {
                Confirm(column, held.Sample);
            }
        }

        doubt.Believe(held.Sample, held.Doubts);
    }

    /// <summary>
    /// The reading came back. Where the current changed with it and the excursion was moderate, the current explains the
    /// excursion, and it is believed rather than danger hidden.
    /// </summary>
    private void SettleByReturn(int column, in Sample returned, bool currentChanged)
    {
        if (column == SampleColumns.Voltage && currentChanged && !doubt.IsFarOut(HeldDoubtful(column)))
        {
            Confirm(column, HeldDoubtful(column));
        }
        else
        {
            Refute(column, returned.TimeMicroseconds);
        }
    }

    private Sample HeldDoubtful(int column)
    {
        for (int i = state.HeldCount - 1; i >= 0; i--)
        {
            if ((state.Held[i].Doubts & (1u << column)) != 0)
            {
                return state.Held[i].Sample;
            }
        }

        return state.Held[0].Sample;
    }

    private void Confirm(int column, in Sample evidence)
    {
        for (int i = 0; i < state.HeldCount; i++)
        {
            state.Held[i].Doubts &= ~(1u << column);
        }

        state.Runs[column] = default;
        doubt.Extend(evidence, column);
    }

    private void ConfirmAll()
    {
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (state.Runs[column].Count > 0)
            {
                Confirm(column, HeldDoubtful(column));
            }
        }
    }

    private void Refute(int column, long provenMicroseconds)
    {
        if (state.Runs[column].Count == 0)
        {
            return;
        }

        state.Runs[column] = default;
        for (int i = 0; i < state.HeldCount; i++)
        {
            ref HeldSample held = ref state.Held[i];
            if ((held.Doubts & (1u << column)) != 0)
            {
                reporter.NotBelieved(held.Sample, column, provenMicroseconds);
                held.Sample.States = SensorStates.With(held.Sample.States, column, SensorState.OutOfRange);
                held.Doubts &= ~(1u << column);
                held.IsRefuted = true;
            }
        }
    }

    private void RemoveHeld(int position)
    {
        for (int i = position + 1; i < state.HeldCount; i++)
        {
            state.Held[i - 1] = state.Held[i];
        }

        state.HeldCount--;
    }

    private struct Memory
    {
        public HeldSamples Held;
        public DoubtRuns Runs;
        public long LastMicroseconds;
        public long BeforeLeapMicroseconds;
        public long BackwardMicroseconds;
        public int BackwardCount;
        public int HeldCount;
        public int EqualTimes;
        public bool Any;
    }

    [InlineArray(HeldCapacity + 1)]
    private struct HeldSamples
    {
        private HeldSample first;
    }

    [InlineArray(SampleColumns.Count)]
    private struct DoubtRuns
    {
        private DoubtRun first;
    }
}
