namespace PouchMonitor.Gateway.Influx;

/// <summary>The servers that are spoken to.</summary>
public enum InfluxKind
{
    InfluxDb1 = 0,
    InfluxDb2 = 1,
    InfluxDb3 = 2,
    VictoriaMetrics = 3,
}

/// <summary>Where points are forwarded to, and how.</summary>
public sealed record InfluxOptions
{
    /// <summary>Such as <c>http://127.0.0.1:8086</c>; a path before the API's own is kept.</summary>
    public required Uri Url { get; init; }

    public required InfluxKind Kind { get; init; }

    /// <summary>Of InfluxDB 2.</summary>
    public string? Organization { get; init; }

    /// <summary>Bucket of InfluxDB 2, database of the others; VictoriaMetrics needs none.</summary>
    public string? Database { get; init; }

    /// <summary>Never to be logged or shown.</summary>
    public string? Token { get; init; }

    public string? UserName { get; init; }

    /// <summary>Never to be logged or shown.</summary>
    public string? Password { get; init; }

    /// <summary>Lines of one batch; a whole frame may go beyond it.</summary>
    public int BatchLines { get; init; } = 5000;

    /// <summary>Bytes of one batch before compression; a whole frame may go beyond it.</summary>
    public int BatchBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>How long the first line of a batch waits for company.</summary>
    public TimeSpan BatchAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one answer may take.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First and longest wait after a failure.</summary>
    public (TimeSpan First, TimeSpan Longest) Retry { get; init; } = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Behind for longer than this raises <c>forwarder-lag</c>, seconds.</summary>
    public int AlarmAfterSeconds { get; init; } = 300;

    /// <summary>A boot that has told no time by this many days after its first frame is left out for good, and counted.</summary>
    public int UnanchoredDays { get; init; } = 30;

    /// <summary>Further tags of every point, such as a site.</summary>
    public IReadOnlyList<(string Tag, string Value)> Tags { get; init; } = [];

    /// <summary>What was delivered where: another server or database has none of it yet.</summary>
    public string Target => FormattableString.Invariant($"{Kind} {Url} {Organization} {Database}");
}
