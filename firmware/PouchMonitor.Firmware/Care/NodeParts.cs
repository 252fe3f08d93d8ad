namespace PouchMonitor.Firmware.Care;

/// <summary>What <see cref="NodeCare"/> looks after.</summary>
public sealed class NodeParts
{
    public NodeParts(string name, IBoard board, PouchNode node, RestartLedger ledger, SettingsStore settings)
    {
        Name = name;
        Board = board;
        Node = node;
        Ledger = ledger;
        Settings = settings;
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    public IBoard Board { get; }

    public PouchNode Node { get; }

    public RestartLedger Ledger { get; }

    public SettingsStore Settings { get; }
}
