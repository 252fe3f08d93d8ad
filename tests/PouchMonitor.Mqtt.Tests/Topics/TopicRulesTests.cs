using System.Text;
using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Tests.Topics;

public sealed class TopicRulesTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "sport/tennis", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/+", "$SYS/x", true)]
    [InlineData("a/+/c/#", "a//c", true)]
    [InlineData("a", "A", false)]
    [InlineData("a/b", "a/bc", false)]
    [InlineData("a/", "a", false)]
    public void Matching_FollowsTheSpecification_InRulesAndTree(string filter, string topic, bool expected)
    {
        byte[] filterBytes = Encoding.UTF8.GetBytes(filter);
        byte[] topicBytes = Encoding.UTF8.GetBytes(topic);
        Assert.Equal(expected, TopicRules.Matches(filterBytes, topicBytes));

        var tree = new SubscriptionTree<string>();
        tree.Put(filterBytes, "me", static (left, right) => left == right);
        var matches = new List<string>();
        tree.Match(topicBytes, matches);
        Assert.Equal(expected, matches.Count == 1);
    }

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("a/+/b/#", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a+", false)]
    [InlineData("a/+b", false)]
    [InlineData("##", false)]
    public void Filters_AreCheckedByLevel(string filter, bool expected)
        => Assert.Equal(expected, TopicRules.IsValidFilter(Encoding.UTF8.GetBytes(filter)));

    [Fact]
    public void Tree_AgreesWithTheRules_OnRandomFiltersAndTopics()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var tree = new SubscriptionTree<string>();
        var filters = new HashSet<string>(StringComparer.Ordinal);
        for (int round = 0; round < 3000; round++)
        {
            string filter = Make(random, ["a", "b", "", "$x", "+", "+", "#"]);
            byte[] bytes = Encoding.UTF8.GetBytes(filter);
            if (!TopicRules.IsValidFilter(bytes))
            {
                continue;
            }

            if (random.Next(3) == 0 && filters.Remove(filter))
            {
                Assert.True(tree.Remove(bytes, string.Intern(filter)), $"seed {seed}");
            }
            else
            {
                filters.Add(filter);
                tree.Put(bytes, string.Intern(filter), static (left, right) => left == right);
            }

            string topic = Make(random, ["a", "b", "", "$x", "c"]);
            if (topic.Length == 0)
            {
                continue;
            }

            var matches = new List<string>();
            tree.Match(Encoding.UTF8.GetBytes(topic), matches);
            IEnumerable<string> expected = filters.Where(known => TopicRules.Matches(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(topic)));
            Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(matches.Order(StringComparer.Ordinal)), $"seed {seed}: topic '{topic}'");
        }

        foreach (string filter in filters)
        {
            Assert.True(tree.Remove(Encoding.UTF8.GetBytes(filter), string.Intern(filter)));
        }

        Assert.Equal(0, tree.Count);
    }

    private static string Make(Random random, string[] levels)
        => string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => levels[random.Next(levels.Length)]));
}
