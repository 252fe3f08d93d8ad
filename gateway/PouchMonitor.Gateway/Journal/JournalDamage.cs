namespace PouchMonitor.Gateway.Journal;

/// <summary>A place on disk whose content does not match its check sum.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Offset">Where it starts in the file.</param>
/// <param name="Length">Bytes that cannot be believed; 0 where not known.</param>
/// <param name="Reason">What is wrong, in words.</param>
public sealed record JournalDamage(string File, long Offset, long Length, string Reason);
