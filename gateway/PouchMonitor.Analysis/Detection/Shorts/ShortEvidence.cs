using System.Globalization;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>What a piece of evidence rests on, in the units of its row.</summary>
internal struct ShortFacts
{
    public long OnsetMicroseconds;
    public double WindowSeconds;
    public double Observed;
    public double Limit;

    /// <summary>What it is held against: the noise (V), the earlier rests or charges.</summary>
    public double Baseline;

    /// <summary>The same as a figure a person knows: mA of leak, V of amplitude.</summary>
    public double Absolute;
    public int Count;

    /// <summary>True where <see cref="Absolute"/> is the most it can be.</summary>
    public bool IsBound;
}

/// <summary>
/// Keeps which evidence of a soft short is raised and tells it: one finding an onset. Evidence that comes within a cycle of
/// another kind still seen is told as critical.
/// </summary>
internal sealed class ShortEvidence(CellProfile profile, IFindingSink findings)
{
    private const int Kinds = 5;
    private readonly ShortRow[] rows = [.. ShortTable.All.Select(row => row.For(profile))];
    private Memory state;

    /// <summary>The row of a kind, as the profile has it.</summary>
    public ShortRow Row(ShortKind kind) => rows[(int)kind];

    public bool IsRaised(ShortKind kind) => state.Kept[(int)kind].IsRaised;

    /// <summary>Cycle in which it was seen last; meaningful while raised.</summary>
    public int LastCycle(ShortKind kind) => state.Kept[(int)kind].LastCycle;

    public void Raise(ShortKind kind, in ShortFacts facts, int cycle)
    {
        ref Kept kept = ref state.Kept[(int)kind];
        if (kept.IsRaised)
        {
            kept.LastCycle = cycle;
            return;
        }

        long onset = facts.OnsetMicroseconds;
        kept.Partner = -1;
        for (int i = 0; i < Kinds; i++)
        {
            ref readonly Kept other = ref state.Kept[i];
            onset += other.Facts.OnsetMicroseconds == onset && other.LastCycle > 0 ? 1 : 0;
            if (other.IsRaised && Math.Abs(cycle - other.LastCycle) <= 1)
            {
                kept.Partner = i;
            }
        }

        kept.IsRaised = true;
        kept.Facts = facts;
        kept.Facts.OnsetMicroseconds = onset;
        kept.Cycle = cycle;
        kept.LastCycle = cycle;
        Tell(kind, null);
    }

    /// <summary>It was seen again.</summary>
    public void SeenAgain(ShortKind kind, int cycle) => state.Kept[(int)kind].LastCycle = cycle;

    public void Clear(ShortKind kind, long microseconds)
    {
        if (IsRaised(kind))
        {
            state.Kept[(int)kind].IsRaised = false;
            Tell(kind, Math.Max(microseconds, state.Kept[(int)kind].Facts.OnsetMicroseconds));
        }
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    public void Reset() => state = default;

    private void Tell(ShortKind kind, long? clearedMicroseconds)
    {
        ref readonly Kept kept = ref state.Kept[(int)kind];
        ShortRow row = rows[(int)kind];
        string agrees = kept.Partner < 0 ? "" : $"; {Name((ShortKind)kept.Partner)} in the same cycle or the one before say so too";
        findings.OnFinding(new Finding
        {
            Rule = RuleNames.SoftShort,
            OnsetMicroseconds = kept.Facts.OnsetMicroseconds,
            Severity = kept.Partner < 0 ? row.Severity : ShortTable.TogetherSeverity,
            Cycle = kept.Cycle > 0 ? kept.Cycle : null,
            Measure = row.Measure,
            Observed = kept.Facts.Observed,
            Limit = kept.Facts.Limit,
            Unit = kind == ShortKind.Leak ? "V/h" : row.Unit,
            Message = Sentence(kind, kept.Facts) + agrees + ".",
            ClearedMicroseconds = clearedMicroseconds,
        });
    }

    private static string Sentence(ShortKind kind, in ShortFacts facts) => kind switch
    {
        ShortKind.Dips => string.Create(
            CultureInfo.InvariantCulture,
            $"The voltage of a charge at constant current dipped {facts.Count} times within {Span(facts.WindowSeconds)}, by up to {1000 * facts.Observed:0.#} mV (limit {1000 * facts.Limit:0.#} mV, noise of the channel {1000 * facts.Baseline:0.##} mV): a short that comes and goes"),
        ShortKind.Leak => string.Create(
            CultureInfo.InvariantCulture,
            $"Over {Span(facts.WindowSeconds)} of rest the voltage fell by {1000 * facts.Observed:0.##} mV an hour more than in {facts.Count} earlier rests ({1000 * facts.Baseline:0.##} mV/h, limit {1000 * facts.Limit:0.##} mV/h more): a leak inside of {(facts.IsBound ? "at most" : "about")} {facts.Absolute:0.##} mA"),
        ShortKind.Overrun => string.Create(
            CultureInfo.InvariantCulture,
            $"The running charge has taken in {facts.Absolute:0.####} Ah in {Span(facts.WindowSeconds)}, {100 * facts.Observed:0.#} % of the {facts.Baseline:0.####} Ah of {facts.Count} charges like it (limit {100 * facts.Limit:0.#} %), and is not full: charge leaks away"),
        ShortKind.Noise => string.Create(
            CultureInfo.InvariantCulture,
            $"The voltage noise of the last charge ({Span(facts.WindowSeconds)}) is {1000 * facts.Absolute:0.###} mV, {facts.Observed:0.#} times the {1000 * facts.Baseline:0.###} mV of {facts.Count} charges before (limit {facts.Limit:0.#} times), and discharges did not get noisier: contacts of a short come and go"),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"The plateau of the symmetric cell fell to {1000 * facts.Absolute:0.#} mV for {Span(facts.WindowSeconds)}, {100 * facts.Observed:0} % of the {1000 * facts.Baseline:0.#} mV of the half cycles before (limit {100 * facts.Limit:0} %): it is shorted"),
    };

    private static string Name(ShortKind kind) => kind switch
    {
        ShortKind.Dips => "voltage dips",
        ShortKind.Leak => "leaking rests",
        ShortKind.Overrun => "charges that overran",
        ShortKind.Noise => "noisy charges",
        _ => "fallen plateaus",
    };

    private static string Span(double seconds) => seconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s")
        : seconds < 7200
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h");

    private struct Kept
    {
        public ShortFacts Facts;
        public int Cycle;
        public int LastCycle;
        public int Partner;
        public bool IsRaised;
    }

    [InlineArray(Kinds)]
    private struct AllKept
    {
        private Kept first;
    }

    private struct Memory
    {
        public AllKept Kept;
    }
}
