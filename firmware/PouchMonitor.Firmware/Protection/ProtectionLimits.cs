namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// The limits of one channel for one kind of test. <b>A reading equal to a limit is beyond it</b>: a limit is the first value
/// that is not allowed. A limit that does not judge is <see cref="Off"/>, which has to be said.
/// </summary>
public sealed class ProtectionLimits
{
    /// <summary>This limit does not judge.</summary>
    public const int Off = int.MinValue;

    public const int OverVoltage = 0;
    public const int UnderVoltage = 1;
    public const int OverChargeCurrent = 2;
    public const int OverDischargeCurrent = 3;
    public const int OverTemperature = 4;
    public const int UnderTemperature = 5;
    public const int HeatingRate = 6;
    public const int HeatingWindow = 7;
    public const int SensorLoss = 8;
    public const int HoldReadings = 9;

    /// <summary>Settings of one kind of test.</summary>
    public const int Count = 10;

    // The last two cannot be off: without them nothing is judged rightly.
    private const int FirstThatCannotBeOff = HeatingWindow;

    private static readonly string[] Names =
    {
        "overVoltageMicrovolts", "underVoltageMicrovolts", "overChargeMicroamperes", "overDischargeMicroamperes",
        "overTemperatureMillidegrees", "underTemperatureMillidegrees", "heatingMillikelvinPerMinute", "heatingWindowMilliseconds",
        "sensorLossMilliseconds", "holdReadings",
    };

    private static readonly int[] Lowest = { -20000000, -20000000, 1000, 1000, -60000, -60000, 1000, 1000, 100, 1 };

    private static readonly int[] Highest =
    {
        20000000, 20000000, 1000000000, 1000000000, 1300000, 1300000, 6000000, 60000, 60000, 4,
    };

    private readonly int[] values;

    /// <summary>Takes one value for each setting.</summary>
    public ProtectionLimits(int[] values)
    {
        this.values = values;
    }

    /// <summary>The value of a setting, or <see cref="Off"/>.</summary>
    public int this[int setting] => values[setting];

    /// <summary>True when the limit judges.</summary>
    public bool Judges(int setting) => values[setting] != Off;

    /// <summary>Name of a setting, its unit last.</summary>
    public static string NameOf(int setting) => Names[setting];

    /// <summary>The setting of that name, or -1.</summary>
    public static int Find(string name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (Names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>True for a limit that may be <see cref="Off"/>; loss of sensors may, the hold and the window may not.</summary>
    public static bool MayBeOff(int setting) => setting < FirstThatCannotBeOff || setting == SensorLoss;

    /// <summary>Null when the limits make sense, else one line naming setting, value and limit.</summary>
    public string? Fault()
    {
        for (int i = 0; i < Count; i++)
        {
            if (values[i] == Off)
            {
                if (!MayBeOff(i))
                {
                    return Names[i] + " cannot be off";
                }
            }
            else if (values[i] < Lowest[i] || values[i] > Highest[i])
            {
                return Names[i] + " is " + values[i] + ", must be " + Lowest[i] + " to " + Highest[i];
            }
        }

        return Order(UnderVoltage, OverVoltage) ?? Order(UnderTemperature, OverTemperature);
    }

    private string? Order(int low, int high) =>
        Judges(low) && Judges(high) && values[low] >= values[high]
            ? Names[low] + " is " + values[low] + ", must be below " + Names[high] + ", which is " + values[high]
            : null;
}
