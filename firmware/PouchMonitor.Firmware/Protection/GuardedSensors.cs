using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// The sensors of a channel as its protection sees them: every pass is judged before anybody else has it, and a reading beyond
/// a limit is confirmed by a pass that follows at once instead of an interval later, or where its sensor is slower than that by
/// the sensor's next reading. Between samples an armed channel takes
/// passes of its own (<see cref="Look"/>), which are judged and not published.
/// </summary>
public sealed class GuardedSensors : ICellSensors
{
    private readonly ICellSensors inner;
    private readonly ChannelProtection protection;
    private readonly CellSample between = new CellSample();
    private long suspectReadAtMicroseconds;

    public GuardedSensors(ICellSensors inner, ChannelProtection protection)
    {
        this.inner = inner;
        this.protection = protection;
    }

    /// <summary>The protection that judges.</summary>
    public ChannelProtection Protection => protection;

    /// <inheritdoc/>
    public void Acquire(CellSample sample)
    {
        between.Number = sample.Number;
        Pass(sample);
    }

    /// <inheritdoc/>
    public long ReadAtMicroseconds(int column) => inner.ReadAtMicroseconds(column);

    /// <inheritdoc/>
    public bool ReadsAll
    {
        get => inner.ReadsAll;
        set => inner.ReadsAll = value;
    }

    /// <inheritdoc/>
    public long LongestPassMicroseconds => inner.LongestPassMicroseconds;

    /// <inheritdoc/>
    public void FillScales(ColumnScale[] scales) => inner.FillScales(scales);

    /// <summary>Takes a pass that is judged only.</summary>
    public void Look()
    {
        Pass(between);
    }

    private void Pass(CellSample sample)
    {
        inner.ReadsAll = protection.State == ProtectionState.Armed;
        inner.Acquire(sample);
        bool isToConfirm = Judge(sample);

        // The hold is at most four readings; a bus that is gone altogether ends it as well.
        for (int i = 1; i < 4 && isToConfirm; i++)
        {
            inner.Acquire(between);
            isToConfirm = Judge(between);
        }
    }

    private bool Judge(CellSample sample)
    {
        int suspect = protection.SuspectColumn;
        long readAt = suspect < 0 ? 0 : inner.ReadAtMicroseconds(suspect);
        bool isSame = suspect >= 0 && readAt == suspectReadAtMicroseconds;
        bool isToConfirm = protection.Judge(sample, isSame);
        suspectReadAtMicroseconds = protection.SuspectColumn < 0 ? 0 : inner.ReadAtMicroseconds(protection.SuspectColumn);
        return isToConfirm;
    }
}
