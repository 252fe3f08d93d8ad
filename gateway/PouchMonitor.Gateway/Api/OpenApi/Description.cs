namespace PouchMonitor.Gateway.Api.OpenApi;

/// <summary>A parameter of a route's query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of JSON Schema: <c>integer</c>, <c>number</c> or <c>string</c>.</param>
/// <param name="Text">What it means, units included.</param>
internal sealed record Parameter(string Name, string Type, string Text)
{
    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    /// <summary>Most characters.</summary>
    public int? MaximumLength { get; init; }

    /// <summary>True where the route itself refuses what is out of bounds, in its own words.</summary>
    public bool IsCheckedThere { get; init; }

    /// <summary>All values it may have; null where there are others.</summary>
    public IReadOnlyList<string>? Values { get; init; }
}

/// <summary>What a route does, for people and programs; what it says of the query is enforced too.</summary>
/// <param name="Tag">Part of the API it belongs to.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Answer">Schema of its answer (<c>Cell</c>, or <c>Cell[]</c> for an array); null where it answers none.</param>
internal sealed record Description(string Tag, string Summary, string? Answer)
{
    /// <summary>Every parameter that the query may have.</summary>
    public IReadOnlyList<Parameter> Query { get; init; } = [];

    /// <summary>Schema of the body; null where there is none.</summary>
    public string? Body { get; init; }

    /// <summary>Media types of a body that is a file and no JSON; empty where it is none.</summary>
    public IReadOnlyList<string> BodyMedia { get; init; } = [];

    /// <summary>Media type of the answer.</summary>
    public string Media { get; init; } = "application/json";
}
