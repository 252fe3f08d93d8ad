using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Timing;

namespace PouchMonitor.Firmware.Tests;

/// <summary>When the time is believed, and what one boot tells the next.</summary>
public sealed class BootTests
{
    private const long Second = 1_000_000;
    private const long Right = 1_790_000_000L * Second;
    private readonly EmulatedBoard board = new(5);

    [Fact]
    public void Anchor_CountsOnceTheClockHasAgreedForSoLong()
    {
        var anchor = new BootAnchor(board, 30 * Second);
        Assert.False(anchor.TryGet(out _));
        board.BootAnchorUnixMicroseconds = Right;
        Assert.False(anchor.TryGet(out _));
        board.Time.WaitMicroseconds((30 * Second) - 1);
        Assert.False(anchor.TryGet(out _));
        board.Time.WaitMicroseconds(1);
        Assert.True(anchor.TryGet(out long unix));
        Assert.Equal(Right, unix);
    }

    [Fact]
    public void WrongAtFirst_StartsOverWithTheNextReading()
    {
        var anchor = new BootAnchor(board, 30 * Second);
        board.BootAnchorUnixMicroseconds = Right - (86_400 * Second);
        Assert.False(anchor.TryGet(out _));
        board.Time.WaitMicroseconds(29 * Second);
        board.BootAnchorUnixMicroseconds = Right;
        Assert.False(anchor.TryGet(out _));
        board.Time.WaitMicroseconds(29 * Second);
        Assert.False(anchor.TryGet(out _));
        board.Time.WaitMicroseconds(Second);
        Assert.True(anchor.TryGet(out long unix));
        Assert.Equal(Right, unix);
        Assert.Equal(1, anchor.ContradictionCount);
    }

    [Fact]
    public void StepsAfterwards_MoveNothingAndAreTold()
    {
        var anchor = new BootAnchor(board, 0);
        board.BootAnchorUnixMicroseconds = Right;
        Assert.True(anchor.TryGet(out _));
        board.BootAnchorUnixMicroseconds = Right + (7 * Second);
        Assert.True(anchor.TryGet(out long unix));
        Assert.Equal(Right, unix);
        Assert.True(anchor.TryGetOffset(out long offset));
        Assert.Equal(7 * Second, offset);
    }

    [Theory]
    [InlineData(BootAnchor.FirstPlausibleMicroseconds - 1, false)]
    [InlineData(BootAnchor.FirstPlausibleMicroseconds, true)]
    [InlineData(BootAnchor.EndOfPlausibleMicroseconds - 1, true)]
    [InlineData(BootAnchor.EndOfPlausibleMicroseconds, false)]
    public void ImplausibleYears_AreNotBelieved(long unixMicroseconds, bool expected)
    {
        var anchor = new BootAnchor(board, 0);
        board.BootAnchorUnixMicroseconds = unixMicroseconds;
        Assert.Equal(expected, anchor.TryGet(out _));
    }

    [Fact]
    public void Record_TellsTheNextBootWhatBecameOfThisOne()
    {
        var first = new BootRecord(board.Flash);
        Assert.False(first.HasPrevious);
        ulong boot = first.Begin(42);
        first.SetAnchor(Right);
        first.End([10, 20]);
        var second = new BootRecord(board.Flash);
        Assert.True(second.HasPrevious);
        Assert.Equal(boot, second.PreviousBoot);
        Assert.True(second.PreviousHasAnchor);
        Assert.Equal(Right, second.PreviousAnchorUnixMicroseconds);
        Assert.True(second.PreviousEndedInOrder);
        Assert.Equal([10, 20], second.PreviousSampleCounts);
        second.Begin(42);
        var third = new BootRecord(board.Flash);
        Assert.False(third.PreviousEndedInOrder);
        Assert.False(third.PreviousHasAnchor);
        Assert.Equal(2, third.Number);
    }

    [Fact]
    public void GeneratorThatStartsAlike_GivesNoTwoBootsOneId()
    {
        var ids = new HashSet<ulong>();
        for (int i = 0; i < 100; i++)
        {
            Assert.True(ids.Add(new BootRecord(board.Flash).Begin(42)));
        }
    }
}
