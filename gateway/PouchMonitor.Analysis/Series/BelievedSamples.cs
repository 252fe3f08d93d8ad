using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// The samples of a test as its judgement believed them, for a second reading: the same gate, whose findings were told the
/// first time. A refuted reading has its column out of range.
/// </summary>
internal sealed class BelievedSamples(CellProfile profile, SampleTaker take)
{
    private readonly SampleGate gate = new(profile, new Unheard());

    public void Add(in Sample sample)
    {
        if (gate.Admit(sample))
        {
            take(sample);
            return;
        }

        Release();
    }

    /// <summary>The samples are at their end: gives what was held back.</summary>
    public void Complete()
    {
        gate.Complete();
        Release();
    }

    private void Release()
    {
        while (gate.TryRelease(out Sample released, out _))
        {
            take(released);
        }
    }

    private sealed class Unheard : IFindingSink
    {
        public void OnFinding(Finding finding)
        {
            // The first reading of the samples told of it.
        }
    }
}
