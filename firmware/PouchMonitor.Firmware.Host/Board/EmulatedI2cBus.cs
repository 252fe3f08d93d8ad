using System;
using System.Collections.Generic;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// An emulated I2C bus: parts by address, transfers that take their time on the wire (nine bits a byte), and the ways in
/// which a bus fails.
/// </summary>
public sealed class EmulatedI2cBus(VirtualClock clock) : IEmulatedWires
{
    private const int FastHz = 400_000;
    private const int StandardHz = 100_000;

    // The time after which the runtime gives a held bus up.
    private const long StuckMicroseconds = 1_000_000;

    private readonly Dictionary<int, IEmulatedPart> parts = [];

    /// <summary>Transfers so far, failed ones included.</summary>
    public long TransferCount { get; private set; }

    /// <summary>True while something holds the bus down: every transfer times out after a second.</summary>
    public bool IsStuck { get; set; }

    /// <summary>
    /// After this many more transfers one is disturbed half-way: the part stops answering and the bytes read are rubbish.
    /// Below 0 for never.
    /// </summary>
    public int GlitchAfterTransfers { get; set; } = -1;

    /// <summary>The multiplexer, where the board has one.</summary>
    public EmulatedTca9548A? Multiplexer { get; private set; }

    /// <summary>Solders a multiplexer on.</summary>
    public EmulatedTca9548A AttachMultiplexer(int address)
    {
        Multiplexer = new EmulatedTca9548A();
        Attach(address, Multiplexer);
        return Multiplexer;
    }

    /// <summary>Transfers from now on that find the bus held down; the runtime gives each up after a second.</summary>
    public int StuckTransfers { get; set; }

    /// <summary>Told of each transfer that was held up, after it was given up.</summary>
    public Action? HeldUp { get; set; }

    /// <summary>Solders a part on.</summary>
    public void Attach(int address, IEmulatedPart part) => parts[address] = part;

    /// <summary>Takes a part off; from then on nobody answers there.</summary>
    public bool Detach(int address) => parts.Remove(address);

    /// <summary>The node's view of one address.</summary>
    public II2cPort Open(int address, bool isFast) => new Port(this, address, isFast ? FastHz : StandardHz);

    private I2cOutcome Transfer(int address, int hertz, ReadOnlySpan<byte> toWrite, Span<byte> toRead)
    {
        TransferCount++;
        if (IsStuck || StuckTransfers > 0 || Multiplexer is { IsHeldDown: true })
        {
            StuckTransfers = Math.Max(0, StuckTransfers - 1);
            clock.WaitMicroseconds(StuckMicroseconds);
            HeldUp?.Invoke();
            return I2cOutcome.Timeout;
        }

        int bytesOnWire = 1 + toWrite.Length + (toRead.Length > 0 ? 1 + toRead.Length : 0);
        clock.WaitMicroseconds(bytesOnWire * 9L * 1_000_000 / hertz);
        IEmulatedPart? part = parts.GetValueOrDefault(address) ?? Multiplexer?.Find(address);
        if (part is null)
        {
            return I2cOutcome.NotAcknowledged;
        }

        if (GlitchAfterTransfers >= 0 && GlitchAfterTransfers-- == 0)
        {
            toRead.Fill(0xA5);
            return I2cOutcome.Partial;
        }

        if (toWrite.Length > 0 && !part.Write(toWrite))
        {
            return I2cOutcome.Partial;
        }

        if (toRead.Length > 0)
        {
            part.Read(toRead);
        }

        return I2cOutcome.Complete;
    }

    private sealed class Port(EmulatedI2cBus bus, int address, int hertz) : II2cPort
    {
        public I2cOutcome Write(byte[] bytes, int count) => bus.Transfer(address, hertz, bytes.AsSpan(0, count), []);

        public I2cOutcome WriteRead(byte[] toWrite, int writeCount, byte[] toRead, int readCount) =>
            bus.Transfer(address, hertz, toWrite.AsSpan(0, writeCount), toRead.AsSpan(0, readCount));
    }
}
