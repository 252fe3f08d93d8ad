using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis;

/// <summary>
/// The one judgement: takes the samples of one test in order, in one pass with bounded memory, and gives steps, cycles,
/// pulses and findings. Live, replayed and imported data run through this same class. It knows no clock, store or
/// network. Its whole state can be saved and loaded, so that a restart or a late frame goes on from a snapshot.
/// </summary>
public sealed class ChannelAnalysis
{
    private readonly CellProfile profile;
    private readonly IAnalysisSink sink;
    private readonly List<Finding> findings = [];

    public ChannelAnalysis(CellProfile profile, IAnalysisSink sink)
    {
        this.profile = profile;
        this.sink = sink;
    }

    /// <summary>All findings of the test so far, as last changed, in order of onset; part of the state.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    public CellProfile Profile => profile;

    /// <summary>Takes the next sample.</summary>
    public void Add(in Sample sample)
    {
        _ = sample;
        _ = sink;
    }

    /// <summary>The test has ended: closes the open step and cycle.</summary>
    public void Complete()
    {
    }

    /// <summary>Writes the whole state.</summary>
    public void Save(BinaryWriter writer) => ArgumentNullException.ThrowIfNull(writer);

    /// <summary>Replaces the whole state by a saved one; nothing is told to the sink.</summary>
    /// <exception cref="InvalidDataException">The snapshot is of another version or damaged.</exception>
    public void Load(BinaryReader reader) => ArgumentNullException.ThrowIfNull(reader);
}
