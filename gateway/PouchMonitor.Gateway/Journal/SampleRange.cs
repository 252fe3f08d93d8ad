using System.Runtime.InteropServices;

namespace PouchMonitor.Gateway.Journal;

/// <summary>Sample numbers from <paramref name="First"/> up to, and not including, <paramref name="End"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SampleRange(long First, long End);
