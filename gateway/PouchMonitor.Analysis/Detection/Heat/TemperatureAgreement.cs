using System.Globalization;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>
/// Holds the temperatures that should agree against each other, minute by minute (<see cref="AgreementTable"/>): the infrared
/// against the contact thermometer, and the ambient against what it was. One pass, bounded memory.
/// </summary>
internal sealed class TemperatureAgreement(IFindingSink findings)
{
    private const double BlockSeconds = 60;
    private const double LongestIntervalSeconds = 120;
    private const int LearnBlocks = 30;
    private const double AmbientMemorySeconds = 6 * 3600;

    private Memory state;

    /// <summary>Takes the next sample.</summary>
    public void Take(in Sample sample)
    {
        double timeS = sample.TimeMicroseconds / 1e6;
        double seconds = timeS - state.TimeS;
        state.TimeS = timeS;
        if (!(seconds > 0 && seconds <= LongestIntervalSeconds))
        {
            state.Seconds = 0;
            state.Pair = default;
            state.Ambient = default;
            return;
        }

        state.Seconds += seconds;
        bool hasContact = sample.IsGood(SampleColumns.Surface);
        if (hasContact && sample.IsGood(SampleColumns.Infrared))
        {
            state.Pair.Add(sample.Values[SampleColumns.Infrared] - sample.Values[SampleColumns.Surface], seconds);
            state.Contact.Add(sample.Values[SampleColumns.Surface], seconds);
        }

        if (sample.IsGood(SampleColumns.Ambient))
        {
            state.Ambient.Add(sample.Values[SampleColumns.Ambient], seconds);
        }

        if (state.Seconds >= BlockSeconds)
        {
            Close(sample.TimeMicroseconds);
        }
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    /// <summary>A snapshot of before there was this rule: it begins anew.</summary>
    public void Reset() => state = default;

    private void Close(long microseconds)
    {
        bool isWhole = state.Pair.Seconds > 0.5 * state.Seconds;
        if (isWhole)
        {
            ClosePair(microseconds, state.Pair.Value, state.Contact.Value);
        }

        if (state.Ambient.Seconds > 0.5 * state.Seconds)
        {
            CloseAmbient(microseconds, state.Ambient.Value, state.Seconds);
        }

        state.HasContactBefore = isWhole;
        state.ContactBeforeC = state.Contact.Value;
        state.Seconds = 0;
        state.Pair = default;
        state.Contact = default;
        state.Ambient = default;
    }

    private void ClosePair(long microseconds, double differenceK, double contactC)
    {
        // What touches lags behind what sees: while it heats or cools fast they differ for no fault.
        if (!state.HasContactBefore || Math.Abs(contactC - state.ContactBeforeC) > AgreementTable.MostChangeKPerMinute)
        {
            state.Disagreement.Count = 0;
            return;
        }

        double riseK = state.Ambient.Seconds > 0 ? Math.Max(0, contactC - state.Ambient.Value) : 0;
        double limitK = AgreementTable.ContactAgainstInfrared.Raise + (AgreementTable.RiseShare * riseK);
        double offK = Math.Abs(differenceK - state.UsualK);
        if (state.Learned < LearnBlocks && offK < limitK)
        {
            state.UsualK += (differenceK - state.UsualK) / ++state.Learned;
        }

        if (state.Disagreement.Take(AgreementTable.ContactAgainstInfrared, offK >= limitK, offK < limitK - AgreementTable.ContactAgainstInfrared.Raise + AgreementTable.ContactAgainstInfrared.Clear, microseconds))
        {
            state.DifferenceK = state.Disagreement.IsRaised ? differenceK : state.DifferenceK;
            state.LimitK = state.Disagreement.IsRaised ? limitK : state.LimitK;
            Tell(AgreementTable.ContactAgainstInfrared, state.Disagreement, microseconds, state.DifferenceK - state.UsualK, state.LimitK, string.Create(
                CultureInfo.InvariantCulture,
                $"Infrared and contact temperature differ by {state.DifferenceK:0.0} K, {Math.Abs(state.DifferenceK - state.UsualK):0.0} K from the usual {state.UsualK:0.0} K (limit {state.LimitK:0.0} K): one has come off, is fogged or sees something else; the higher one counts."));
        }
    }

    private void CloseAmbient(long microseconds, double ambientC, double seconds)
    {
        if (!state.HasAmbient)
        {
            state.HasAmbient = true;
            state.UsualC = ambientC;
        }

        double offK = Math.Abs(ambientC - state.UsualC);
        if (state.Drift.Take(AgreementTable.AmbientDrift, offK >= AgreementTable.AmbientDrift.Raise, offK < AgreementTable.AmbientDrift.Clear, microseconds))
        {
            state.AmbientC = state.Drift.IsRaised ? ambientC : state.AmbientC;
            state.BeforeC = state.Drift.IsRaised ? state.UsualC : state.BeforeC;
            Tell(AgreementTable.AmbientDrift, state.Drift, microseconds, state.AmbientC - state.BeforeC, AgreementTable.AmbientDrift.Raise, string.Create(
                CultureInfo.InvariantCulture,
                $"The ambient temperature is {state.AmbientC:0.0} C, {Math.Abs(state.AmbientC - state.BeforeC):0.0} K from the {state.BeforeC:0.0} C of the hours before (limit {AgreementTable.AmbientDrift.Raise:0.#} K): cycles run now do not compare with those, and heat is not judged until it is steady."));
        }

        state.UsualC += Math.Min(1, seconds / AmbientMemorySeconds) * (ambientC - state.UsualC);
    }

    private void Tell(AgreementRow row, in AgreementHold hold, long microseconds, double observedK, double limitK, string message) =>
        findings.OnFinding(new Finding
        {
            Rule = row.Rule,
            OnsetMicroseconds = hold.OnsetMicroseconds,
            Severity = row.Severity,
            Measure = row.Measure,
            Observed = observedK,
            Limit = limitK,
            Unit = "K",
            Message = message,
            ClearedMicroseconds = hold.IsRaised ? null : microseconds,
        });

    private struct Mean
    {
        public double Seconds;
        private double sum;

        public readonly double Value => sum / Seconds;

        public void Add(double value, double seconds)
        {
            sum += value * seconds;
            Seconds += seconds;
        }
    }

    private struct Memory
    {
        public Mean Pair;
        public Mean Contact;
        public Mean Ambient;
        public AgreementHold Disagreement;
        public AgreementHold Drift;
        public double TimeS;
        public double Seconds;
        public double ContactBeforeC;
        public double UsualK;
        public double DifferenceK;
        public double LimitK;
        public double UsualC;
        public double AmbientC;
        public double BeforeC;
        public int Learned;
        public bool HasContactBefore;
        public bool HasAmbient;
    }
}
