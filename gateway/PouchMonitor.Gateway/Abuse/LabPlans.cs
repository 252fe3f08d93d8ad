using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Plans by name: what the product brings, each as version 1, and above it what the lab has saved. A test takes a copy, so a later
/// edit changes no test.
/// </summary>
internal sealed class LabPlans(StateDatabase database)
{
    /// <summary>Most plans that a lab can have.</summary>
    public const int MostPlans = 500;

    /// <summary>Most versions of one.</summary>
    public const int MostVersions = 1000;

    private readonly Lock saving = new();

    /// <summary>The newest version of each, by name.</summary>
    public IReadOnlyList<AbusePlan> All()
    {
        Dictionary<string, AbusePlan> newest = AbusePlans.BuiltIn.ToDictionary(plan => plan.Name, StringComparer.Ordinal);
        foreach (AbusePlanVersion saved in database.ReadAbusePlans())
        {
            newest[saved.Name] = Parse(saved);
        }

        return [.. newest.Values.OrderBy(plan => plan.Name, StringComparer.Ordinal)];
    }

    /// <summary>A plan; null where there is none of that name and version.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Null for the newest.</param>
    public AbusePlan? Find(string name, int? version = null)
    {
        AbusePlanVersion? saved = version is { } number
            ? database.FindAbusePlan(name, number) : database.ReadAbusePlans().FirstOrDefault(plan => plan.Name == name);
        return saved is not null ? Parse(saved) : BuiltIn(name) is { } plan && (version is null || plan.Version == version) ? plan : null;
    }

    /// <summary>Saves the next version.</summary>
    /// <param name="plan">What is to be saved; its version is the one it was made from, 0 or 1 for a new plan.</param>
    /// <param name="person">Who saves.</param>
    /// <param name="nowMicroseconds">Gateway time, Unix microseconds.</param>
    /// <exception cref="SetupRefusal">It is not sound, somebody else has saved meanwhile, or there is no room.</exception>
    public AbusePlan Save(AbusePlan plan, string person, long nowMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!TopicNames.IsName(plan.Name))
        {
            throw SetupRefusal.Bad("The name of a plan is 1 to 64 of A-Z a-z 0-9 . _ -.");
        }

        if (AbusePlans.Check(plan) is { Count: > 0 } problems)
        {
            throw SetupRefusal.Bad(string.Join(" ", problems.Take(5).Select(problem => $"{problem.Field}: {problem.Message}")));
        }

        lock (saving)
        {
            AbusePlan? before = Find(plan.Name);
            int version = before?.Version ?? 0;
            if (before is not null ? plan.Version != version : plan.Version is not (0 or 1))
            {
                throw SetupRefusal.Overtaken(before is null
                    ? $"There is no plan '{plan.Name}' yet, but your change is made from version {plan.Version} of it."
                    : $"Plan '{plan.Name}' is at version {version}; your change is made from version {plan.Version}. Look at the newer one and save again.");
            }

            if (before is null && All().Count >= MostPlans)
            {
                throw SetupRefusal.Conflict($"There are {MostPlans} plans, which are the most.");
            }

            if (version >= MostVersions)
            {
                throw SetupRefusal.Conflict($"Plan '{plan.Name}' has {version} versions, {MostVersions} are the most; save it under another name.");
            }

            AbusePlan next = plan with { Version = version + 1 };
            database.SaveAbusePlan(new AbusePlanVersion(next.Name, next.Version, nowMicroseconds, person, JsonSerializer.Serialize(next, AbuseJson.Options)));
            return next;
        }
    }

    private static AbusePlan? BuiltIn(string name) => AbusePlans.BuiltIn.FirstOrDefault(plan => plan.Name == name);

    private static AbusePlan Parse(AbusePlanVersion saved) => JsonSerializer.Deserialize<AbusePlan>(saved.Body, AbuseJson.Options)!;
}
