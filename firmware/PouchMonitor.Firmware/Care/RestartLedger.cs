using System;
using System.Text;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// What is known of the node's restarts, kept in flash: why the last boot ended, how many there were, and how many in a row
/// came fast. After <see cref="FastRestartLimit"/> fast ones the node comes up in safe mode: it does not sample, every relay
/// stays open, and it only reports, until somebody orders a restart. Written once at a boot, once when the boot has lasted
/// <see cref="SettledMicroseconds"/>, and once when it ends in an orderly way or by an exception.
/// </summary>
public sealed class RestartLedger
{
    /// <summary>So many boots in a row that did not last make the next one safe.</summary>
    public const int FastRestartLimit = 5;

    /// <summary>A boot that lasted ten minutes was no part of a crash loop.</summary>
    public const long SettledMicroseconds = 600000000;

    private const string FileName = "restarts";
    private const int MaximumReason = 160;

    private readonly SafeFile file;
    private readonly object gate = new object();
    private string endedBy = "";
    private string pendingReason = "";
    private bool isSettled;
    private bool hasEnded;

    /// <summary>Opens the ledger in a new boot and writes that it began.</summary>
    public RestartLedger(IBoard board)
    {
        file = new SafeFile(board.Files, FileName);
        bool isFirst = !Read();
        Cause = CauseOf(board.RestartCause, isFirst);
        LastReason = pendingReason;
        if (!isFirst)
        {
            RestartCount++;
        }

        FastRestartCount = Cause == "ordered" || Cause == "power-on" ? 0 : FastRestartCount + 1;
        IsSafeMode = FastRestartCount > FastRestartLimit;
        endedBy = "";
        IsWritten = Write();
    }

    /// <summary>Why this boot began: ordered, exception, watchdog, brown-out, power-on, or unknown (watchdog or power).</summary>
    public string Cause { get; }

    /// <summary>Type and message of the exception that ended the last boot; empty when none did.</summary>
    public string LastReason { get; }

    /// <summary>Restarts since the flash was empty.</summary>
    public int RestartCount { get; private set; }

    /// <summary>Restarts because of an exception since the flash was empty.</summary>
    public int ExceptionCount { get; private set; }

    /// <summary>Boots in a row, this one included, that began neither by order nor with the power and did not last.</summary>
    public int FastRestartCount { get; private set; }

    /// <summary>True when this boot must not sample nor close a relay.</summary>
    public bool IsSafeMode { get; }

    /// <summary>False when the flash did not take the last entry: the count of fast restarts may then be too low.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>To be called from time to time: notes once that this boot has lasted.</summary>
    public void Look(long uptimeMicroseconds)
    {
        lock (gate)
        {
            // A safe boot lasts because it does nothing; that is no proof that the trouble is over.
            if (isSettled || hasEnded || IsSafeMode || uptimeMicroseconds < SettledMicroseconds)
            {
                return;
            }

            isSettled = true;
            FastRestartCount = 0;
            IsWritten = Write();
        }
    }

    /// <summary>Notes that an exception ends this boot. False when this boot's end was noted before.</summary>
    public bool EndByException(Exception exception)
    {
        string reason = exception.GetType().FullName + ": " + exception.Message;
        lock (gate)
        {
            if (hasEnded)
            {
                return false;
            }

            hasEnded = true;
            ExceptionCount++;
            endedBy = "exception";
            pendingReason = reason.Length > MaximumReason ? reason.Substring(0, MaximumReason) : reason;
            IsWritten = Write();
            return true;
        }
    }

    /// <summary>Notes that somebody ordered this boot's end. False when this boot's end was noted before.</summary>
    public bool EndByOrder()
    {
        lock (gate)
        {
            if (hasEnded)
            {
                return false;
            }

            hasEnded = true;
            endedBy = "ordered";
            pendingReason = "";
            IsWritten = Write();
            return true;
        }
    }

    private string CauseOf(RestartCause told, bool isFirst)
    {
        // The program's own note is the best witness; what the board says comes next.
        if (endedBy.Length > 0)
        {
            return endedBy;
        }

        pendingReason = "";
        switch (told)
        {
            case RestartCause.PowerOn:
                return "power-on";
            case RestartCause.Watchdog:
                return "watchdog";
            case RestartCause.BrownOut:
                return "brown-out";
            default:
                return isFirst ? "power-on" : "unknown";
        }
    }

    private bool Read()
    {
        byte[]? content = file.Read();
        if (content == null)
        {
            return false;
        }

        string[] lines = Encoding.UTF8.GetString(content, 0, content.Length).Split('\n');
        RestartCount = NumberOf(lines, 0);
        ExceptionCount = NumberOf(lines, 1);
        FastRestartCount = NumberOf(lines, 2);
        endedBy = lines.Length > 3 ? lines[3] : "";
        pendingReason = lines.Length > 4 ? lines[4] : "";
        return true;
    }

    private bool Write()
    {
        var text = new StringBuilder();
        text.Append(RestartCount).Append('\n').Append(ExceptionCount).Append('\n').Append(FastRestartCount).Append('\n');
        text.Append(endedBy).Append('\n');
        AppendLine(text, pendingReason);
        return file.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void AppendLine(StringBuilder to, string line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            to.Append(line[i] < ' ' ? ' ' : line[i]);
        }
    }

    private static int NumberOf(string[] lines, int index) =>
        lines.Length > index && int.TryParse(lines[index], out int number) ? number : 0;
}
