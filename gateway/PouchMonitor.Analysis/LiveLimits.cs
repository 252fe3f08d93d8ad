using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis;

/// <summary>
/// The limit rules on live samples as they arrive, behind the same gate as in <see cref="ChannelAnalysis"/>, so that a
/// glitch raises no alarm on the fast way that the ordered way would not raise. Bad readings are not reported here: the
/// ordered way does that.
/// </summary>
public sealed class LiveLimits
{
    private readonly SampleGate gate;
    private readonly GatedLimits limits;

    public LiveLimits(CellProfile profile, IFindingSink sink)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(sink);
        gate = new SampleGate(profile, new NoFindings());
        limits = new GatedLimits(profile, sink);
    }

    /// <summary>
    /// The limit rules as an analysis has them now, to go on with samples that it cannot take yet because earlier ones are
    /// missing. What they find is told to <paramref name="sink"/>; the analysis itself is not touched.
    /// </summary>
    public static LiveLimits From(ChannelAnalysis analysis, IFindingSink sink)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        LiveLimits limits = new(analysis.Profile, sink);
        using MemoryStream state = new();
        using BinaryWriter writer = new(state);
        analysis.SaveLimits(writer);
        writer.Flush();
        state.Position = 0;
        using BinaryReader reader = new(state);
        limits.LoadParts(reader);
        return limits;
    }

    /// <summary>Takes the next sample.</summary>
    public void Add(in Sample sample)
    {
        if (gate.Admit(sample))
        {
            limits.Add(sample, refuted: false);
            return;
        }

        Release();
    }

    /// <summary>The test has ended.</summary>
    public void Complete()
    {
        gate.Complete();
        Release();
        limits.Complete();
    }

    /// <summary>Writes the whole state.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        SnapshotEnvelope.Write(writer, SaveParts);
    }

    /// <summary>Replaces the whole state by a saved one; nothing is told to the sink.</summary>
    /// <exception cref="InvalidDataException">The snapshot is of another version or damaged.</exception>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        SnapshotEnvelope.Read(reader, (parts, _) => LoadParts(parts));
    }

    private void SaveParts(BinaryWriter writer)
    {
        gate.Save(writer);
        limits.Save(writer);
    }

    private void LoadParts(BinaryReader reader)
    {
        gate.Load(reader);
        limits.Load(reader);
    }

    private void Release()
    {
        while (gate.TryRelease(out Sample released, out bool refuted))
        {
            limits.Add(released, refuted);
        }
    }

    private sealed class NoFindings : IFindingSink
    {
        public void OnFinding(Finding finding)
        {
        }
    }
}
