namespace PouchMonitor.Firmware.Care;

/// <summary>The lamp by which a node is found in a rack: blinks twice a second for as long as it was asked to.</summary>
public sealed class Lamp
{
    private const long HalfPeriodMicroseconds = 250000;

    private readonly IBoardPins pins;
    private bool isBlinking;
    private long startMicroseconds;
    private long untilMicroseconds;

    public Lamp(IBoardPins pins)
    {
        this.pins = pins;
    }

    /// <summary>Begins to blink.</summary>
    public void Blink(long nowMicroseconds, long forMicroseconds)
    {
        isBlinking = true;
        startMicroseconds = nowMicroseconds;
        untilMicroseconds = nowMicroseconds + forMicroseconds;
        Look(nowMicroseconds);
    }

    /// <summary>Sets the lamp as it should be now.</summary>
    public void Look(long nowMicroseconds)
    {
        if (!isBlinking)
        {
            return;
        }

        isBlinking = nowMicroseconds < untilMicroseconds;
        pins.SetLamp(isBlinking && (nowMicroseconds - startMicroseconds) / HalfPeriodMicroseconds % 2 == 0);
    }
}
