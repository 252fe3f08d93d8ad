using PouchMonitor.Gateway;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Upstream.InfluxDb;
using PouchMonitor.Wire;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// <c>influx</c> of the configuration file: the server that everything is forwarded to. Secrets are in files, found beside
/// the configuration file, or in an environment variable; never in it.
/// </summary>
internal sealed record InfluxEntry
{
    private const int MostTags = 8;
    private static readonly Dictionary<string, InfluxKind> Kinds = new(StringComparer.Ordinal)
    {
        ["influxdb1"] = InfluxKind.InfluxDb1,
        ["influxdb2"] = InfluxKind.InfluxDb2,
        ["influxdb3"] = InfluxKind.InfluxDb3,
        ["victoriametrics"] = InfluxKind.VictoriaMetrics,
    };

    public required string Url { get; init; }

    public required string Kind { get; init; }

    public string? Org { get; init; }

    /// <summary>Bucket of InfluxDB 2; another name for <see cref="Database"/>.</summary>
    public string? Bucket { get; init; }

    public string? Database { get; init; }

    public string? TokenFile { get; init; }

    /// <summary>Name of the environment variable that holds the token.</summary>
    public string? TokenVariable { get; init; }

    public string? User { get; init; }

    public string? PasswordFile { get; init; }

    public bool AllowPlain { get; init; }

    /// <summary><c>own</c> or <c>influxdb.client</c>.</summary>
    public string Client { get; init; } = "own";

    public int BatchLines { get; init; } = 5000;

    public int BatchMilliseconds { get; init; } = 1000;

    public int AnswerTimeoutSeconds { get; init; } = 30;

    public int LongestRetrySeconds { get; init; } = 60;

    public int AlarmAfterSeconds { get; init; } = 300;

    public int UnanchoredDays { get; init; } = 30;

    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Puts the server into the gateway's options.</summary>
    public GatewayOptions AddTo(GatewayOptions options, string file) => options with
    {
        Influx = Read(file),
        InfluxWriter = Client == "own" ? options.InfluxWriter : static server => new InfluxDbClientWriter(server),
    };

    /// <summary>The options; what is wrong is told with its name, value and limit.</summary>
    public InfluxOptions Read(string file)
    {
        if (Problem() is { } problem)
        {
            throw new CommandException($"--config {file}: influx.{problem}");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return new InfluxOptions
        {
            Url = new Uri(Url),
            Kind = Kinds[Kind],
            Organization = Org,
            Database = Bucket ?? Database,
            Token = TokenFile is not null ? Commands.PasswordFile.Read(Path.Combine(folder, TokenFile))
                : TokenVariable is not null ? Environment.GetEnvironmentVariable(TokenVariable) : null,
            UserName = User,
            Password = PasswordFile is null ? null : Commands.PasswordFile.Read(Path.Combine(folder, PasswordFile)),
            BatchLines = BatchLines,
            BatchAge = TimeSpan.FromMilliseconds(BatchMilliseconds),
            AnswerTimeout = TimeSpan.FromSeconds(AnswerTimeoutSeconds),
            Retry = (TimeSpan.FromSeconds(Math.Min(1, LongestRetrySeconds)), TimeSpan.FromSeconds(LongestRetrySeconds)),
            AlarmAfterSeconds = AlarmAfterSeconds,
            UnanchoredDays = UnanchoredDays,
            Tags = [.. Tags.Select(tag => (tag.Key, tag.Value))],
        };
    }

    private string? Problem()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0)
        {
            return "url is not an http or https address without a query.";
        }

        if (url.UserInfo.Length > 0)
        {
            return "url holds credentials; give user and passwordFile, or tokenFile.";
        }

        if (!Kinds.TryGetValue(Kind, out InfluxKind kind))
        {
            return $"kind '{Kind}' is none of {string.Join(", ", Kinds.Keys)}.";
        }

        return ClientProblem(kind) ?? Place(kind) ?? Secrets(url) ?? Numbers() ?? TagProblem();
    }

    private string? ClientProblem(InfluxKind kind) => Client switch
    {
        "own" => null,
        "influxdb.client" => kind != InfluxKind.InfluxDb2 ? "client 'influxdb.client' is for kind influxdb2 only."
            : InfluxDbClientWriter.IsRestored ? null : "client 'influxdb.client': InfluxDB.Client is not in this build; build with -p:UpstreamPackages=true",
        _ => $"client '{Client}' is neither own nor influxdb.client.",
    };

    private string? Place(InfluxKind kind) =>
        Bucket is not null && Database is not null ? "bucket and database are the same thing; give one."
        : kind != InfluxKind.VictoriaMetrics && string.IsNullOrEmpty(Bucket ?? Database) ? $"kind {Kind} needs {(kind == InfluxKind.InfluxDb2 ? "bucket" : "database")}."
        : kind == InfluxKind.InfluxDb2 && string.IsNullOrEmpty(Org) ? "kind influxdb2 needs org."
        : kind != InfluxKind.InfluxDb2 && Org is not null ? "org is of kind influxdb2 only." : null;

    private string? Secrets(Uri url)
    {
        bool hasToken = (TokenFile ?? TokenVariable) is not null;
        if (TokenFile is not null && TokenVariable is not null)
        {
            return "tokenFile and tokenVariable exclude each other.";
        }

        if (TokenVariable is not null && string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(TokenVariable)))
        {
            return $"tokenVariable: the environment variable {TokenVariable} is not set.";
        }

        if (hasToken && User is not null)
        {
            return "a token and user exclude each other.";
        }

        if ((User is null) != (PasswordFile is null))
        {
            return "user and passwordFile go together.";
        }

        return url.Scheme == "http" && !url.IsLoopback && (hasToken || User is not null) && !AllowPlain
            ? $"url: http to {url.Host} would send the secret unencrypted; use https, or set allowPlain = true." : null;
    }

    private string? Numbers() =>
        Outside("batchLines", BatchLines, 1, 100_000) ?? Outside("batchMilliseconds", BatchMilliseconds, 10, 60_000)
        ?? Outside("answerTimeoutSeconds", AnswerTimeoutSeconds, 1, 600) ?? Outside("longestRetrySeconds", LongestRetrySeconds, 1, 3600)
        ?? Outside("alarmAfterSeconds", AlarmAfterSeconds, 1, 604_800) ?? Outside("unanchoredDays", UnanchoredDays, 1, 3650);

    private string? TagProblem()
    {
        string[] own = [.. InfluxSchema.All.SelectMany(measurement => measurement.Tags), InfluxSchema.Variant];
        return Tags.Count > MostTags ? $"tags has {Tags.Count} entries, at most {MostTags} are allowed."
            : Tags.FirstOrDefault(tag => !TopicNames.IsName(tag.Key) || !TopicNames.IsName(tag.Value) || own.Contains(tag.Key, StringComparer.Ordinal)) is { Key: { } bad }
            ? $"tags: '{bad}' = '{Tags[bad]}': name and value are 1 to {TopicNames.MaximumNameLength} of A-Z a-z 0-9 . _ -, and {string.Join(", ", own.Distinct(StringComparer.Ordinal))} are taken."
            : null;
    }

    private static string? Outside(string name, int value, int least, int most) =>
        value < least || value > most ? $"{name} = {value} is outside {least} to {most}." : null;
}
