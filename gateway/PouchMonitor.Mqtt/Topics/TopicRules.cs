using System.Buffers;

namespace PouchMonitor.Mqtt.Topics;

/// <summary>What a topic name and a topic filter may look like, and which match (section 4.7). All over UTF-8 bytes.</summary>
public static class TopicRules
{
    private const byte Separator = (byte)'/';
    private const byte Plus = (byte)'+';
    private const byte Hash = (byte)'#';
    private static readonly SearchValues<byte> Wildcards = SearchValues.Create("+#"u8);

    public static bool HasWildcard(ReadOnlySpan<byte> topic) => topic.ContainsAny(Wildcards);

    public static int CountLevels(ReadOnlySpan<byte> topic) => topic.Count(Separator) + 1;

    /// <summary>Not empty, '#' only as the whole last level, '+' only as a whole level.</summary>
    public static bool IsValidFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty)
        {
            return false;
        }

        while (true)
        {
            int end = filter.IndexOf(Separator);
            ReadOnlySpan<byte> level = end < 0 ? filter : filter[..end];
            if (level.ContainsAny(Wildcards) && (level.Length != 1 || (level[0] == Hash && end >= 0)))
            {
                return false;
            }

            if (end < 0)
            {
                return true;
            }

            filter = filter[(end + 1)..];
        }
    }

    /// <summary>Whether a valid topic matches a valid filter; topics that begin with '$' match no leading wildcard.</summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (!topic.IsEmpty && topic[0] == (byte)'$' && (filter[0] == Plus || filter[0] == Hash))
        {
            return false;
        }

        while (true)
        {
            ReadOnlySpan<byte> wanted = CutLevel(ref filter, out bool filterGoesOn);
            if (wanted.Length == 1 && wanted[0] == Hash)
            {
                return true;
            }

            ReadOnlySpan<byte> level = CutLevel(ref topic, out bool topicGoesOn);
            bool same = (wanted.Length == 1 && wanted[0] == Plus) || wanted.SequenceEqual(level);
            if (!same)
            {
                return false;
            }

            if (!topicGoesOn)
            {
                return !filterGoesOn || (filter.Length == 1 && filter[0] == Hash);
            }

            if (!filterGoesOn)
            {
                return false;
            }
        }
    }

    /// <summary>Takes the first level off; <paramref name="goesOn"/> tells whether a separator followed it.</summary>
    internal static ReadOnlySpan<byte> CutLevel(ref ReadOnlySpan<byte> rest, out bool goesOn)
    {
        int end = rest.IndexOf(Separator);
        goesOn = end >= 0;
        ReadOnlySpan<byte> level = goesOn ? rest[..end] : rest;
        rest = goesOn ? rest[(end + 1)..] : default;
        return level;
    }
}
