using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// The sensors of a channel as its protection sees them: every pass is judged before anybody else has it, and a reading beyond
/// a limit is confirmed by a pass that follows at once instead of an interval later. Between samples an armed channel takes
/// passes of its own (<see cref="Look"/>), which are judged and not published.
/// </summary>
public sealed class GuardedSensors : ICellSensors
{
    private readonly ICellSensors inner;
    private readonly ChannelProtection protection;
    private readonly CellSample between = new CellSample();

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
        inner.Acquire(sample);
        between.Number = sample.Number;
        if (protection.Judge(sample))
        {
            Confirm();
        }
    }

    /// <inheritdoc/>
    public long ReadAtMicroseconds(int column) => inner.ReadAtMicroseconds(column);

    /// <inheritdoc/>
    public long LongestPassMicroseconds => inner.LongestPassMicroseconds;

    /// <inheritdoc/>
    public void FillScales(ColumnScale[] scales) => inner.FillScales(scales);

    /// <summary>Takes a pass that is judged only.</summary>
    public void Look()
    {
        inner.Acquire(between);
        if (protection.Judge(between))
        {
            Confirm();
        }
    }

    private void Confirm()
    {
        // The hold is at most four readings; a bus that is gone altogether ends it as well.
        for (int i = 1; i < 4; i++)
        {
            inner.Acquire(between);
            if (!protection.Judge(between))
            {
                return;
            }
        }
    }
}
