using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace PouchMonitor.Analysis.Abuse;

/// <summary>Something that is wrong with a plan.</summary>
/// <param name="Field">Path of the field as the JSON has it, such as <c>criteria[1].limit</c>; empty where the JSON itself is at fault.</param>
/// <param name="Message">One sentence with field, value and limit.</param>
public sealed record AbusePlanProblem(string Field, string Message);

/// <summary>A plan that cannot be taken; the message is one clear line.</summary>
public sealed class AbusePlanException(string message, IReadOnlyList<AbusePlanProblem> problems) : Exception(message)
{
    /// <summary>All that is wrong, in the order of the fields.</summary>
    public IReadOnlyList<AbusePlanProblem> Problems { get; } = problems;
}

/// <summary>
/// The plans that the product brings, and how a plan is read and checked. Form: <c>shared/schemas/abuse-plan.schema.json</c>.
/// </summary>
public static class AbusePlans
{
    /// <summary>Longest JSON of a plan that is read, characters.</summary>
    public const int MostCharacters = 256 * 1024;

    // A field that was forgotten would silently judge nothing, so that all of them are needed, null where a plan has none.
    private static readonly JsonSerializerOptions Strict = new(AbuseJson.Options)
    {
        RespectRequiredConstructorParameters = true,
    };

    private const string Folder = "PouchMonitor.Analysis.Abuse.Plans.";

    /// <summary>The product's own plans, by name.</summary>
    public static IReadOnlyList<AbusePlan> BuiltIn => Brought.Plans;

    /// <summary>The product's own plan of this name; null where there is none.</summary>
    public static AbusePlan? Find(string name) => BuiltIn.FirstOrDefault(plan => string.Equals(plan.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads one plan's JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What stands for it in messages.</param>
    /// <exception cref="AbusePlanException">It is no JSON of a plan, or a figure lies outside its limits.</exception>
    public static AbusePlan Read(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        IReadOnlyList<AbusePlanProblem> problems = Parse(json, out AbusePlan? plan);
        if (problems.Count > 0)
        {
            string more = problems.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" (and {problems.Count - 1} more)") : "";
            throw new AbusePlanException($"{source}: {problems[0].Message}{more}", problems);
        }

        return plan!;
    }

    /// <summary>All that is wrong with a plan's JSON; empty where <see cref="Read"/> takes it.</summary>
    public static IReadOnlyList<AbusePlanProblem> Check(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(json, out _);
    }

    /// <summary>All that is wrong with a plan; empty where it can be taken.</summary>
    public static IReadOnlyList<AbusePlanProblem> Check(AbusePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return AbusePlanLimits.Problems(plan);
    }

    private static IReadOnlyList<AbusePlanProblem> Parse(string json, out AbusePlan? plan)
    {
        plan = null;
        if (json.Length > MostCharacters)
        {
            return [new AbusePlanProblem("", string.Create(CultureInfo.InvariantCulture, $"the plan has {json.Length} characters, the most is {MostCharacters}"))];
        }

        try
        {
            plan = JsonSerializer.Deserialize<AbusePlan>(json, Strict);
        }
        catch (JsonException fault)
        {
            string field = (fault.Path ?? "").TrimStart('$').TrimStart('.');
            return [new AbusePlanProblem(field, Words(field, fault))];
        }

        return plan is null ? [new AbusePlanProblem("", "the plan is null")] : Check(plan);
    }

    // The serializer's own message names its types; what a person needs is field and line.
    private static string Words(string field, JsonException fault)
    {
        string text = fault.Message.ReplaceLineEndings(" ");
        int path = text.IndexOf(" Path: ", StringComparison.Ordinal);
        text = (path > 0 ? text[..path] : text).Replace("PouchMonitor.Analysis.Abuse.", "", StringComparison.Ordinal);
        string line = fault.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $" (line {number + 1})") : "";
        return (field.Length > 0 ? field + ": " : "") + text + line;
    }

    private static AbusePlan[] LoadBuiltIn()
    {
        Assembly assembly = typeof(AbusePlans).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
                .Select(name => Load(assembly, name)).OrderBy(plan => plan.Name, StringComparer.Ordinal),
        ];
    }

    // Read on first use, when everything else of the class is there.
    private static class Brought
    {
        public static readonly AbusePlan[] Plans = LoadBuiltIn();
    }

    private static AbusePlan Load(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return Read(reader.ReadToEnd(), name);
    }
}
