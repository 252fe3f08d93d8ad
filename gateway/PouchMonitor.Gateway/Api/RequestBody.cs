using System.Text;
using Microsoft.AspNetCore.Http;

namespace PouchMonitor.Gateway.Api;

/// <summary>What a request says, read within bounds, and who says it.</summary>
internal static class RequestBody
{
    private const int MostBytes = 64 * 1024;
    private const int LongestName = 64;

    /// <summary>The body as text; null where it has been answered that it is too long or no UTF-8.</summary>
    public static async Task<string?> Read(HttpContext context)
    {
        // One byte more shows that it is too long.
        byte[] body = new byte[MostBytes + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > MostBytes)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status413PayloadTooLarge, $"The body has more than {MostBytes} bytes.");
            return null;
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body, 0, length);
        }
        catch (DecoderFallbackException)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, "The body is not UTF-8.");
            return null;
        }
    }

    /// <summary>Who asks: whoever is signed in, or in an open trial whom the request names; null where it has been answered that nobody is.</summary>
    public static async Task<string?> Person(HttpContext context, string? named)
    {
        (string? person, string problem) = PersonOf(context, named);
        if (person is null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
        }

        return person;
    }

    /// <summary>The same without an answer: who asks, or what is wrong with the name. It is one line of text, also in a mail and a record.</summary>
    public static (string? Person, string Problem) PersonOf(HttpContext context, string? named)
    {
        string person = (context.User.Identity?.Name ?? named ?? "").Trim();
        return person.Length is >= 1 and <= LongestName && !person.Any(char.IsControl)
            ? (person, "")
            : (null, $"'by' must name who does it (1 to {LongestName} characters, none of them a control character).");
    }
}
