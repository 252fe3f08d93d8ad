using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("PouchMonitor.Analysis.Tests")]
