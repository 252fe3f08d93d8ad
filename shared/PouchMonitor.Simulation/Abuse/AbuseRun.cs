namespace PouchMonitor.Simulation.Abuse;

/// <summary>
/// An emulated abuse on a bench: the cell rests until <see cref="Begin"/> is called, and then goes by its script. What it gives at a time
/// does not depend on how often it was asked. Readings at a sensor are those without the sensor's noise.
/// </summary>
public sealed class AbuseRun
{
    private const double ThermistorEndsC = 150;
    private const double ThermocoupleEndsC = 300;

    // Where the sensor's field of 8 x 8 pixels sees the hot spot, in pixels, and how wide it is.
    private const int Side = 8;
    private const double SpotPixels = 1.6;

    private readonly AbuseCell cell;
    private readonly double spotRow;
    private readonly double spotColumn;
    private double beganS = double.NaN;
    private long steps;

    public AbuseRun(AbuseScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        Script = script;
        cell = new AbuseCell(script);
        SeededNoise noise = new(script.Seed ^ 0x5B07_5B07_5B07_5B07);
        spotRow = 2 + (3 * noise.NextUnit());
        spotColumn = 2 + (3 * noise.NextUnit());
    }

    public AbuseScript Script { get; }

    /// <summary>World time at which the event physically began, s; null before it.</summary>
    public double? BeganS => double.IsNaN(beganS) ? null : beganS;

    public AbuseCell Cell => cell;

    /// <summary>True once the surface thermistor has opened.</summary>
    public bool IsThermistorOpen { get; private set; }

    /// <summary>True once a wire of the thermocouple has burnt through.</summary>
    public bool IsThermocoupleOpen { get; private set; }

    /// <summary>The event begins at a time, which may lie ahead; a later call can only bring forward what has not begun.</summary>
    public void Begin(double timeS)
    {
        if (steps == 0 && !(timeS >= beganS))
        {
            beganS = timeS;
        }
    }

    /// <summary>Moves to the last step at or before a world time, s; never goes back.</summary>
    public void AdvanceTo(double timeS)
    {
        if (!(timeS >= beganS))
        {
            return;
        }

        // The tolerance keeps a time that was computed as n steps from falling just short of step n.
        long target = (long)Math.Floor(((timeS - beganS) / AbuseCell.StepS) + 1e-6);
        while (steps < target)
        {
            cell.Step();
            steps++;
            if (Script.Fault == EmulatedAbuseFault.SensorLoss)
            {
                IsThermistorOpen |= cell.SurfaceC >= ThermistorEndsC;
                IsThermocoupleOpen |= cell.SurfaceC >= ThermocoupleEndsC;
            }
        }
    }

    /// <summary>What a pixel (0 to 63, by rows from the top left) of an infrared array sees, C: a spot as hot as the surface, and its surroundings.</summary>
    public double PixelC(int pixel)
    {
        double row = (pixel / Side) - spotRow;
        double column = (pixel % Side) - spotColumn;
        double near = Math.Exp(-((row * row) + (column * column)) / (2 * SpotPixels * SpotPixels));
        double around = cell.ChamberC + (0.4 * (cell.SurfaceC - cell.ChamberC));
        return around + ((cell.SurfaceC - around) * near);
    }
}
