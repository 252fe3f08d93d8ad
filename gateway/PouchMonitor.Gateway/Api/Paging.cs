using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// A piece of a list: <c>?limit=</c> items after the one named by <c>?after=</c>. The answer stays a plain array; where more
/// follows, <c>Link: &lt;...&gt;; rel="next"</c> says where. The bounds are enforced before, by the description of the route.
/// </summary>
internal static class Paging
{
    /// <summary>Most items of one answer, and as many as there are without <c>limit</c>.</summary>
    public const int Most = 100_000;

    /// <summary>The piece asked for of a list that only grows at its end: items are named by their places, from 1.</summary>
    public static IReadOnlyList<T> Page<T>(HttpContext context, IReadOnlyList<T> items)
    {
        int first = (int)Math.Min(items.Count, (long)Number(context, "after", 0));
        int count = Math.Min(items.Count - first, Limit(context));
        SayNext(context, first + count < items.Count, (first + count).ToString(CultureInfo.InvariantCulture));
        return first == 0 && count == items.Count ? items : [.. items.Skip(first).Take(count)];
    }

    /// <summary>The piece asked for of a list in order of its items' names.</summary>
    public static IReadOnlyList<T> Page<T>(HttpContext context, IEnumerable<T> items, Func<T, string> nameOf)
    {
        string? after = context.Request.Query["after"];
        IEnumerable<T> rest = string.IsNullOrEmpty(after) ? items : items.Where(item => string.CompareOrdinal(nameOf(item), after) > 0);
        return First(context, rest, nameOf);
    }

    /// <summary>The piece asked for of a list in order of its items' numbers.</summary>
    public static IReadOnlyList<T> Page<T>(HttpContext context, IEnumerable<T> items, Func<T, long> numberOf)
    {
        double after = Number(context, "after", 0);
        return First(context, items.Where(item => numberOf(item) > after), item => numberOf(item).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Most items asked for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="usual">How many where it does not say.</param>
    public static int Limit(HttpContext context, int usual = Most) => (int)Number(context, "limit", usual);

    private static IReadOnlyList<T> First<T>(HttpContext context, IEnumerable<T> items, Func<T, string> nameOf)
    {
        int limit = Limit(context);
        List<T> page = [.. items.Take(limit + 1)];
        bool hasMore = page.Count > limit;
        if (hasMore)
        {
            page.RemoveAt(limit);
        }

        SayNext(context, hasMore, page.Count > 0 ? nameOf(page[^1]) : "");
        return page;
    }

    private static void SayNext(HttpContext context, bool hasMore, string after)
    {
        if (hasMore)
        {
            QueryBuilder query = new(context.Request.Query.Where(one => one.Key != "after").SelectMany(
                one => one.Value, (one, value) => KeyValuePair.Create(one.Key, value ?? ""))) { { "after", after } };
            context.Response.Headers.Append("Link", $"<{context.Request.PathBase}{context.Request.Path.ToUriComponent()}{query}>; rel=\"next\"");
        }
    }

    private static double Number(HttpContext context, string name, double usual) =>
        double.TryParse(context.Request.Query[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : usual;
}
