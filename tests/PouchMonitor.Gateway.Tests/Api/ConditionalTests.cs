using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>When an answer is not sent again, and when a change is refused since something else is there now.</summary>
public sealed class ConditionalTests
{
    [Fact]
    public void ATag_HoldsNothingThatATagMayNot()
    {
        Assert.Equal("\"run-12-a_b\"", Conditional.Tag("run", 12, "a\"b"));
        Assert.Equal("\"_\u007e_\"", Conditional.Tag("\u00e9~ "));
    }

    [Theory]
    [InlineData("\"a-1\"", true)]
    [InlineData("W/\"a-1\"", true)]
    [InlineData("\"x\", \"a-1\"", true)]
    [InlineData("\"x\" , W/\"a-1\"", true)]
    [InlineData("*", true)]
    [InlineData("\"a-2\"", false)]
    [InlineData("a-1", false)]
    [InlineData("\"a-1", false)]
    [InlineData("\"", false)]
    [InlineData("W/", false)]
    [InlineData("", false)]
    public void WhoHasIt_IsToldSo(string header, bool isUnchanged)
    {
        DefaultHttpContext context = new();
        context.Request.Method = "GET";
        context.Request.Headers.IfNoneMatch = header;
        Assert.Equal(isUnchanged, Conditional.IsUnchanged(context, Conditional.Tag("a", 1)));
        Assert.Equal(isUnchanged ? 304 : 200, context.Response.StatusCode);
        Assert.Equal("\"a-1\"", context.Response.Headers.ETag);
        Assert.Equal("no-cache, private", context.Response.Headers.CacheControl);
    }

    [Theory]
    [InlineData(null, null, "\"a\"", "Absent")]
    [InlineData("\"a\"", null, "\"a\"", "Met")]
    [InlineData("\"b\"", null, "\"a\"", "Failed")]
    [InlineData("\"a\"", null, null, "Failed")]
    [InlineData("*", null, "\"a\"", "Met")]
    [InlineData("*", null, null, "Failed")]
    [InlineData(null, "*", null, "Met")]
    [InlineData(null, "*", "\"a\"", "Failed")]
    public void AChange_SaysWhatItWasMadeOn(string? match, string? noneMatch, string? current, string expected)
    {
        DefaultHttpContext context = new();
        context.Request.Method = "PUT";
        context.Request.Headers.IfMatch = match;
        context.Request.Headers.IfNoneMatch = noneMatch;
        Assert.Equal(expected, Conditional.Check(context, current).ToString());
    }
}
