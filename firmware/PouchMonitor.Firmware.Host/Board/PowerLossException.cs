using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>The emulated board lost its power here: nothing after this point was done.</summary>
public sealed class PowerLossException : Exception
{
    public PowerLossException()
        : base("The emulated board lost its power.")
    {
    }
}
