using Mono.Cecil;

namespace PouchMonitor.Firmware.Device.Tests.Api;

/// <summary>
/// Assemblies with the device's names and public members and without bodies, made from the API lists: what compiles against
/// them and nothing else uses only what the device has.
/// </summary>
internal static class ReferenceAssemblies
{
    private const string CoreName = "mscorlib";

    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Made = new(() => Make(ApiLists.All));

    /// <summary>Images by assembly name; skips the test where the lists are absent.</summary>
    public static IReadOnlyDictionary<string, byte[]> All => ApiLists.All.Length > 0 ? Made.Value : throw new InvalidOperationException("no lists");

    private static Dictionary<string, byte[]> Make(ApiAssembly[] lists)
    {
        Dictionary<string, TypeDefinition> types = new(StringComparer.Ordinal);
        Dictionary<string, ModuleDefinition> modules = new(StringComparer.Ordinal);
        foreach (ApiAssembly list in lists)
        {
            ModuleDefinition module = NewModule(list);
            modules.Add(list.Assembly, module);
            foreach (ApiType type in list.Types.OrderBy(type => type.Name.Length))
            {
                types.Add(type.Name, AddType(module, type, types));
            }
        }

        TypeDefinition byRefLike = AddByRefLikeAttribute(modules[CoreName], types["System.Attribute"]);
        foreach (ApiAssembly list in lists)
        {
            ReferenceMembers members = new(modules[list.Assembly], types, byRefLike);
            foreach (ApiType type in list.Types)
            {
                members.AddTo(types[type.Name], type);
            }
        }

        return modules.ToDictionary(pair => pair.Key, pair => ImageOf(pair.Value), StringComparer.Ordinal);
    }

    private static ModuleDefinition NewModule(ApiAssembly list)
    {
        AssemblyNameDefinition name = new(list.Assembly, new Version(1, 0, 0, 0));
        ModuleDefinition module = AssemblyDefinition.CreateAssembly(name, list.Assembly, ModuleKind.Dll).MainModule;
        module.AssemblyReferences.Clear();
        foreach (string reference in list.References)
        {
            module.AssemblyReferences.Add(new AssemblyNameReference(reference, new Version(1, 0, 0, 0)));
        }

        return module;
    }

    private static TypeDefinition AddType(ModuleDefinition module, ApiType type, Dictionary<string, TypeDefinition> known)
    {
        int dot = type.Name.LastIndexOf('.');
        string space = type.Name[..dot];
        bool isNested = known.TryGetValue(space, out TypeDefinition? holder);
        TypeAttributes attributes = isNested ? TypeAttributes.NestedPublic : TypeAttributes.Public;
        attributes |= type.Kind switch
        {
            "interface" => TypeAttributes.Interface | TypeAttributes.Abstract,
            "struct" => TypeAttributes.Sealed | TypeAttributes.SequentialLayout,
            "enum" or "delegate" => TypeAttributes.Sealed,
            _ => (type.Sealed || type.Static ? TypeAttributes.Sealed : 0) | (type.Abstract || type.Static ? TypeAttributes.Abstract : 0),
        };
        TypeDefinition made = new(isNested ? "" : space, type.Name[(dot + 1)..], attributes);
        if (holder is not null)
        {
            holder.NestedTypes.Add(made);
        }
        else
        {
            module.Types.Add(made);
        }

        return made;
    }

    /// <summary>The device's library has no such attribute and the compiler would embed one; it marks the one ref struct there is.</summary>
    private static TypeDefinition AddByRefLikeAttribute(ModuleDefinition core, TypeDefinition attribute)
    {
        TypeDefinition made = new(
            "System.Runtime.CompilerServices", "IsByRefLikeAttribute", TypeAttributes.NotPublic | TypeAttributes.Sealed, attribute);
        made.Methods.Add(ReferenceMembers.NewConstructor());
        core.Types.Add(made);
        return made;
    }

    private static byte[] ImageOf(ModuleDefinition module)
    {
        using MemoryStream image = new();
        module.Assembly.Write(image);
        return image.ToArray();
    }
}
