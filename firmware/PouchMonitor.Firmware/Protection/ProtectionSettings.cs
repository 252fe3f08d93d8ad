namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Protection of one channel as configured: the cell on it, from which the limits of every kind of test follow, and whatever
/// was set otherwise. The order of settings does not matter.
/// </summary>
public sealed class ProtectionSettings
{
    private const int Unset = int.MaxValue;

    /// <summary>Lower end of the cell's window.</summary>
    public int CellMinimumMicrovolts = 2800000;

    /// <summary>Upper end of the cell's window.</summary>
    public int CellMaximumMicrovolts = 4300000;

    /// <summary>Nominal capacity; limits of current follow from it.</summary>
    public int CellCapacityMilliampereHours = 1000;

    /// <summary>Seconds that an armed channel goes on without anything being acknowledged; 0: for ever.</summary>
    public int GatewayLossSeconds;

    /// <summary>
    /// True when an armed channel is armed again after a restart of the node, where its readings allow it. False, which is
    /// usual, leaves it tripped.
    /// </summary>
    public bool ResumesAfterRestart;

    private readonly int[] overrides = NewOverrides();

    /// <summary>Sets one limit of one kind of test; <see cref="ProtectionLimits.Off"/> switches it off.</summary>
    public void Set(TestKind kind, int setting, int value) => overrides[At(kind, setting)] = value;

    /// <summary>The limits of a kind of test.</summary>
    public ProtectionLimits Limits(TestKind kind)
    {
        int[] values = Defaults(kind);
        for (int i = 0; i < ProtectionLimits.Count; i++)
        {
            int value = overrides[At(kind, i)];
            values[i] = value == Unset ? values[i] : value;
        }

        return new ProtectionLimits(values);
    }

    /// <summary>Null when valid, else one line naming setting, value and limit.</summary>
    public string? Fault()
    {
        string? fault = Outside("cellMinimumMicrovolts", CellMinimumMicrovolts, -6000000, 6000000)
            ?? Outside("cellMaximumMicrovolts", CellMaximumMicrovolts, -6000000, 6000000)
            ?? Outside("cellCapacityMilliampereHours", CellCapacityMilliampereHours, 10, 600000)
            ?? Outside("gatewayLossSeconds", GatewayLossSeconds, 0, 604800);
        if (fault != null)
        {
            return fault;
        }

        if (CellMinimumMicrovolts >= CellMaximumMicrovolts)
        {
            return "cellMinimumMicrovolts is " + CellMinimumMicrovolts + ", must be below cellMaximumMicrovolts, which is "
                + CellMaximumMicrovolts;
        }

        for (int kind = 1; kind < ProtectionNames.KindCount; kind++)
        {
            fault = Limits((TestKind)kind).Fault();
            if (fault != null)
            {
                return "limits." + ProtectionNames.OfKind((TestKind)kind) + "." + fault;
            }
        }

        return null;
    }

    // Why each figure is what it is stands in firmware/decisions/0004.
    private int[] Defaults(TestKind kind)
    {
        int c = CellCapacityMilliampereHours * 1000;
        int over = CellMaximumMicrovolts + 50000;
        int under = CellMinimumMicrovolts - 300000;
        const int Off = ProtectionLimits.Off;
        int ceiling = CellMaximumMicrovolts + (CellMaximumMicrovolts / 5);
        ceiling = ceiling > 4950000 && CellMaximumMicrovolts < 4900000 ? 4950000 : ceiling;
        int rest = c / 10 < 1000 ? 1000 : c / 10;
        int half = c + (c / 2);
        switch (kind)
        {
            case TestKind.Cycling: return Row(over, under, c, half, 60000, -10000, 20000);
            case TestKind.Overcharge: return Row(ceiling, under, half, rest, 100000, -10000, 60000);
            case TestKind.ExternalShort: return Row(over, Off, rest, Off, 170000, -20000, Off);
            case TestKind.Heating: return Row(over, Off, rest, rest, 150000, Off, 60000);
            case TestKind.Nail: return Row(over, Off, rest, rest, 150000, -20000, 60000);
            case TestKind.Crush: return Row(over, Off, rest, rest, 150000, -20000, 60000);
            default: return Row(Off, Off, Off, Off, Off, Off, Off);
        }
    }

    private static int[] Row(
        int overVoltage, int underVoltage, int overCharge, int overDischarge, int overTemperature, int underTemperature, int heating) =>
        new[] { overVoltage, underVoltage, overCharge, overDischarge, overTemperature, underTemperature, heating, 10000, 1000, 2 };

    private static int[] NewOverrides()
    {
        int[] values = new int[ProtectionNames.KindCount * ProtectionLimits.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Unset;
        }

        return values;
    }

    private static int At(TestKind kind, int setting) => ((int)kind * ProtectionLimits.Count) + setting;

    private static string? Outside(string name, int value, int lowest, int highest) =>
        value < lowest || value > highest ? name + " is " + value + ", must be " + lowest + " to " + highest : null;
}
