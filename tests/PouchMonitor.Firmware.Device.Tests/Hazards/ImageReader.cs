using Mono.Cecil;
using PouchMonitor.Firmware.Device.Tests.Api;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>Reads a compiled image; references are looked for among the device's assemblies only.</summary>
internal static class ImageReader
{
    public static ModuleDefinition Read(byte[] image) =>
        ModuleDefinition.ReadModule(new MemoryStream(image), new ReaderParameters { AssemblyResolver = new DeviceResolver() });

    private sealed class DeviceResolver : IAssemblyResolver
    {
        private readonly Dictionary<string, AssemblyDefinition> read = new(StringComparer.Ordinal);

        public AssemblyDefinition Resolve(AssemblyNameReference name) => Resolve(name, new ReaderParameters());

        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters)
        {
            if (!read.TryGetValue(name.Name, out AssemblyDefinition? assembly))
            {
                assembly = ReferenceAssemblies.All.TryGetValue(name.Name, out byte[]? image)
                    ? AssemblyDefinition.ReadAssembly(new MemoryStream(image), new ReaderParameters { AssemblyResolver = this })
                    : throw new AssemblyResolutionException(name);
                read.Add(name.Name, assembly);
            }

            return assembly;
        }

        public void Dispose()
        {
            foreach (AssemblyDefinition assembly in read.Values)
            {
                assembly.Dispose();
            }
        }
    }
}
