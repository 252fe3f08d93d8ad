using System.Globalization;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>
/// Random sequences of findings, people, clock, failing disk and crashes against a model of a dozen lines: after each step every
/// alarm stands as the model says, and after a crash as it was last written.
/// </summary>
public sealed class AlarmModelTests(ITestOutputHelper output)
{
    private const int Steps = 3000;
    private static readonly string[] Cells = ["a", "b", "c", "d", "e"];
    private static readonly string[] Rules = ["thermal-limit", "silence"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9825899)]
    [InlineData(0)]
    public void RandomSequences_StandAsTheModelSays(int given)
    {
        int seed = given == 0 ? Environment.TickCount & 0xFFFFFF : given;
        output.WriteLine($"seed {seed.ToString(CultureInfo.InvariantCulture)}");
        Random random = new(seed);
        AlarmRig rig = new();
        Dictionary<(string Cell, string Rule), Model> now = [];
        Dictionary<(string Cell, string Rule), Model> written = [];
        HashSet<string> told = new(StringComparer.Ordinal);
        for (int step = 0; step < Steps; step++)
        {
            rig.Now += random.Next(1, 2_000_000);
            (string Cell, string Rule) key = (Cells[random.Next(Cells.Length)], Rules[random.Next(Rules.Length)]);
            Model model = now.GetValueOrDefault(key, new Model(false, false, 0, 0));
            Model after = Step(rig, random, key, model);
            if (after != model || now.ContainsKey(key))
            {
                now[key] = after;
            }

            if (random.Next(50) == 0)
            {
                IReadOnlyList<AlarmNotice> again = rig.Restart();
                foreach (string lost in told.Except(again.Select(notice => notice.Key)))
                {
                    // Of very many of one incident the oldest are forgotten.
                    string incident = lost[..lost.IndexOf('/', StringComparison.Ordinal)];
                    Assert.True(
                        again.Count(notice => notice.Incident == incident) == IncidentRecord.MostNotices, $"seed {seed}, step {step}: {lost}, which was told, is not made again");
                }

                now = new(written);
            }
            else if (random.Next(3) == 0)
            {
                rig.Pass(50_000);
                now = now.ToDictionary(pair => pair.Key, pair => pair.Value.At(rig.Now));
                written = new(now);
                Assert.All(rig.Notices, notice => Assert.True(told.Add(notice.Key), $"seed {seed}, step {step}: {notice.Key} is told twice"));
                rig.Notices.Clear();
            }

            foreach (((string cell, string rule), Model expected) in now)
            {
                Alarm alarm = rig.Alarm(cell, rule);
                Model shown = new(alarm.IsActive, alarm.State is AlarmState.Unacknowledged or AlarmState.ReturnedUnacknowledged,
                    alarm.Shelf?.UntilMicroseconds ?? 0, (int)alarm.Finding.Severity);
                Assert.True(expected == shown, $"seed {seed}, step {step}: {cell}/{rule} is {shown}, not {expected}");
            }

            AssertIncidents(rig, $"seed {seed}, step {step}");
        }
    }

    private static Model Step(AlarmRig rig, Random random, (string Cell, string Rule) key, Model model)
    {
        switch (random.Next(6))
        {
            case 0 or 1:
                int severity = random.Next(4);
                bool isNew = !model.IsActive;
                long onset = isNew ? rig.Now : rig.Alarm(key.Cell, key.Rule).Finding.OnsetMicroseconds;
                rig.Raise(key.Cell, key.Rule, (FindingSeverity)severity, onset: onset);
                if (!isNew && severity == model.Severity)
                {
                    return model; // says what is known
                }

                bool comesBack = severity > model.Severity || (isNew && severity == (int)FindingSeverity.Emergency);
                bool asksAnew = isNew || severity > model.Severity;
                return new Model(true, model.Waits || asksAnew, comesBack || model.ShelvedUntil <= rig.Now ? 0 : model.ShelvedUntil, severity);
            case 2:
                rig.Clear(key.Cell, key.Rule);
                return model.IsActive ? new Model(false, model.Waits, model.ShelvedUntil > rig.Now ? model.ShelvedUntil : 0, model.Severity) : model;
            case 3:
                bool isDone = rig.Book.Acknowledge(key.Cell, key.Rule, "ada", null, rig.Now, out _) is not null;
                Assert.Equal(model.Waits, isDone);
                return isDone ? model with { Waits = false, ShelvedUntil = model.ShelvedUntil > rig.Now ? model.ShelvedUntil : 0 } : model;
            case 4:
                int seconds = random.Next(60, 200);
                return rig.Book.Shelve(key.Cell, key.Rule, "ada", "known", seconds, rig.Now, out _) is null
                    ? model : model with { ShelvedUntil = rig.Now + (seconds * AlarmRig.Second) };
            default:
                Recording recording = new();
                if (rig.Book.Acknowledge(key.Cell, key.Rule, "bob", "no", rig.Now, out _, recording) is null)
                {
                    return model;
                }

                recording.Failed("full");
                return model with { ShelvedUntil = model.ShelvedUntil > rig.Now ? model.ShelvedUntil : 0 };
        }
    }

    private static void AssertIncidents(AlarmRig rig, string when)
    {
        IReadOnlyList<IncidentRecord> open = rig.Book.OpenIncidents();
        Assert.Equal(open.Count, open.Select(incident => incident.Id).Distinct(StringComparer.Ordinal).Count());
        foreach (Alarm alarm in rig.Book.List().Where(alarm => alarm.Asks))
        {
            Assert.True(open.Any(incident => incident.Id == alarm.Incident), $"{when}: {alarm.Id} asks and is in no open incident ({alarm.Incident})");
        }

        int asking = rig.Book.List().Count(alarm => alarm.Asks);
        Assert.True(asking == open.Sum(incident => incident.Unacknowledged), $"{when}: {asking} ask, the incidents say {open.Sum(incident => incident.Unacknowledged)}");
    }

    private sealed record Model(bool IsActive, bool Waits, long ShelvedUntil, int Severity)
    {
        public Model At(long now) => ShelvedUntil <= now ? this with { ShelvedUntil = 0 } : this;
    }
}
