using System.Device.Gpio;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// The single lines of the reference board (hardware/README.md). A relay's line sets its latch by its rising edge
/// and clears it while low, so a latch that the comparator or the watchdog cleared stays so until the line was low; the
/// watchdog is told by an edge.
/// </summary>
public sealed class Esp32Pins : IBoardPins
{
    private const int TriggerPin = 14;
    private const int ButtonPin = 15;
    private const int WatchdogPin = 16;
    private const int LampPin = 17;
    private const int MultiplexerResetPin = 18;

    private static readonly int[] RelayPins = { 4, 5, 6, 7 };
    private static readonly int[] LatchPins = { 38, 39, 40, 41 };
    private static readonly int[] ComparatorPins = { 10, 11, 12, 13 };

    private readonly GpioPin[] relays = new GpioPin[RelayPins.Length];
    private readonly GpioPin[] latches = new GpioPin[RelayPins.Length];
    private readonly GpioPin[] comparators = new GpioPin[RelayPins.Length];
    private readonly GpioPin button;
    private readonly GpioPin trigger;
    private readonly GpioPin watchdog;
    private readonly GpioPin lamp;
    private readonly GpioPin multiplexerReset;

    public Esp32Pins()
    {
        var controller = new GpioController();
        for (int i = 0; i < RelayPins.Length; i++)
        {
            relays[i] = controller.OpenPin(RelayPins[i], PinMode.Output);
            relays[i].Write(PinValue.Low);
            latches[i] = controller.OpenPin(LatchPins[i], PinMode.Input);
            comparators[i] = controller.OpenPin(ComparatorPins[i], PinMode.Input);
        }

        button = controller.OpenPin(ButtonPin, PinMode.InputPullUp);
        trigger = controller.OpenPin(TriggerPin, PinMode.InputPullUp);
        watchdog = controller.OpenPin(WatchdogPin, PinMode.Output);
        lamp = controller.OpenPin(LampPin, PinMode.Output);
        multiplexerReset = controller.OpenPin(MultiplexerResetPin, PinMode.Output);
        multiplexerReset.Write(PinValue.High);
    }

    /// <inheritdoc/>
    public bool IsButtonPressed => button.Read() == PinValue.Low;

    /// <inheritdoc/>
    public bool IsTriggerClosed => trigger.Read() == PinValue.Low;

    /// <inheritdoc/>
    public void SetRelay(int channelIndex, bool isClosed) => relays[channelIndex].Write(isClosed ? PinValue.High : PinValue.Low);

    /// <inheritdoc/>
    public bool IsRelayClosed(int channelIndex) => latches[channelIndex].Read() == PinValue.High;

    /// <inheritdoc/>
    public bool IsComparatorTripped(int channelIndex) => comparators[channelIndex].Read() == PinValue.High;

    /// <inheritdoc/>
    public void SetLamp(bool isLit) => lamp.Write(isLit ? PinValue.High : PinValue.Low);

    /// <inheritdoc/>
    public void ResetMultiplexer()
    {
        // A low of 6 ns is enough (TCA9548A, SCPS207, 6.6); two writes are microseconds apart.
        multiplexerReset.Write(PinValue.Low);
        multiplexerReset.Write(PinValue.High);
    }

    /// <inheritdoc/>
    public void KickWatchdog()
    {
        watchdog.Write(PinValue.High);
        watchdog.Write(PinValue.Low);
    }
}
