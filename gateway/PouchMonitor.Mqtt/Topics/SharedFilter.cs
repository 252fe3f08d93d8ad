namespace PouchMonitor.Mqtt.Topics;

/// <summary>The form of a shared subscription's filter: <c>$share/{group}/{filter}</c> (MQTT 5, section 4.8.2).</summary>
internal static class SharedFilter
{
    private static ReadOnlySpan<byte> Prefix => "$share/"u8;

    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(Prefix);

    /// <summary>Takes the filter behind the group's name. False where the name is empty or has a wildcard, or no valid filter follows.</summary>
    public static bool TryCut(ReadOnlySpan<byte> shared, out ReadOnlySpan<byte> filter)
    {
        filter = shared[Prefix.Length..];
        ReadOnlySpan<byte> group = TopicRules.CutLevel(ref filter, out bool goesOn);
        return goesOn && !group.IsEmpty && !TopicRules.HasWildcard(group) && TopicRules.IsValidFilter(filter);
    }
}
