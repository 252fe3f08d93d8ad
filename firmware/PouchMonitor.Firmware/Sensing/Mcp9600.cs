using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Microchip MCP9600 or MCP9601 thermocouple converter, K-type (datasheet DS20005426, 5): the hot junction in sixteenths
/// of a degree, 16 bits, 80 ms a conversion. An MCP9601 tells an open circuit and a short; an MCP9600 tells neither, so the
/// reference board carries the 9601. The part takes 100 kHz at most.
/// </summary>
public sealed class Mcp9600
{
    private const byte HotJunctionRegister = 0x00;
    private const byte StatusRegister = 0x04;
    private const byte SensorRegister = 0x05;
    private const byte DeviceRegister = 0x06;
    private const byte IdentificationRegister = 0x20;
    private const byte Mcp9601Identification = 0x41;
    private const byte Mcp9600Identification = 0x40;
    private const int UpdateBit = 0x40;
    private const int ShortBit = 0x20;
    private const int RangeBit = 0x10;
    private const byte TypeKUnfiltered = 0x00;
    private const byte Resolution16Bits = 0x20;
    private const long FrozenMicroseconds = 1000000;

    // 0.0625 K a count is 62.5 millidegrees.
    private const int MillidegreesPer2Counts = 125;
    private const int LowestMillidegreesCelsius = -100000;
    private const int HighestMillidegreesCelsius = 1300000;

    private readonly RegisterPort registers;
    private readonly IClock clock;
    private readonly byte[] read = new byte[2];
    private bool tellsOpen;
    private bool hasReading;
    private int lastMillidegrees;
    private long updatedMicroseconds;

    public Mcp9600(II2cPort port, IClock clock)
    {
        registers = new RegisterPort(port);
        this.clock = clock;
    }

    /// <summary>Transfers that failed since boot.</summary>
    public int BusErrorCount => registers.ErrorCount;

    /// <summary>
    /// Reads the junction's temperature in millidegrees Celsius. <see cref="SensorState.Frozen"/> when no conversion has
    /// ended for a second; the reading before is given with it.
    /// </summary>
    public SensorState ReadJunction(out int millidegreesCelsius)
    {
        millidegreesCelsius = 0;
        if (!registers.IsConfigured && !Configure())
        {
            return SensorState.BusError;
        }

        if (!registers.Read(StatusRegister, read, 1))
        {
            return SensorState.BusError;
        }

        int status = read[0];
        if (tellsOpen && (status & ShortBit) != 0)
        {
            return SensorState.Short;
        }

        if (tellsOpen && (status & RangeBit) != 0)
        {
            return SensorState.Open;
        }

        if ((status & UpdateBit) != 0)
        {
            if (!registers.Read(HotJunctionRegister, read, 2))
            {
                return SensorState.BusError;
            }

            int raw = (read[0] << 8) | read[1];
            raw = raw >= 0x8000 ? raw - 0x10000 : raw;
            lastMillidegrees = raw * MillidegreesPer2Counts / 2;
            updatedMicroseconds = clock.UptimeMicroseconds;
            hasReading = true;
            if (!registers.Write(StatusRegister, (byte)(status & ~UpdateBit)))
            {
                return SensorState.BusError;
            }
        }

        millidegreesCelsius = lastMillidegrees;
        if (clock.UptimeMicroseconds - updatedMicroseconds > FrozenMicroseconds)
        {
            registers.IsConfigured = false;
            return hasReading ? SensorState.Frozen : SensorState.BusError;
        }

        if (!hasReading)
        {
            return SensorState.Absent;
        }

        return (status & RangeBit) != 0 || lastMillidegrees < LowestMillidegreesCelsius
            || lastMillidegrees > HighestMillidegreesCelsius ? SensorState.OutOfRange : SensorState.Good;
    }

    private bool Configure()
    {
        if (!registers.Read(IdentificationRegister, read, 2)
            || (read[0] != Mcp9601Identification && read[0] != Mcp9600Identification))
        {
            return false;
        }

        tellsOpen = read[0] == Mcp9601Identification;
        registers.IsConfigured = registers.Write(SensorRegister, TypeKUnfiltered) && registers.Write(DeviceRegister, Resolution16Bits)
            && registers.Read(DeviceRegister, read, 1) && read[0] == Resolution16Bits;
        if (!hasReading)
        {
            updatedMicroseconds = clock.UptimeMicroseconds;
        }

        return registers.IsConfigured;
    }
}
