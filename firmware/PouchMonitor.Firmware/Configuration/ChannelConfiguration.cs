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

    /// <summary>Output of the bus multiplexer that this channel's segment hangs on, 0 to 7; -1 for the board's own bus.</summary>
    public int MultiplexerOutput = -1;

    /// <summary>Full scale of the voltage's converter: 6144, 4096, 2048, 1024, 512 or 256.</summary>
    public int VoltageRangeMillivolts = 6144;

    /// <summary>Volts at the cell for a million volts at the converter: 1000000 direct, 2000000 for a divider by two.</summary>
    public int VoltageRatioMillionths = 1000000;

    /// <summary>Bus address of the converter on the thermistor dividers; 0 for none.</summary>
    public int DividerAddress = 0x4A;

    /// <summary>Bus address of the infrared thermometer; 0 for none.</summary>
    public int InfraredAddress = 0x5A;

    /// <summary>Bus address of the thermocouple's converter, 0x60 to 0x67; 0 for none.</summary>
    public int ThermocoupleAddress;

    /// <summary>Bus address of the infrared array, 0x68 or 0x69; 0 for none.</summary>
    public int ArrayAddress;

    /// <summary>A sensor that goes blind after a rise of this much within the window below counts as hot.</summary>
    public int SaturationRiseKelvin = 10;

    public int SaturationWindowSeconds = 30;

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

    /// <summary>A step of the voltage between two passes that triggers a capture; 0 never does.</summary>
    public int CaptureStepMillivolts = 20;

    /// <summary>A fall below the voltage's level of the last second that triggers a capture; 0 never does.</summary>
    public int CaptureDipMillivolts = 8;

    /// <summary>A step of the current that explains one of the voltage, so that it triggers nothing; 0 explains none.</summary>
    public int CaptureCurrentStepMilliamperes = 50;

    /// <summary>Heating of the surface that triggers a capture; 0 never does.</summary>
    public int CaptureHeatingMillidegreesPerSecond = 500;

    /// <summary>Time before its trigger that a capture shows; 0 keeps no ring and takes no captures.</summary>
    public int CaptureBeforeMilliseconds = 5000;

    /// <summary>Time after its trigger that a capture shows.</summary>
    public int CaptureAfterMilliseconds = 1000;

    /// <summary>Time after a capture in which triggers are only counted.</summary>
    public int CaptureHoldOffSeconds = 60;

    /// <summary>Time between two images of the infrared array; 0 sends none.</summary>
    public int ImageIntervalSeconds = 5;

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

        if (Sensing.Ads1115.RangeOf(VoltageRangeMillivolts) < 0)
        {
            return "voltageRangeMillivolts of channel " + Name + " is " + VoltageRangeMillivolts
                + ", must be 6144, 4096, 2048, 1024, 512 or 256";
        }

        return Outside("muxOutput", MultiplexerOutput, -1, Sensing.Tca9548a.OutputCount - 1)
            ?? Outside("voltageRatioMillionths", VoltageRatioMillionths, 1000000, 100000000)
            ?? Outside("voltageAddress", VoltageAddress, 3, 119)
            ?? Outside("currentAddress", CurrentAddress, 3, 119)
            ?? Outside("dividerAddress", DividerAddress, 0, 119)
            ?? Outside("infraredAddress", InfraredAddress, 0, 119)
            ?? (ThermocoupleAddress == 0 ? null : Outside("thermocoupleAddress", ThermocoupleAddress, 96, 103))
            ?? (ArrayAddress == 0 ? null : Outside("arrayAddress", ArrayAddress, 104, 105))
            ?? Outside("saturationRiseKelvin", SaturationRiseKelvin, 1, 500)
            ?? Outside("saturationWindowSeconds", SaturationWindowSeconds, 1, 600)
            ?? Outside("captureStepMillivolts", CaptureStepMillivolts, 0, 5000)
            ?? Outside("captureDipMillivolts", CaptureDipMillivolts, 0, 5000)
            ?? Outside("captureCurrentStepMilliamperes", CaptureCurrentStepMilliamperes, 0, 1000000)
            ?? Outside("captureHeatingMillidegreesPerSecond", CaptureHeatingMillidegreesPerSecond, 0, 1000000)
            ?? Outside("captureBeforeMilliseconds", CaptureBeforeMilliseconds, 0, 30000)
            ?? Outside("captureAfterMilliseconds", CaptureAfterMilliseconds, 20, 10000)
            ?? Outside("captureHoldOffSeconds", CaptureHoldOffSeconds, 0, 86400)
            ?? Outside("imageIntervalSeconds", ImageIntervalSeconds, 0, 86400)
            ?? ProtectionFault();
    }

    private string? ProtectionFault()
    {
        string? fault = Protection.Fault();
        return fault == null ? null : "channel " + Name + ": " + fault;
    }

    private string? Outside(string setting, int value, int lowest, int highest) => value < lowest || value > highest
        ? setting + " of channel " + Name + " is " + value + ", must be " + lowest + " to " + highest
        : null;
}
