namespace PouchMonitor.EndToEnd.Tests.Durability;

/// <summary>The judge of the traces sees what it is to see.</summary>
public sealed class SystemCallTraceTests
{
    private static readonly (byte[] Bytes, ushort PacketId)[] Frame = [([1, 2, 3], 5)];

    [Fact]
    public void WriteThenSyncThenAcknowledgement_IsInOrder() =>
        Assert.Empty(Judge(
            "10 pwrite64(7, \"\\x00\\x01\\x02\\x03\", 4, 0) = 4",
            "10 fdatasync(7)                    = 0",
            "11 sendto(9, \"\\x20\\x02\\x00\\x00\\x40\\x02\\x00\\x05\", 8, 0, NULL, 0) = 8"));

    [Fact]
    public void AnAcknowledgementWhileTheSyncIsUnderWay_IsTooEarly() =>
        Assert.Single(Judge(
            "10 pwrite64(7, \"\\x00\\x01\\x02\\x03\", 4, 0) = 4",
            "10 fdatasync(7 <unfinished ...>",
            "11 sendmsg(9, {msg_iov=[{iov_base=\"\\x40\\x02\\x00\\x05\", iov_len=4}]}, 0) = 4",
            "10 <... fdatasync resumed>) = 0"));

    [Fact]
    public void ASyncThatReturnsInTime_MayBeSplitInTheTrace() =>
        Assert.Empty(Judge(
            "10 pwrite64(7, \"\\x01\\x02\\x03\", 3, 0 <unfinished ...>",
            "12 write(3, \"\\x40\\x02\\x00\\x07\", 4) = 4",
            "10 <... pwrite64 resumed>) = 3",
            "10 fdatasync(7 <unfinished ...>",
            "12 write(3, \"\\x40\\x02\\x00\\x08\", 4) = 4",
            "10 <... fdatasync resumed>) = 0",
            "11 sendto(9, \"\\x40\\x02\\x00\\x05\", 4, 0, NULL, 0) = 4"));

    [Theory]
    [InlineData("10 fdatasync(8) = 0")] // another file
    [InlineData("10 fdatasync(7) = -1 EIO (Input/output error)")]
    [InlineData("10 write(8, \"\\x00\", 1) = 1")]
    public void WithoutASyncOfTheFile_AnyAcknowledgementIsTooEarly(string instead) =>
        Assert.Single(Judge(
            "10 pwrite64(7, \"\\x00\\x01\\x02\\x03\", 4, 0) = 4", instead, "11 sendto(9, \"\\x40\\x02\\x00\\x05\", 4, 0, NULL, 0) = 4"));

    [Fact]
    public void ASyncThatBeganBeforeTheWriteEnded_ProvesNothing() =>
        Assert.Single(Judge(
            "12 fdatasync(7 <unfinished ...>",
            "10 pwrite64(7, \"\\x01\\x02\\x03\", 3, 0) = 3",
            "12 <... fdatasync resumed>) = 0",
            "11 sendto(9, \"\\x40\\x02\\x00\\x05\", 4, 0, NULL, 0) = 4"));

    private static List<string> Judge(params string[] lines) => SystemCallTrace.Parse(lines).Violations(Frame);
}
