using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Steps;

/// <summary>
/// Sums the steps of a test and holds them until it is known to which cycle they belong; what is given never changes. The
/// cycle assembler says of each interval in which stretch it lies, so that a step never reaches over a half's end and the
/// steps of a cycle add up to what the cycle counted. Held steps lie in time order: those of the opening trail, of the
/// lead, of the running half, and of the stretch since its last turning point.
/// </summary>
/// <remarks>
/// Bounded: of at most <see cref="MostHeld"/> steps held, and a few for the ends of stretches, further changes are summed in the last. A stretch that interrupts
/// a step for a moment (see <see cref="IsBlip"/>) joins it, with what follows. After the first cycle a step is given when two others have followed it.
/// </remarks>
/// <param name="leadDirection">Of the half that opens a cycle: 1 charge, -1 discharge.</param>
/// <param name="sink">Takes each step.</param>
internal sealed class StepBook(int leadDirection, ICycleSink sink)
{
    /// <summary>Most steps that wait for their cycle, but for those that begin a stretch.</summary>
    public const int MostHeld = 256;
    private const int Spare = 8;
    private const int FewSamples = 1;
    private const double MomentSeconds = 10;
    private const double FewSamplesShare = 0.01;
    private const double BlipShare = 1e-4;

    private StepSums[] held = new StepSums[4];
    private Memory state = new() { SinceFrom = -1 };

    /// <summary>True when the next interval opens a step, whatever it says itself.</summary>
    public bool MustOpen => state.MustOpen || state.Held == 0;

    private int BodyEnd => state.SinceFrom >= 0 ? state.SinceFrom : state.Held;

    /// <summary>Opens a step with an interval, which is then added.</summary>
    /// <param name="interval">The first interval of the step.</param>
    /// <param name="capacityC">Capacity seen so far, C.</param>
    /// <param name="cycles">Cycles closed.</param>
    /// <param name="direction">Of the running half: 1 charge, -1 discharge, 0 not known yet.</param>
    public void Open(in Interval interval, double capacityC, int cycles, int direction)
    {
        if (interval.GapSeconds > 0 && state.Held > 0 && interval.PreviousKind != 0)
        {
            ref StepSums before = ref held[state.Held - 1];
            before.LongestGapSeconds = Math.Max(before.LongestGapSeconds, interval.GapSeconds);
        }

        bool mayGoOn = state.Held > 0 && !state.MustOpen;
        state.MustOpen = false;
        if (mayGoOn && GoesOn(ref held[state.Held - 1], interval.Kind))
        {
            return;
        }

        if (state.Held == MostHeld + Spare)
        {
            held[state.Held - 1].Joined++;
            return;
        }

        if (cycles > 0)
        {
            // From the first cycle on, whatever joins a half belongs to the next cycle to be closed. What may still grow is kept.
            Give(Math.Min(state.LeadEnd, state.Held - 2), cycles + 1, leadDirection);
            if (direction != 0 && state.LeadEnd == 0)
            {
                Give(BodyEnd - 2, cycles + 1, direction);
            }
        }

        if (state.Held == held.Length)
        {
            Array.Resize(ref held, Math.Min(2 * held.Length, MostHeld + Spare));
        }

        held[state.Held++] = StepSums.Of(interval);
        JoinBlip(capacityC);
    }

    public void Add(in Interval interval) => held[state.Held - 1].Add(interval);

    /// <summary>The running step; there is one unless <see cref="MustOpen"/>.</summary>
    public ref StepSums Running => ref held[state.Held - 1];

    /// <summary>The next interval begins the stretch since the last turning point.</summary>
    public void BeginSince()
    {
        state.SinceFrom = state.Held;
        state.MustOpen = true;
    }

    /// <summary>The stretch since the last turning point has joined the running half.</summary>
    public void JoinSince(double capacityC)
    {
        int from = state.SinceFrom;
        state.SinceFrom = -1;
        JoinBlip(capacityC);
        if (state.Held > MostHeld && from > state.LeadEnd)
        {
            for (int i = from; i < state.Held; i++)
            {
                held[from - 1].Append(held[i]);
            }

            state.Held = from;
        }
    }

    /// <summary>The half before has been closed: the stretch since is the running half now.</summary>
    public void TurnSince() => state.SinceFrom = -1;

    /// <summary>What came since the last turning point belongs to nothing.</summary>
    public void DropSince()
    {
        for (int i = BodyEnd; i < state.Held; i++)
        {
            held[i].IsCycleless = true;
        }

        state.SinceFrom = -1;
        state.MustOpen = true;
    }

    /// <summary>The running half belongs to nothing.</summary>
    public void DropBody()
    {
        for (int i = state.LeadEnd; i < BodyEnd; i++)
        {
            held[i].IsCycleless = true;
        }

        state.LeadEnd = BodyEnd;
    }

    /// <summary>The running half waits as the lead of a cycle, with what waits there already.</summary>
    public void HoldLead()
    {
        state.LeadEnd = BodyEnd;
        int last = state.LeadEnd - 1;
        while (state.Held > MostHeld && last > state.TrailEnd && held[last].IsCycleless == held[last - 1].IsCycleless)
        {
            held[last - 1].Append(held[last]);
            Remove(last--, 1);
        }
    }

    /// <summary>The running half waits as an opening trail; what was held before it was noise.</summary>
    public void HoldTrail()
    {
        GiveAsRest(state.LeadEnd);
        state.TrailEnd = BodyEnd;
        state.LeadEnd = BodyEnd;
    }

    /// <summary>The opening trail is decided: a cycle's, nobody's, or noise.</summary>
    public void GiveTrail(int? cycle, bool isNoise)
    {
        if (isNoise)
        {
            GiveAsRest(state.TrailEnd);
        }
        else
        {
            Give(state.TrailEnd, cycle, -leadDirection);
        }
    }

    /// <summary>A cycle is closed: of the lead, where it counts, and of the running half.</summary>
    public void GiveCycle(int cycle, bool leadCounts)
    {
        Give(state.LeadEnd, leadCounts ? cycle : null, leadDirection);
        Give(BodyEnd, cycle, -leadDirection);
    }

    /// <summary>The test ended with a lead and nothing after it.</summary>
    public void GiveLead(int? cycle)
    {
        if (cycle is null)
        {
            GiveAsRest(state.LeadEnd);
        }
        else
        {
            Give(state.LeadEnd, cycle, leadDirection);
        }
    }

    /// <summary>The test ends here: the last step may have been cut off. Before the others are given.</summary>
    public void CutOff()
    {
        if (state.Held > 0)
        {
            held[state.Held - 1].IsCutOff = true;
        }
    }

    /// <summary>Gives what is left at the end of a test; where no cycle was ever closed, nothing of it was a current.</summary>
    public void GiveRest(bool isNoise)
    {
        if (isNoise)
        {
            GiveAsRest(state.Held);
        }
        else
        {
            Give(state.Held, null, 0);
        }
    }

    /// <summary>All that is held was rest, but for the interval added last, which is to be taken again.</summary>
    public void ForgetRest(in Interval last)
    {
        if (state.Held == 0)
        {
            return; // A snapshot of before there were steps.
        }

        ref StepSums newest = ref held[state.Held - 1];
        if (newest.SampleCount <= 1)
        {
            state.Held--;
        }
        else
        {
            newest.SampleCount--;
            newest.Seconds = Math.Max(0, newest.Seconds - last.Seconds);
            newest.LastMicroseconds -= (long)Math.Round(last.Seconds * 1e6);
        }

        Collapse(state.Held);
        state.TrailEnd = 0;
        state.LeadEnd = 0;
        state.SinceFrom = -1;
        state.MustOpen = true;
    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, state);
        for (int i = 0; i < state.Held; i++)
        {
            StateBlock.Write(writer, held[i]);
        }
    }

    public void Load(BinaryReader reader)
    {
        StateBlock.Read(reader, ref state);
        if (state.Held is < 0 or > MostHeld + Spare)
        {
            throw new InvalidDataException($"Snapshot holds {state.Held} steps, at most {MostHeld + Spare} are possible.");
        }

        held = new StepSums[Math.Max(4, state.Held)];
        for (int i = 0; i < state.Held; i++)
        {
            StateBlock.Read(reader, ref held[i]);
        }
    }

    /// <summary>A snapshot of before there were steps: they begin with the next interval.</summary>
    public void Clear() => state = new Memory { SinceFrom = -1 };

    /// <summary>
    /// True for an interruption that is no step: a single record that carried no more than 1 % of the capacity or, at rest,
    /// lasted less than ten seconds; and a current that carried no more than 0.01 % of it.
    /// </summary>
    private static bool IsBlip(in StepSums step, double capacityC) => step.Kind == 0
        ? step.SampleCount <= FewSamples && step.Seconds < MomentSeconds
        : step.CarriedC <= (step.SampleCount <= FewSamples ? FewSamplesShare : BlipShare) * capacityC;

    /// <summary>
    /// True where no step is opened: a rest goes on whatever its noise does, the single record at a step's edge belongs to
    /// what follows it, and what does not fit goes into the last.
    /// </summary>
    private bool GoesOn(ref StepSums last, int kind)
    {
        if (last.Kind == kind && (kind == 0 || last.SampleCount == 1))
        {
            return true;
        }

        last.Joined += state.Held >= MostHeld ? 1 : 0;
        return state.Held >= MostHeld;
    }

    /// <summary>What was interrupted goes on in the newest step: the three become one.</summary>
    private void JoinBlip(double capacityC)
    {
        int first = state.Held - 3;
        if (first < (state.SinceFrom >= 0 ? state.SinceFrom : state.LeadEnd) || held[first].Kind != held[first + 2].Kind
            || held[first].IsCycleless != held[first + 2].IsCycleless || !IsBlip(held[first + 1], capacityC))
        {
            return;
        }

        held[first].Append(held[first + 1]);
        held[first].Append(held[first + 2]);
        held[first].Joined--; // Two changes, one interruption.
        state.Held = first + 1;
    }

    private void GiveAsRest(int end)
    {
        if (end <= 0)
        {
            return;
        }

        int left = state.Held - end;
        Collapse(end);
        held[0].IsCycleless = true;
        Give(state.Held - left, null, 0);
    }

    /// <summary>Makes one rest of the first steps held.</summary>
    private void Collapse(int end)
    {
        if (end == 0)
        {
            return;
        }

        bool isNoise = false;
        for (int i = 0; i < end; i++)
        {
            held[i].BecomeRest();
            isNoise |= held[i].IsNoise;
            if (i > 0)
            {
                held[0].Append(held[i]);
            }
        }

        held[0].IsNoise = isNoise;
        Remove(1, end - 1);
    }

    private void Give(int end, int? cycle, int half)
    {
        for (int i = 0; i < end; i++)
        {
            sink.OnStep(held[i].ToSummary(++state.Given, cycle, half));
        }

        Remove(0, Math.Max(end, 0));
    }

    private void Remove(int at, int count)
    {
        Array.Copy(held, at + count, held, at, state.Held - at - count);
        state.Held -= count;
        state.TrailEnd = Math.Max(Math.Min(state.TrailEnd, at), state.TrailEnd - count);
        state.LeadEnd = Math.Max(Math.Min(state.LeadEnd, at), state.LeadEnd - count);
        state.SinceFrom = state.SinceFrom < 0 ? -1 : Math.Max(Math.Min(state.SinceFrom, at), state.SinceFrom - count);
    }

    private struct Memory
    {
        public int Held;
        public int Given;
        public int TrailEnd;
        public int LeadEnd;

        /// <summary>First step since the last turning point; -1 where there is no such stretch.</summary>
        public int SinceFrom;
        public bool MustOpen;
    }
}
