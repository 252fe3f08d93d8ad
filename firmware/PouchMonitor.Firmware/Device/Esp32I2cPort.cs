using System;
using System.Device.I2c;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Device;

/// <summary>A part on the ESP32's I2C bus.</summary>
public sealed class Esp32I2cPort : II2cPort
{
    private readonly I2cDevice device;

    public Esp32I2cPort(int bus, int address, bool isFast)
    {
        device = I2cDevice.Create(
            new I2cConnectionSettings(bus, address, isFast ? I2cBusSpeed.FastMode : I2cBusSpeed.StandardMode));
    }

    /// <inheritdoc/>
    public I2cOutcome Write(byte[] bytes, int count) =>
        OutcomeOf(device.Write(new SpanByte(bytes, 0, count)), count);

    /// <inheritdoc/>
    public I2cOutcome WriteRead(byte[] toWrite, int writeCount, byte[] toRead, int readCount) =>
        OutcomeOf(
            device.WriteRead(new SpanByte(toWrite, 0, writeCount), new SpanByte(toRead, 0, readCount)), writeCount + readCount);

    private static I2cOutcome OutcomeOf(I2cTransferResult result, int expectedBytes)
    {
        switch (result.Status)
        {
            case I2cTransferStatus.FullTransfer:
                return result.BytesTransferred == (uint)expectedBytes ? I2cOutcome.Complete : I2cOutcome.Partial;
            case I2cTransferStatus.SlaveAddressNotAcknowledged:
                return I2cOutcome.NotAcknowledged;
            case I2cTransferStatus.PartialTransfer:
                return I2cOutcome.Partial;
            case I2cTransferStatus.ClockStretchTimeout:
                return I2cOutcome.Timeout;
            default:
                return I2cOutcome.Unknown;
        }
    }
}
