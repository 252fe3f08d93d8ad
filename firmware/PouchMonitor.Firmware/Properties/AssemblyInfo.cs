using System.Reflection;

[assembly: AssemblyTitle("PouchMonitor.Firmware")]
[assembly: AssemblyVersion("0.1.0.0")]
