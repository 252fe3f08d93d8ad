using System;
using System.Collections.Generic;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// TCA9548A (datasheet SCPS207, 8.6): one control register, a bit a segment, written and read without a pointer; the last
/// byte written counts. Passes every transfer on to the selected segments. A segment that is held down holds the whole bus
/// while it is selected, this part's own address included: only the reset line frees it.
/// </summary>
public sealed class EmulatedTca9548A : IEmulatedPart
{
    private readonly EmulatedSegment[] segments = new EmulatedSegment[8];
    private byte control;

    public EmulatedTca9548A()
    {
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i] = new EmulatedSegment();
        }
    }

    /// <summary>While true bytes written are acknowledged and lost.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Times the reset line was pulled.</summary>
    public int ResetCount { get; private set; }

    /// <summary>The control register.</summary>
    public byte Control => control;

    /// <summary>True while a selected segment is held down.</summary>
    public bool IsHeldDown
    {
        get
        {
            for (int i = 0; i < segments.Length; i++)
            {
                if ((control & (1 << i)) != 0 && segments[i].IsStuck)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>A segment, 0 to 7.</summary>
    public EmulatedSegment Segment(int output) => segments[output];

    /// <summary>The reset line: nothing is selected.</summary>
    public void Reset()
    {
        ResetCount++;
        control = 0;
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        control = IsDeaf ? control : bytes[^1];
        return true;
    }

    /// <inheritdoc/>
    public void Read(Span<byte> bytes) => bytes.Fill(control);

    /// <summary>The part that answers at an address on a selected segment; null for none.</summary>
    /// <exception cref="InvalidOperationException">Two answer at once, which no board may let happen.</exception>
    public IEmulatedPart? Find(int address)
    {
        IEmulatedPart? found = null;
        for (int i = 0; i < segments.Length; i++)
        {
            if ((control & (1 << i)) == 0 || segments[i].Find(address) is not { } part)
            {
                continue;
            }

            if (found is not null)
            {
                throw new InvalidOperationException($"Two parts answer at 0x{address:X2}, control 0x{control:X2}.");
            }

            found = part;
        }

        return found;
    }
}

/// <summary>One segment behind the multiplexer.</summary>
public sealed class EmulatedSegment : IEmulatedWires
{
    private readonly Dictionary<int, IEmulatedPart> parts = [];

    /// <summary>True while something on this segment holds its wires down.</summary>
    public bool IsStuck { get; set; }

    /// <inheritdoc/>
    public void Attach(int address, IEmulatedPart part) => parts[address] = part;

    /// <inheritdoc/>
    public bool Detach(int address) => parts.Remove(address);

    /// <summary>The part at an address; null for none.</summary>
    public IEmulatedPart? Find(int address) => parts.GetValueOrDefault(address);
}
