namespace PouchMonitor.Evaluation.Tests.Scoring;

/// <summary>
/// Checks that do not hold yet are named in the regression file with what was measured. A new one fails, and so does one in
/// the file that holds by now: the list can only become shorter.
/// </summary>
internal static class Shortfalls
{
    /// <param name="output">Takes what is known not to hold.</param>
    /// <param name="prefix">Beginning of the names of this test's checks.</param>
    /// <param name="checks">What each check measured where it does not hold, null where it does.</param>
    public static void Hold(ITestOutputHelper output, string prefix, IReadOnlyDictionary<string, string?> checks)
    {
        if (RegressionFile.IsUpdate)
        {
            RegressionFile.Update(prefix, checks.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Key, each.Value!)));
        }

        SortedDictionary<string, string> kept = RegressionFile.Shortfalls();
        var wrong = new List<string>();
        foreach ((string name, string? figure) in checks)
        {
            if (figure is not null)
            {
                output.WriteLine($"does not hold: {name}: {figure}");
            }

            if (figure is not null && !kept.ContainsKey(name))
            {
                wrong.Add($"{name}: {figure}");
            }
            else if (figure is null && kept.TryGetValue(name, out string? before))
            {
                wrong.Add($"{name} holds by now (was: {before}); POUCHMONITOR_EVALUATION_UPDATE=1 takes it off the list");
            }
        }

        Assert.Empty(wrong);
    }
}
