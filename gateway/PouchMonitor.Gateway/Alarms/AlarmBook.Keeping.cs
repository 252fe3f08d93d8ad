namespace PouchMonitor.Gateway.Alarms;

/// <summary>Where alarms are kept, by test and by cell, so that no transition looks through all of them.</summary>
public sealed partial class AlarmBook
{
    private readonly Dictionary<string, Dictionary<string, Alarm>> byTest = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Cell, string Rule), List<string>> testsOf = [];

    // A few alarms at most are shelved, and are looked at ten times a second.
    private readonly HashSet<(string Test, string Rule)> shelved = [];
    private int count;
    private int forgetAbove = MostKept;

    private IEnumerable<Alarm> All => byTest.Values.SelectMany(rules => rules.Values);

    private IEnumerable<Alarm> Of(string test) => byTest.TryGetValue(test, out Dictionary<string, Alarm>? rules) ? rules.Values : [];

    private Alarm? Find(string test, string rule) =>
        byTest.TryGetValue(test, out Dictionary<string, Alarm>? rules) ? rules.GetValueOrDefault(rule) : null;

    private void Keep(Alarm alarm)
    {
        if (!byTest.TryGetValue(alarm.Test, out Dictionary<string, Alarm>? rules))
        {
            rules = new Dictionary<string, Alarm>(StringComparer.Ordinal);
            byTest.Add(alarm.Test, rules);
        }

        if (!rules.ContainsKey(alarm.Rule))
        {
            count++;
            if (!testsOf.TryGetValue((alarm.Cell, alarm.Rule), out List<string>? tests))
            {
                tests = [];
                testsOf.Add((alarm.Cell, alarm.Rule), tests);
            }

            tests.Add(alarm.Test);
        }

        rules[alarm.Rule] = alarm;
        if (alarm.Shelf is null)
        {
            shelved.Remove((alarm.Test, alarm.Rule));
        }
        else
        {
            shelved.Add((alarm.Test, alarm.Rule));
        }

        if (count > forgetAbove)
        {
            ForgetOldest();
        }
    }

    // A tenth at once, so that it is rarely done; where hardly any is normal, not again until there are a tenth more.
    private void ForgetOldest()
    {
        foreach (Alarm alarm in All.Where(alarm => alarm.State == AlarmState.Normal && alarm.Shelf is null)
            .OrderBy(alarm => alarm.RaisedMicroseconds).Take(MostKept / 10).ToList())
        {
            byTest[alarm.Test].Remove(alarm.Rule);
            count--;
            if (byTest[alarm.Test].Count == 0)
            {
                byTest.Remove(alarm.Test);
            }

            List<string> tests = testsOf[(alarm.Cell, alarm.Rule)];
            tests.Remove(alarm.Test);
            if (tests.Count == 0)
            {
                testsOf.Remove((alarm.Cell, alarm.Rule));
            }
        }

        forgetAbove = Math.Max(MostKept, count + (count / 10));
    }

    // The one of a test; without a name the one that matters most.
    private Alarm? Pick(string cell, string rule, string? test) =>
        test is null ? Foremost(cell, rule) : Find(test, rule) is { } alarm && alarm.Cell == cell ? alarm : null;

    private Alarm? Foremost(string cell, string rule)
    {
        if (!testsOf.TryGetValue((cell, rule), out List<string>? tests))
        {
            return null;
        }

        return tests.Select(test => byTest[test][rule])
            .OrderByDescending(alarm => alarm.IsActive).ThenByDescending(alarm => alarm.State != AlarmState.Normal)
            .ThenByDescending(alarm => alarm.RaisedMicroseconds)
            .FirstOrDefault();
    }
}
