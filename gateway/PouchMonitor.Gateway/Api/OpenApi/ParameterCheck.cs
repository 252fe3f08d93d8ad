using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace PouchMonitor.Gateway.Api.OpenApi;

/// <summary>
/// Holds each query against the description of its route: a parameter that is misspelt, doubled or out of its bounds is named,
/// instead of being without effect.
/// </summary>
internal static class ParameterCheck
{
    private const int LongestShown = 40;

    public static async Task Invoke(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Query.Count > 0 && context.GetEndpoint() is RouteEndpoint route
            && RouteTable.Find(context.Request.Method, route.RoutePattern.RawText) is { } description
            && Problem(description, context.Request.Query) is { } problem)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        await next(context);
    }

    public static string? Problem(Description description, IQueryCollection query)
    {
        foreach ((string name, StringValues values) in query)
        {
            Parameter? parameter = description.Query.FirstOrDefault(known => known.Name == name);
            string? problem = parameter is null ? Unknown(description, name)
                : values.Count > 1 ? $"{name} is given {values.Count} times."
                : Problem(parameter, values.ToString());
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string Unknown(Description description, string name) => description.Query.Count == 0
        ? $"There is no parameter '{Short(name)}' here, nor any other."
        : $"There is no parameter '{Short(name)}' here; there are {string.Join(", ", description.Query.Select(known => known.Name))}.";

    private static string? Problem(Parameter parameter, string text)
    {
        if (text.Length == 0 || parameter.IsCheckedThere)
        {
            return null; // As if it were not there.
        }

        if (parameter.Type == "string")
        {
            return parameter.MaximumLength < text.Length
                ? $"{parameter.Name} has {text.Length} characters, more than {parameter.MaximumLength}."
                : parameter.Values is { } values && !values.Contains(text, StringComparer.Ordinal)
                ? $"{parameter.Name} = '{Short(text)}' is none of {string.Join(", ", values)}."
                : null;
        }

        bool isInteger = parameter.Type == "integer";
        if (!double.TryParse(text, isInteger ? NumberStyles.AllowLeadingSign : NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value))
        {
            return $"{parameter.Name} = '{Short(text)}' is not {(isInteger ? "a whole number" : "a number")}.";
        }

        return value < parameter.Minimum || value > parameter.Maximum
            ? string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} = {Short(text)} is outside {parameter.Minimum} to {parameter.Maximum}.")
            : null;
    }

    private static string Short(string text) => text.Length <= LongestShown ? text : text[..LongestShown];
}
