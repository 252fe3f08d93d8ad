namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Which of the moments that rule, person and node tell is the event's. Of those within the plan's span before the trigger from the
/// earliest on, the node's input counts before the rule, and the rule before a person's command, who may press early; of one source the
/// earliest. So the answer does not depend on the order in which they became known.
/// </summary>
internal sealed class TriggerMoments(double preTriggerS)
{
    private const int MostMoments = 64;

    private readonly List<AbuseTrigger> moments = [];

    public AbuseTrigger? Chosen { get; private set; }

    /// <summary>Time of the chosen one, microseconds.</summary>
    public long? ChosenMicroseconds => Chosen is { } chosen ? Microseconds(chosen.At) : null;

    /// <summary>Time of the earliest that was told, microseconds; null before one.</summary>
    public long? EarliestMicroseconds => moments.Count == 0 ? null : Microseconds(moments.Min(moment => moment.At));

    /// <summary>The moment that would be chosen with this one beside the known.</summary>
    public AbuseTrigger With(AbuseTrigger moment) => Choose([.. moments, moment]);

    public void Add(AbuseTrigger moment)
    {
        if (moments.Count < MostMoments)
        {
            moments.Add(moment);
            Chosen = Choose(moments);
        }
    }

    /// <summary>Microseconds of a moment.</summary>
    public static long Microseconds(double timeS) => (long)Math.Round(timeS * 1e6);

    private AbuseTrigger Choose(IReadOnlyList<AbuseTrigger> among)
    {
        double last = among.Min(moment => moment.At) + preTriggerS;
        return among.Where(moment => moment.At <= last).OrderBy(moment => Rank(moment.Source)).ThenBy(moment => moment.At).First();
    }

    private static int Rank(TriggerSource source) => source switch
    {
        TriggerSource.Input => 0,
        TriggerSource.Rule => 1,
        _ => 2,
    };
}
