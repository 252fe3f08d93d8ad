using PouchMonitor.Firmware.Protection;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Configuration;

/// <summary>One measuring place: what is connected where.</summary>
public sealed class ChannelConfiguration
{
    /// <summary>Name on the node, such as <c>1</c>.</summary>
    public string Name = "1";

    /// <summary>What is being measured, for people and to name the test; empty for none.</summary>
    public string Label = "";

    /// <summary>Bus address of the converter on the cell's voltage.</summary>
    public int VoltageAddress = 0x48;

    /// <summary>Bus address of the converter on the shunt.</summary>
    public int CurrentAddress = 0x49;

    /// <summary>Bus address of the converter on the thermistor dividers.</summary>
    public int DividerAddress = 0x4A;

    /// <summary>Bus address of the infrared thermometer.</summary>
    public int InfraredAddress = 0x5A;

    /// <summary>Shunt; 100 mOhm for 1 Ah cells, 50 mOhm for 3 Ah.</summary>
    public int ShuntMicroohms = 100000;

    /// <summary>True when the shunt is wired the other way round. Positive current charges the cell.</summary>
    public bool IsShuntReversed;

    /// <summary>Resistor between the dividers' supply and the thermistor.</summary>
    public int ThermistorSeriesOhms = 10000;

    public int ThermistorOhmsAt25C = 10000;

    public int ThermistorBetaKelvin = 3950;

    /// <summary>Equal temperature counts in a row that mean a frozen sensor; 0 never judges.</summary>
    public int FrozenRepeatLimit = 600;

    /// <summary>Calibration that the gateway applies; 0 for none.</summary>
    public uint CalibrationId;

    /// <summary>Limits by kind of test.</summary>
    public readonly ProtectionSettings Protection = new ProtectionSettings();

    /// <summary>Null when valid, else one line naming setting, value and limit.</summary>
    public string? Fault()
    {
        if (!TopicNames.IsName(Name))
        {
            return "channel name '" + Name + "' is not 1 to 64 of A-Z a-z 0-9 . _ -";
        }

        if (Label.Length > 0 && !TopicNames.IsCellName(Label))
        {
            return "label '" + Label + "' of channel " + Name + " is not 1 to 64 of A-Z a-z 0-9 . _ -";
        }

        if (ShuntMicroohms < 50 || ShuntMicroohms > 10000000)
        {
            return "shuntMicroohms of channel " + Name + " is " + ShuntMicroohms + ", must be 50 to 10000000";
        }

        if (ThermistorSeriesOhms < 100 || ThermistorOhmsAt25C < 100)
        {
            return "thermistor resistances of channel " + Name + " must be 100 Ohm or more";
        }

        if (ThermistorBetaKelvin < 1000 || ThermistorBetaKelvin > 10000)
        {
            return "thermistorBetaKelvin of channel " + Name + " is " + ThermistorBetaKelvin + ", must be 1000 to 10000";
        }

        string? fault = Protection.Fault();
        return fault == null ? null : "channel " + Name + ": " + fault;
    }
}
