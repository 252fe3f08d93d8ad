using PouchMonitor.Formats.Columns;

namespace PouchMonitor.Formats.Tables;

/// <summary>
/// Time of a row from what its file gives. A test time is taken as it is. A file with the time within each step alone goes
/// on from step to step, where the clock beside it says how long a pause between two steps was; a clock alone is taken as
/// Unix time.
/// </summary>
internal sealed class StepClock
{
    /// <summary>A clock shows whole seconds, so less than this between two steps is no pause.</summary>
    private const long LeastPauseMicroseconds = 2_000_000;

    private readonly bool hasTestTime;
    private readonly bool hasStepTime;
    private long? test;
    private long? step;
    private long? clock;
    private long? stepStart;
    private long lastStep;
    private long lastTime;

    private bool isNewStep;

    /// <param name="plan">What the file gives.</param>
    public StepClock(ColumnPlan plan)
    {
        hasTestTime = plan.HasRole(SeriesHeader.Time);
        hasStepTime = plan.HasRole(ColumnRoles.StepTime);
        Name = (plan.Of(SeriesHeader.Time) ?? plan.Of(ColumnRoles.StepTime) ?? plan.Of(ColumnRoles.Clock))?.Name ?? "";
    }

    /// <summary>For a file that gives the time within each step and a clock.</summary>
    public StepClock()
    {
        hasStepTime = true;
        Name = "Time";
    }

    /// <summary>Name of the column that the time comes from.</summary>
    public string Name { get; }

    public void Begin()
    {
        test = null;
        step = null;
        clock = null;
    }

    /// <summary>Another step begins with this row, whatever its time says.</summary>
    public void BeginStep() => isNewStep = true;

    public void Take(int role, long microseconds)
    {
        switch (role)
        {
            case SeriesHeader.Time:
                test = microseconds;
                break;
            case ColumnRoles.StepTime:
                step = microseconds;
                break;
            default:
                clock = microseconds;
                break;
        }
    }

    /// <summary>The row's time; false where the row does not give what its file has.</summary>
    public bool TryEnd(out long microseconds)
    {
        microseconds = test ?? clock ?? 0;
        if (hasTestTime)
        {
            return test is not null;
        }

        if (!hasStepTime)
        {
            return clock is not null;
        }

        if (step is not { } within)
        {
            return false;
        }

        if (stepStart is null)
        {
            stepStart = (clock ?? within) - within;
        }
        else if (within < lastStep || isNewStep)
        {
            stepStart = lastTime;
            if (clock is { } now && now - (lastTime + within) > LeastPauseMicroseconds)
            {
                stepStart = now - within;
            }
        }

        isNewStep = false;
        microseconds = stepStart.Value + within;
        lastStep = within;
        lastTime = microseconds;
        return true;
    }
}
