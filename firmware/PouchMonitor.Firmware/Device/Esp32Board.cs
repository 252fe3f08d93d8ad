using System;
using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;
using PouchMonitor.Firmware.Files;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Device;

/// <summary>The reference board: ESP32-S3 N16R8, I2C bus 1 on pins 8 (data) and 9 (clock), which have no default there.</summary>
public sealed class Esp32Board : IBoard
{
    private const int I2cBus = 1;
    private const int DataPin = 8;
    private const int ClockPin = 9;

    private const long TicksPerMicrosecond = 10;

    private readonly Esp32Clock clock = new Esp32Clock();

    public Esp32Board()
    {
        nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(DataPin, DeviceFunction.I2C1_DATA);
        nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(ClockPin, DeviceFunction.I2C1_CLOCK);
    }

    /// <inheritdoc/>
    public IClock Clock => clock;

    /// <inheritdoc/>
    public IFileSystem Files { get; } = new Esp32Files();

    /// <inheritdoc/>
    public IBoardPins Pins { get; } = new Esp32Pins();

    /// <inheritdoc/>
    public RestartCause RestartCause => RestartCause.Unknown;

    /// <inheritdoc/>
    public long FreeHeapBytes
    {
        get
        {
            NativeMemory.GetMemoryInfo(NativeMemory.MemoryType.Internal, out uint _, out uint free, out uint _);
            return free;
        }
    }

    /// <inheritdoc/>
    public int SignalDbm => 0;

    /// <inheritdoc/>
    public II2cPort OpenI2c(int address, bool isFast) => new Esp32I2cPort(I2cBus, address, isFast);

    /// <inheritdoc/>
    public bool TryGetBootAnchor(out long unixMicroseconds)
    {
        unixMicroseconds = ((DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond) - clock.UptimeMicroseconds;
        return true;
    }

    /// <inheritdoc/>
    public ulong DrawBootId()
    {
        byte[] bytes = new byte[8];
        new Random().NextBytes(bytes);
        return BitConverter.ToUInt64(bytes, 0);
    }

    /// <inheritdoc/>
    public void Restart()
    {
        Power.RebootDevice();
    }
}
