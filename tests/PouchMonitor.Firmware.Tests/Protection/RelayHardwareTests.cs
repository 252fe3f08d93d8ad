using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>What opens a relay without the firmware: the window comparator and the watchdog; and what a crash loop leaves.</summary>
public sealed class RelayHardwareTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000;

    [Fact]
    public void Comparator_OpensTheRelayWithin10Milliseconds_WhateverTheProgramDoes()
    {
        long worst = 0;
        long fastest = long.MaxValue;
        for (ulong seed = 1; seed <= 1000; seed++)
        {
            SeededNoise dice = new(seed);
            RelayBench bench = new(1);
            EmulatedComparator comparator = new(bench.Board.Time, bench.Board.Lines, 0, () => bench.Cells[0].VoltageV(bench.Now));
            bench.Arm(TestKind.Cycling);
            bench.Cells[0].OnsetMicroseconds = bench.Now + (long)(dice.NextUnit() * 500_000);
            bench.Cells[0].ToVoltageV = dice.NextUnit() < 0.5 ? comparator.HighV : comparator.LowV;

            // The program is held up all the while, as by a handshake: it does nothing at all.
            bench.Board.Time.WaitMicroseconds(3 * Second);
            Assert.False(bench.Board.Lines.IsRelayClosed(0), $"seed {seed}");
            long delay = bench.Board.Lines.OpenedMicroseconds(0) - bench.Cells[0].OnsetMicroseconds;
            worst = Math.Max(worst, delay);
            fastest = Math.Min(fastest, delay);

            // When it comes back it latches what it finds.
            bench.Run.RunUntil(bench.Now + (Second / 10));
            Assert.Equal(ProtectionCause.Comparator, bench.Node.Protection[0].Cause);
        }

        output.WriteLine($"1000 cases, seeds 1 to 1000: {fastest / 1e3:F2} to {worst / 1e3:F2} ms from leaving the window to open contacts");
        Assert.InRange(worst, 1000, 10_000);
    }

    [Fact]
    public void Comparator_LetsAShortDisturbanceAndTheWholeWindowPass()
    {
        RelayBench bench = new(1);
        double volts = 3.7;
        EmulatedComparator comparator = new(bench.Board.Time, bench.Board.Lines, 0, () => volts);
        bench.Arm(TestKind.Cycling);
        foreach (double inside in (double[])[comparator.HighV - 0.001, comparator.LowV + 0.001])
        {
            volts = inside;
            bench.Board.Time.WaitMicroseconds(Second);
            Assert.True(bench.Board.Lines.IsRelayClosed(0));
        }

        volts = 9;
        bench.Board.Time.WaitMicroseconds(comparator.FilterMicroseconds - EmulatedComparator.StepMicroseconds);
        volts = 3.7;
        bench.Board.Time.WaitMicroseconds(Second);
        Assert.True(bench.Board.Lines.IsRelayClosed(0));
    }

    [Fact]
    public void RelayThatOpened_TakesTheCurrentOffTheCell()
    {
        EmulatedBoard board = new(1);
        CellOnCycler run = new(new CellRunOptions { Profile = EmulatedCells.Create("dne-pouch"), StepS = 0.05, Seed = 1 });
        EmulatedCellRig rig = new(board.Bus, board.Time, new Configuration.ChannelConfiguration(), run, 1)
        {
            Conducts = () => board.Lines.Conducts(0),
        };
        board.Lines.SetRelay(0, true);
        board.Time.WaitMicroseconds(3600 * Second);
        Assert.InRange(rig.Now().CurrentA, 0.19, 0.21);
        board.Lines.SetRelay(0, false);
        board.Time.WaitMicroseconds(board.Lines.ReleaseMicroseconds - 1);
        Assert.True(board.Lines.Conducts(0));
        board.Time.WaitMicroseconds(Second);
        Assert.Equal(0, rig.Now().CurrentA);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void HungThread_IsNotKickedFor_AndTheWatchdogOpensEveryRelay(bool samplerHangs, bool publisherHangs)
    {
        RelayBench bench = Guarded(2);
        bench.Run.RunUntil(bench.Now + (60 * Second));
        Assert.Null(bench.Board.Watchdog!.BittenMicroseconds);
        long hungAt = bench.Now;
        bench.Run.IsSamplerHung = samplerHangs;
        bench.Run.IsPublisherHung = publisherHangs;
        long bound = samplerHangs ? LoopHealth.SamplingBoundMicroseconds : LoopHealth.PublisherBoundMicroseconds;
        bench.Board.Watchdog.WindowMicroseconds = EmulatedWatchdog.LongestWindowMicroseconds;
        bench.Run.RunUntil(hungAt + bound + EmulatedWatchdog.LongestWindowMicroseconds + Second);
        Assert.True(bench.Board.IsDown);
        Assert.InRange(bench.Board.Watchdog.BittenMicroseconds!.Value - hungAt, bound, bound + EmulatedWatchdog.LongestWindowMicroseconds + Second);
        for (int i = 0; i < 2; i++)
        {
            Assert.False(bench.Board.Lines.IsRelayClosed(i));
        }

        bench.Boot(RestartCause.Watchdog);
        bench.Run.RunUntil(bench.Now + Second);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(ProtectionState.Tripped, bench.Node.Protection[i].State);

            // The protection's own round had found the hung sampler before the watchdog did.
            Assert.Equal(samplerHangs ? ProtectionCause.Stalled : ProtectionCause.Restart, bench.Node.Protection[i].Cause);
            Assert.False(bench.Board.Lines.IsRelayClosed(i));
        }
    }

    [Fact]
    public void EverythingHung_IsEndedByTheWatchdogWithinItsWindow()
    {
        RelayBench bench = Guarded(4);
        bench.Run.RunUntil(bench.Now + (10 * Second));
        long kicked = bench.Board.Lines.KickedMicroseconds;
        bench.Board.Time.WaitMicroseconds(20 * Second);
        Assert.Equal(kicked + EmulatedWatchdog.ShortestWindowMicroseconds, bench.Board.Watchdog!.BittenMicroseconds);
        Assert.All(Enumerable.Range(0, 4), i => Assert.False(bench.Board.Lines.IsRelayClosed(i)));
    }

    [Fact]
    public void LongestLegalStall_TripsNothingAndTheWatchdogWaits()
    {
        RelayBench bench = Guarded(2);
        bench.Link.IsReachable = false;
        bench.Link.Close();
        bench.Run.RunUntil(bench.Now + (3 * Second));
        bench.Link.HandshakeMicroseconds = 3 * Second;
        bench.Link.IsReachable = true;
        bench.Board.Bus.StuckTransfers = 1;
        bool isErased = false;
        bench.Run.OnTurn = () =>
        {
            if (bench.Link.IsConnected && !isErased)
            {
                isErased = true;
                bench.Board.Flash.EraseMicroseconds = 400_000;
                bench.Board.Flash.Write("other", [1], 1);
            }
        };
        bench.Run.RunUntil(bench.Now + (120 * Second));
        Assert.True(isErased);
        Assert.Null(bench.Board.Watchdog!.BittenMicroseconds);
        Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(ProtectionState.Armed, bench.Node.Protection[i].State));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CrashLoop_EndsWithTheRelayOpen(bool resumes)
    {
        RelayBench bench = new(1, settings => settings.ResumesAfterRestart = resumes);
        bench.Board.Watchdog = new EmulatedWatchdog(bench.Board.Time, bench.Board.Lines);
        bench.Arm(TestKind.Cycling);
        int closed = 0;
        for (int crash = 0; crash < 10; crash++)
        {
            bench.Node.Protection.OpenAllForRestart();
            bench.Boot(RestartCause.Ordered);
            bench.Run.RunUntil(bench.Now + (5 * Second));
            closed += bench.Board.Lines.IsRelayClosed(0) ? 1 : 0;
        }

        Assert.Equal(resumes ? ChannelProtection.RestartLimit : 0, closed);
        Assert.False(bench.Board.Lines.IsRelayClosed(0));
        Assert.Equal((ProtectionState.Tripped, ProtectionCause.Restart), (bench.Node.Protection[0].State, bench.Node.Protection[0].Cause));

        // A person ends it.
        Assert.Null(bench.Node.Protection.Reset(0));
        Assert.Null(bench.Node.Protection.Arm(0, TestKind.Cycling));
    }

    [Theory]
    [InlineData(2_900, false)]
    [InlineData(3_100, true)]
    public void Button_ResetsOnlyWhenHeldForThreeSeconds(int milliseconds, bool resets)
    {
        RelayBench bench = new(1);
        bench.Arm(TestKind.Cycling);
        bench.Node.Protection.TripByOrder(0);
        bench.Run.RunUntil(bench.Now + Second);
        Assert.Contains(bench.Link.Reports, report => report.Contains("\"event\":\"protection-tripped\"", StringComparison.Ordinal)
            && report.Contains("\"cause\":\"ordered\"", StringComparison.Ordinal));
        bench.Board.Lines.IsButtonPressed = true;
        bench.Run.RunUntil(bench.Now + (milliseconds * 1000L));
        bench.Board.Lines.IsButtonPressed = false;
        bench.Run.RunUntil(bench.Now + (5 * Second));
        Assert.Equal(resets ? ProtectionState.Disarmed : ProtectionState.Tripped, bench.Node.Protection[0].State);
    }

    [Fact]
    public void ButtonStuckSinceTheStart_ResetsNothing_AndPowerCyclingNeither()
    {
        RelayBench bench = new(1);
        bench.Arm(TestKind.Cycling);
        bench.Node.Protection.TripByOrder(0);
        bench.Run.RunUntil(bench.Now + Second);
        bench.Board.Lines.IsButtonPressed = true;
        for (int boot = 0; boot < 3; boot++)
        {
            bench.Boot(RestartCause.PowerOn);
            bench.Run.RunUntil(bench.Now + (10 * Second));
            Assert.Equal((ProtectionState.Tripped, ProtectionCause.Ordered), (bench.Node.Protection[0].State, bench.Node.Protection[0].Cause));
        }
    }

    private static RelayBench Guarded(int channels)
    {
        RelayBench bench = new(channels);
        bench.Board.Watchdog = new EmulatedWatchdog(bench.Board.Time, bench.Board.Lines);
        bench.Arm(TestKind.Cycling);
        return bench;
    }
}
