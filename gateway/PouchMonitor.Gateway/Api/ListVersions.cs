using System.Runtime.CompilerServices;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// A number for each list that a view holds. A view keeps the same list until its content changes, so the list itself is the
/// version of what is in it.
/// </summary>
internal static class ListVersions
{
    private static readonly ConditionalWeakTable<object, StrongBox<long>> Numbers = [];
    private static long last;

    public static long Of(object list) => Numbers.GetValue(list, static _ => new StrongBox<long>(Interlocked.Increment(ref last))).Value;
}
