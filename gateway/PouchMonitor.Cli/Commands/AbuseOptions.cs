using System.CommandLine;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Cli.Analyze;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>--abuse PLAN</c> and what belongs to it: a name of the product's own plans or a JSON file.</summary>
internal sealed class AbuseOptions
{
    private readonly Option<string?> plan = new("--abuse") { Description = "Judge the files as abuse tests by this plan: a name (--abuse list prints them), a JSON file, or own for that of an archive.", HelpName = "PLAN" };
    private readonly Option<double?> trigger = new("--trigger-at") { Description = "With --abuse: moment of the event, seconds as in the file, where the plan's rule shall not find it.", HelpName = "S" };
    private readonly Option<double?> exposure = new("--exposure-ended") { Description = "With --abuse: when short, hold in the oven or charge ended, seconds as in the file.", HelpName = "S" };

    private readonly Option<string?> report = new("--report") { Description = "With --abuse: write a report for people to this file: one HTML page that needs nothing else, and prints; of several files side by side.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(plan);
        command.Add(trigger);
        command.Add(exposure);
        command.Add(report);
    }

    /// <summary>True where the files are to be judged as abuse tests.</summary>
    /// <exception cref="CommandException">What belongs to that is given without it, or what does not with it.</exception>
    public bool IsWanted(ParseResult parsed, bool hasHtml)
    {
        bool isWanted = parsed.GetValue(plan) is not null;
        return isWanted && hasHtml ? throw new CommandException("--html is the report on cycles; with --abuse it is --report FILE.", ExitCodes.Usage)
            : isWanted || parsed.GetValue(report) is null ? isWanted
            : throw new CommandException("--report needs --abuse; the report on cycles is --html.", ExitCodes.Usage);
    }

    public bool IsListWanted(ParseResult parsed) => string.Equals(parsed.GetValue(plan), "list", StringComparison.Ordinal);

    /// <summary>File of the report; null for none.</summary>
    public string? Report(ParseResult parsed) => parsed.GetValue(report);

    public AbuseMoments Moments(ParseResult parsed)
    {
        double? at = parsed.GetValue(trigger);
        double? ended = parsed.GetValue(exposure);
        return (at is { } one && !double.IsFinite(one)) || (ended is { } other && !double.IsFinite(other))
            ? throw new CommandException("--trigger-at and --exposure-ended need a number of seconds.", ExitCodes.Usage)
            : new AbuseMoments(at, ended);
    }

    /// <summary>The plan; null for the one that an archive of an abuse test brings.</summary>
    /// <exception cref="CommandException">There is none of that name, or the file holds none that can be taken.</exception>
    public AbusePlan? Read(ParseResult parsed)
    {
        string given = parsed.GetValue(plan)!;
        if (given == "own")
        {
            return null;
        }

        if (AbusePlans.Find(given) is { } brought)
        {
            return brought;
        }

        if (!File.Exists(given))
        {
            throw new CommandException(
                $"There is neither a plan nor a file '{given}'. Plans: {string.Join(", ", AbusePlans.BuiltIn.Select(one => one.Name))}.", ExitCodes.Usage);
        }

        try
        {
            return AbusePlans.Read(File.ReadAllText(given), given);
        }
        catch (AbusePlanException fault)
        {
            throw new CommandException(fault.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{given}: cannot be read: {fault.Message}");
        }
    }

    public static int List()
    {
        int width = AbusePlans.BuiltIn.Max(plan => plan.Name.Length);
        foreach (AbusePlan plan in AbusePlans.BuiltIn)
        {
            Console.Out.WriteLine($"{plan.Name.PadRight(width)}  {plan.Title}");
        }

        return ExitCodes.Success;
    }
}
