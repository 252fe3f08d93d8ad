namespace PouchMonitor.Analysis.Series;

/// <summary>Takes the next sample of a test, in order.</summary>
public delegate void SampleTaker(in Sample sample);
