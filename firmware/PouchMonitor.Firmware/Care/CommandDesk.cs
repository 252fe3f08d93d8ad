using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// Takes commands: looks at each on the publisher's thread, refuses what is malformed or not known, and hands the rest to
/// the sampling thread, where it acts between two samples. Every command gets one answer as an event, with its id; the same
/// id acts once.
/// </summary>
public sealed class CommandDesk
{
    private const int QueueLimit = 8;

    private readonly object gate = new object();
    private readonly FlatJson[] waiting = new FlatJson[QueueLimit];
    private readonly NodeReports reports;
    private readonly CommandMemory memory;
    private ICommandHandler[] handlers = new ICommandHandler[0];
    private int head;
    private int count;

    public CommandDesk(NodeReports reports, CommandMemory memory)
    {
        this.reports = reports;
        this.memory = memory;
    }

    /// <summary>Commands refused since boot.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>Commands that came again since boot and did not act again.</summary>
    public int RepeatedCount { get; private set; }

    /// <summary>Adds a part that takes commands; before the node runs.</summary>
    public void Add(ICommandHandler handler)
    {
        var more = new ICommandHandler[handlers.Length + 1];
        System.Array.Copy(handlers, 0, more, 0, handlers.Length);
        more[handlers.Length] = handler;
        handlers = more;
    }

    /// <summary>A message on the command topic; the publisher's thread.</summary>
    public void Take(byte[] payload)
    {
        FlatJson? json = FlatJson.Read(payload, out string fault);
        if (json == null)
        {
            Refuse("", null, fault);
            return;
        }

        string? id = json.Find("id");
        string? command = json.Find("command");
        if (id == null || !TopicNames.IsName(id))
        {
            Refuse("", command, "id is " + (id == null ? "missing" : "'" + id + "'") + ", must be 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        else if (command == null || HandlerOf(command) == null)
        {
            Refuse(id, command, command == null ? "command is missing" : "there is no command '" + command + "'");
        }
        else
        {
            Queue(json, id, command);
        }
    }

    /// <summary>Does what waits; the sampling thread.</summary>
    public void RunWaiting()
    {
        FlatJson? json = TakeWaiting();
        while (json != null)
        {
            Run(json);
            json = TakeWaiting();
        }
    }

    private void Queue(FlatJson json, string id, string command)
    {
        lock (gate)
        {
            if (memory.Knows(id, out string answer))
            {
                RepeatedCount++;
                reports.AddAnswer("command", id, command, answer.Length == 0, answer.Length == 0 ? "it was done before" : answer);
                return;
            }

            if (count == QueueLimit)
            {
                Refuse(id, command, count + " commands wait already, at most " + QueueLimit);
                return;
            }

            if (!memory.Add(id) && command == NodeCommands.Reboot)
            {
                // A restart that the node cannot remember could come again after each.
                Refuse(id, command, "the flash cannot be written");
                return;
            }

            waiting[(head + count) % QueueLimit] = json;
            count++;
        }
    }

    private FlatJson? TakeWaiting()
    {
        lock (gate)
        {
            if (count == 0)
            {
                return null;
            }

            FlatJson json = waiting[head];
            head = (head + 1) % QueueLimit;
            count--;
            return json;
        }
    }

    private void Run(FlatJson json)
    {
        string id = json.Find("id")!;
        string command = json.Find("command")!;
        string? reason = HandlerOf(command)!.Run(command, json, out string result);
        if (reason == null)
        {
            reports.AddAnswer("command", id, command, true, result);
            return;
        }

        lock (gate)
        {
            memory.SetAnswer(id, reason);
            Refuse(id, command, reason);
        }
    }

    private void Refuse(string id, string? command, string reason)
    {
        RefusedCount++;
        reports.AddAnswer("command", id, command, false, reason);
    }

    private ICommandHandler? HandlerOf(string command)
    {
        for (int i = 0; i < handlers.Length; i++)
        {
            if (handlers[i].Knows(command))
            {
                return handlers[i];
            }
        }

        return null;
    }
}
