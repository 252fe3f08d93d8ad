using System.Text;
using PouchMonitor.Firmware.Files;
using PouchMonitor.Firmware.Host.Board;

namespace PouchMonitor.Firmware.Tests;

/// <summary>A small file survives a loss of power at any byte of its rewriting.</summary>
public sealed class SafeFileTests
{
    private static readonly byte[] Old = Encoding.UTF8.GetBytes("the old content, longer than the new");
    private static readonly byte[] New = Encoding.UTF8.GetBytes("the new content");

    [Fact]
    public void Write_LosingPowerAtEveryStep_LeavesTheOldOrTheNewContentAndCanBeRepeated()
    {
        int losses = 0;
        for (long steps = 0; ; steps++)
        {
            EmulatedFlash flash = new(new VirtualClock());
            SafeFile file = new(flash, "limits");
            Assert.True(file.Write(Old));
            flash.StepsUntilPowerLoss = steps;
            try
            {
                Assert.True(file.Write(New));
            }
            catch (PowerLossException)
            {
                losses++;
            }

            bool isOver = flash.StepsUntilPowerLoss > 0;
            flash.StepsUntilPowerLoss = null;
            byte[]? read = new SafeFile(flash, "limits").Read();
            Assert.NotNull(read);
            Assert.True(read.AsSpan().SequenceEqual(Old) || read.AsSpan().SequenceEqual(New), $"torn after {steps} steps");
            Assert.True(new SafeFile(flash, "limits").Write(Old));
            Assert.Equal(Old, new SafeFile(flash, "limits").Read());
            if (isOver)
            {
                break;
            }
        }

        Assert.InRange(losses, New.Length + 2, 100);
    }

    [Fact]
    public void Write_LosingPowerTwice_NeverLosesTheLastWholeContent()
    {
        // The second loss happens while the repair of the first one runs.
        for (long first = 0; first < 30; first++)
        {
            for (long second = 0; second < 30; second++)
            {
                EmulatedFlash flash = new(new VirtualClock());
                Assert.True(new SafeFile(flash, "limits").Write(Old));
                LoseDuring(flash, first);
                LoseDuring(flash, second);
                byte[]? read = new SafeFile(flash, "limits").Read();
                Assert.NotNull(read);
                Assert.True(read.AsSpan().SequenceEqual(Old) || read.AsSpan().SequenceEqual(New));
            }
        }
    }

    [Fact]
    public void Read_OfADamagedCopy_GivesNothingRatherThanGarbage()
    {
        EmulatedFlash flash = new(new VirtualClock());
        SafeFile file = new(flash, "limits");
        Assert.True(file.Write(Old));
        byte[] bytes = flash.Read("limits")!;
        bytes[3] ^= 1;
        Assert.True(flash.Write("limits", bytes, bytes.Length));
        Assert.Null(file.Read());
    }

    [Fact]
    public void Write_ToAWornFlash_IsRefusedAndKeepsTheOldContent()
    {
        EmulatedFlash flash = new(new VirtualClock());
        SafeFile file = new(flash, "limits");
        Assert.True(file.Write(Old));
        flash.IsWorn = true;
        Assert.False(file.Write(New));
        Assert.Equal(Old, file.Read());
    }

    private static void LoseDuring(EmulatedFlash flash, long steps)
    {
        flash.StepsUntilPowerLoss = steps;
        try
        {
            new SafeFile(flash, "limits").Write(New);
        }
        catch (PowerLossException)
        {
            // That is what is being tried.
        }

        flash.StepsUntilPowerLoss = null;
    }
}
