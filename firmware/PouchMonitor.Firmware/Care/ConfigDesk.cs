using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// Takes changes of the settings from the retained config topic: an object of settings as they are named in the file, and
/// <c>revision</c>, by which the sender knows the answer. The whole is tried on a copy before anything changes; what is
/// accepted is kept in flash and takes effect by a controlled restart. No value of a setting is ever told.
/// </summary>
public sealed class ConfigDesk
{
    private const string RevisionField = "revision";

    private readonly NodeReports reports;
    private readonly SettingsStore store;
    private readonly RestartOrder restart;
    private string refusedRevision = "";

    public ConfigDesk(NodeReports reports, SettingsStore store, RestartOrder restart)
    {
        this.reports = reports;
        this.store = store;
        this.restart = restart;
    }

    /// <summary>Null where nothing can be armed.</summary>
    public IArmedState? Armed { get; set; }

    /// <summary>A message on the config topic; an empty one says that nothing is retained any more.</summary>
    public void Take(byte[] payload)
    {
        if (payload.Length == 0)
        {
            return;
        }

        FlatJson? json = FlatJson.Read(payload, out string fault);
        if (json == null)
        {
            reports.AddAnswer("config", "", null, false, fault);
            return;
        }

        string? revision = json.Find(RevisionField);
        if (revision == null || !TopicNames.IsName(revision))
        {
            reports.AddAnswer("config", "", null, false, "revision is " + (revision == null ? "missing" : "not a name")
                + ", must be 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        else if (revision != store.Revision && revision != refusedRevision)
        {
            // The broker gives a retained message again at each connection; it was answered when it came first.
            string? reason = Apply(json, revision);
            refusedRevision = reason == null ? "" : revision;
            reports.AddAnswer("config", revision, null, reason == null, reason == null ? "" : reason);
        }
    }

    private string? Apply(FlatJson json, string revision)
    {
        string text = store.Text;
        for (int i = 0; i < json.Count; i++)
        {
            string name = json.NameAt(i);
            if (name == RevisionField)
            {
                continue;
            }

            if (name == "node")
            {
                return "node cannot be changed over the network: its topics and its credential carry the name";
            }

            string? changed = SettingsText.With(text, name, json.ValueAt(i), out string fault);
            if (changed == null)
            {
                return fault;
            }

            text = changed;
        }

        if (ConfigurationText.Read(text, out string invalid) == null)
        {
            return WithoutLine(invalid);
        }

        if (Armed != null && Armed.IsAnyArmed)
        {
            return "a channel is armed; settings take effect by a restart, which would open its relay: disarm it first";
        }

        if (!store.Save(text, revision))
        {
            return "the flash cannot be written; the settings are as they were";
        }

        restart.Give();
        return null;
    }

    // Which line of the node's own file it would have been says nothing to the sender.
    private static string WithoutLine(string fault)
    {
        int colon = fault.IndexOf(": ");
        return fault.StartsWith("line ") && colon > 0 ? fault.Substring(colon + 2) : fault;
    }
}
