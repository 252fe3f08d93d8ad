using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Names that may stand in a topic, and the topics themselves.</summary>
public class TopicNamesTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("AZaz09._-", true)]
    [InlineData("...", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("+", false)]
    [InlineData("#", false)]
    [InlineData("$SYS", false)]
    [InlineData("é", false)]
    [InlineData("a\0", false)]
    public void Name_IsOfTheAllowedCharacters(string name, bool isName) => Assert.Equal(isName, TopicNames.IsName(name));

    [Fact]
    public void EveryCharacterOutsideTheSet_IsRefused()
    {
        for (int c = 0; c < 0x250; c++)
        {
            bool isAllowed = c < 128 && (char.IsAsciiLetterOrDigit((char)c) || c is '.' or '_' or '-');
            Assert.Equal(isAllowed, TopicNames.IsName("x" + (char)c));
        }
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void NameLength_IsAtMost64(int length, bool isName) => Assert.Equal(isName, TopicNames.IsName(new string('n', length)));

    [Fact]
    public void ReservedNames_AreReservedWhereTheyWouldMislead()
    {
        Assert.False(TopicNames.IsNodeName("alarm"));
        Assert.True(TopicNames.IsNodeName("_gateway"));
        Assert.False(TopicNames.IsCellName("_gateway"));
        Assert.True(TopicNames.IsCellName("alarm"));
        Assert.False(TopicNames.IsNodeName(".."));
        Assert.False(TopicNames.IsCellName(".."));
    }

    [Fact]
    public void Topics_AreAsAgreed()
    {
        Assert.Equal("pouch/v1/n1/2/frame", TopicNames.Frame("n1", "2"));
        Assert.Equal("pouch/v1/n1/2/sample", TopicNames.Sample("n1", "2"));
        Assert.Equal("pouch/v1/n1/status", TopicNames.Status("n1"));
        Assert.Equal("pouch/v1/n1/event", TopicNames.Event("n1"));
        Assert.Equal("pouch/v1/n1/config", TopicNames.Config("n1"));
        Assert.Equal("pouch/v1/n1/command", TopicNames.Command("n1"));
        Assert.Equal("pouch/v1/n1/stored", TopicNames.Stored("n1"));
        Assert.Equal("pouch/v1/alarm/c1/soft-short", TopicNames.Alarm("c1", "soft-short"));
    }
}
