using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Conditional requests. A tag is made of what changes with the answer (counters, revisions), never of the answer itself, so
/// that an unchanged one costs nothing to write. Tags of one run of the gateway say nothing about another run: its counters
/// begin anew, so its name belongs into each tag that is made of counters.
/// </summary>
internal static class Conditional
{
    /// <summary>A strong entity tag, quotes included.</summary>
    /// <param name="parts">Whatever changes when the answer does; only what is allowed in a tag is kept of a text.</param>
    public static string Tag(params ReadOnlySpan<object?> parts)
    {
        StringBuilder tag = new("\"");
        foreach (object? part in parts)
        {
            if (tag.Length > 1)
            {
                tag.Append('-');
            }

            foreach (char c in Convert.ToString(part, CultureInfo.InvariantCulture) ?? "")
            {
                tag.Append(c is > ' ' and not '"' and < (char)127 ? c : '_');
            }
        }

        return tag.Append('"').ToString();
    }

    /// <summary>
    /// Sets the tag and the caching of an answer: kept by the person's own browser, and asked about each time. True where the
    /// asker has it already; then the answer is 304 and nothing is to be written.
    /// </summary>
    public static bool IsUnchanged(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache, private";
        if (!(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            || !Names(context.Request.Headers.IfNoneMatch, tag))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>
    /// Does the same for an answer that has no version of its own, by what it says. Only a GET that succeeded and holds no
    /// secret is tagged.
    /// </summary>
    public static bool IsUnchanged(HttpContext context, ReadOnlySpan<byte> content)
    {
        if (context.Response.StatusCode != StatusCodes.Status200OK || !HttpMethods.IsGet(context.Request.Method) || WebLimits.IsSecret(context))
        {
            context.Response.Headers.CacheControl = "no-store";
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return IsUnchanged(context, Tag(Convert.ToHexStringLower(hash[..16])));
    }

    /// <summary>What the header <c>If-Match</c> (or <c>If-None-Match: *</c>) of a change says about what is there now.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tag">Tag of what is there now; null where there is nothing.</param>
    public static Precondition Check(HttpContext context, string? tag)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (headers.IfNoneMatch.Count > 0)
        {
            return tag is not null && Names(headers.IfNoneMatch, tag) ? Precondition.Failed : Precondition.Met;
        }

        return headers.IfMatch.Count == 0 ? Precondition.Absent
            : tag is not null && Names(headers.IfMatch, tag) ? Precondition.Met
            : Precondition.Failed;
    }

    /// <summary>Answers 412 to a change that was made on something that is no longer so.</summary>
    public static Task FailChanged(HttpContext context, string what)
    {
        return GatewayEndpoints.Fail(context, StatusCodes.Status412PreconditionFailed,
            $"{what} has been changed meanwhile; read it again before changing it.");
    }

    // A list of tags or *. A tag made weak on the way (by a proxy that compresses) stands for the same content.
    private static bool Names(Microsoft.Extensions.Primitives.StringValues header, string tag)
    {
        foreach (string? line in header)
        {
            for (ReadOnlySpan<char> rest = line.AsSpan().Trim(); rest.Length > 0;)
            {
                if (rest[0] == '*')
                {
                    return true;
                }

                ReadOnlySpan<char> one = rest.StartsWith("W/", StringComparison.Ordinal) ? rest[2..] : rest;
                int end = one.Length > 1 && one[0] == '"' ? one[1..].IndexOf('"') + 2 : 0;
                if (end < 2)
                {
                    break; // Not a tag: the rest is of no use.
                }

                if (one[..end].SequenceEqual(tag))
                {
                    return true;
                }

                rest = one[end..].TrimStart([' ', '\t', ',']);
            }
        }

        return false;
    }
}

/// <summary>What a change says about the state it was made on.</summary>
internal enum Precondition
{
    /// <summary>It says nothing.</summary>
    Absent,

    /// <summary>It was made on what is there.</summary>
    Met,

    /// <summary>It was made on something else.</summary>
    Failed,
}
