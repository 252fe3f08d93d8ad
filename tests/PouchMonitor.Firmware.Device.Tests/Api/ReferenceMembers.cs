using System.Globalization;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PouchMonitor.Firmware.Device.Tests.Api;

/// <summary>Fills the types of one reference assembly with the members of its list.</summary>
internal sealed class ReferenceMembers(ModuleDefinition module, Dictionary<string, TypeDefinition> types, TypeDefinition byRefLike)
{
    private static readonly ModuleDefinition Primitives = ModuleDefinition.CreateModule("primitives", ModuleKind.Dll);

    private const MethodAttributes Special = MethodAttributes.SpecialName | MethodAttributes.HideBySig;

    public void AddTo(TypeDefinition made, ApiType type)
    {
        made.BaseType = BaseOf(type);
        foreach (string name in type.Interfaces ?? [])
        {
            made.Interfaces.Add(new InterfaceImplementation(Resolve(name, made)));
        }

        if (made.Name.Contains('`', StringComparison.Ordinal))
        {
            AddTypeParameters(made, type);
        }

        AddAttributes(made, type);
        AddValues(made, type);
        foreach (ApiField field in type.Fields ?? [])
        {
            AddField(made, field);
        }

        foreach (ApiMethod method in type.Methods ?? [])
        {
            made.Methods.Add(MethodOf(made, type, method));
        }

        foreach (ApiProperty property in type.Properties ?? [])
        {
            AddProperty(made, type, property);
        }

        foreach (ApiEvent item in type.Events ?? [])
        {
            AddEvent(made, type, item);
        }
    }

    public static MethodDefinition NewConstructor() =>
        WithBody(new MethodDefinition(
            ".ctor", MethodAttributes.Public | Special | MethodAttributes.RTSpecialName, Primitives.TypeSystem.Void));

    private TypeReference? BaseOf(ApiType type) => type.Kind switch
    {
        "interface" => null,
        "struct" => Known("System.ValueType"),
        "enum" => Known("System.Enum"),
        "delegate" => Known("System.MulticastDelegate"),
        _ => type.Name == "System.Object" ? null : Known(type.Base ?? "System.Object"),
    };

    private static void AddTypeParameters(TypeDefinition made, ApiType type)
    {
        ApiMethod invoke = type.Methods!.Single(method => method.Name == "Invoke");
        IEnumerable<string> names = invoke.Parameters.Select(parameter => parameter.Type).Append(invoke.Returns);
        foreach (string name in names.Where(name => !name.Contains('.', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            made.GenericParameters.Add(new GenericParameter(name, made));
        }
    }

    private void AddAttributes(TypeDefinition made, ApiType type)
    {
        if (type.RefStruct)
        {
            made.CustomAttributes.Add(new CustomAttribute(module.ImportReference(byRefLike.Methods[0])));
        }

        if (type.Indexer is not null)
        {
            MethodReference constructor = new(".ctor", Signature("System.Void"), Known("System.Reflection.DefaultMemberAttribute")) { HasThis = true };
            constructor.Parameters.Add(new ParameterDefinition(Signature("System.String")));
            // Written as bytes (ECMA-335, II.23.3), since the writer knows no primitive types within the core library itself.
            byte[] name = Encoding.UTF8.GetBytes(type.Indexer);
            made.CustomAttributes.Add(new CustomAttribute(constructor, [1, 0, (byte)name.Length, .. name, 0, 0]));
        }
    }

    private void AddValues(TypeDefinition made, ApiType type)
    {
        if (type.Kind != "enum")
        {
            return;
        }

        TypeReference underlying = Signature(type.Underlying!);
        made.Fields.Add(new FieldDefinition(
            "value__", FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName, underlying));
        foreach ((string name, string value) in type.Values!)
        {
            made.Fields.Add(new FieldDefinition(name, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal, made)
            {
                Constant = ConstantOf(type.Underlying!, value),
            });
        }
    }

    private void AddField(TypeDefinition made, ApiField field)
    {
        FieldAttributes attributes = FieldAttributes.Public | (field.Static || field.Const is not null ? FieldAttributes.Static : 0);
        attributes |= field.Const is not null ? FieldAttributes.Literal : field.Readonly ? FieldAttributes.InitOnly : 0;
        FieldDefinition definition = new(field.Name, attributes, Resolve(field.Type, made));
        if (field.Const is not null)
        {
            definition.Constant = ConstantOf(field.Type, field.Const);
        }

        made.Fields.Add(definition);
    }

    private MethodDefinition MethodOf(TypeDefinition made, ApiType type, ApiMethod method)
    {
        MethodAttributes attributes = Access(method.Protected) | MethodAttributes.HideBySig;
        bool isConstructor = method.Name is ".ctor" or ".cctor";
        attributes |= isConstructor ? MethodAttributes.SpecialName | MethodAttributes.RTSpecialName : 0;
        attributes |= method.Name.StartsWith("op_", StringComparison.Ordinal) ? MethodAttributes.SpecialName : 0;
        attributes |= isConstructor ? 0 : Binding(type, method.Static, method.Virtual, method.Abstract, method.Override);
        MethodDefinition definition = new(method.Name, attributes, Resolve(method.Returns, made));
        if (type.Kind == "delegate")
        {
            definition.ImplAttributes = MethodImplAttributes.Runtime | MethodImplAttributes.Managed;
        }

        AddParameters(definition.Parameters, method.Parameters, made);
        return WithBody(definition);
    }

    private void AddProperty(TypeDefinition made, ApiType type, ApiProperty property)
    {
        TypeReference result = Resolve(property.Type, made);
        PropertyDefinition definition = new(property.Name, PropertyAttributes.None, result) { HasThis = !property.Static };
        MethodAttributes attributes = Access(property.Protected) | Special
            | Binding(type, property.Static, property.Virtual, property.Abstract, property.Override);
        if (property.Get)
        {
            definition.GetMethod = WithBody(new MethodDefinition("get_" + property.Name, attributes, result));
            AddParameters(definition.GetMethod.Parameters, property.Parameters ?? [], made);
            made.Methods.Add(definition.GetMethod);
        }

        if (property.Set)
        {
            definition.SetMethod = WithBody(new MethodDefinition("set_" + property.Name, attributes, Signature("System.Void")));
            AddParameters(definition.SetMethod.Parameters, property.Parameters ?? [], made);
            definition.SetMethod.Parameters.Add(new ParameterDefinition("value", ParameterAttributes.None, result));
            made.Methods.Add(definition.SetMethod);
        }

        made.Properties.Add(definition);
    }

    private void AddEvent(TypeDefinition made, ApiType type, ApiEvent item)
    {
        TypeReference handler = Resolve(item.Type, made);
        MethodAttributes attributes = MethodAttributes.Public | Special | Binding(type, item.Static, false, false, false);
        MethodDefinition Accessor(string prefix)
        {
            MethodDefinition accessor = WithBody(new MethodDefinition(prefix + item.Name, attributes, Signature("System.Void")));
            accessor.Parameters.Add(new ParameterDefinition("value", ParameterAttributes.None, handler));
            made.Methods.Add(accessor);
            return accessor;
        }

        made.Events.Add(new EventDefinition(item.Name, EventAttributes.None, handler)
        {
            AddMethod = Accessor("add_"),
            RemoveMethod = Accessor("remove_"),
        });
    }

    private void AddParameters(ICollection<ParameterDefinition> to, ApiParameter[] parameters, TypeDefinition holder)
    {
        foreach (ApiParameter parameter in parameters)
        {
            TypeReference type = Resolve(parameter.Type, holder);
            ParameterDefinition definition = new(
                parameter.Name,
                parameter.Mode == "out" ? ParameterAttributes.Out : ParameterAttributes.None,
                parameter.Mode is null ? type : new ByReferenceType(type));
            if (parameter.Default is not null || parameter.DefaultNull)
            {
                definition.Attributes |= ParameterAttributes.Optional | ParameterAttributes.HasDefault;
                definition.Constant = parameter.DefaultNull ? null : ConstantOf(UnderlyingOf(parameter.Type), parameter.Default!);
            }

            if (parameter.Params)
            {
                definition.CustomAttributes.Add(new CustomAttribute(
                    new MethodReference(".ctor", Signature("System.Void"), Known("System.ParamArrayAttribute")) { HasThis = true }));
            }

            to.Add(definition);
        }
    }

    private string UnderlyingOf(string name) =>
        types.TryGetValue(name, out TypeDefinition? type) && type.Fields.FirstOrDefault(field => field.Name == "value__") is { } value
            ? value.FieldType.FullName
            : EnumUnderlying(name);

    private static string EnumUnderlying(string name) =>
        ApiLists.All.SelectMany(list => list.Types).First(type => type.Name == name).Underlying ?? name;

    private static MethodAttributes Access(bool isProtected) => isProtected ? MethodAttributes.Family : MethodAttributes.Public;

    private static MethodAttributes Binding(ApiType type, bool isStatic, bool isVirtual, bool isAbstract, bool isOverride)
    {
        if (isStatic)
        {
            return MethodAttributes.Static;
        }

        if (type.Kind == "interface" || isAbstract)
        {
            return MethodAttributes.Virtual | MethodAttributes.Abstract | (isOverride ? 0 : MethodAttributes.NewSlot);
        }

        return isOverride ? MethodAttributes.Virtual : isVirtual ? MethodAttributes.Virtual | MethodAttributes.NewSlot : 0;
    }

    private static MethodDefinition WithBody(MethodDefinition method)
    {
        if (method.HasBody)
        {
            method.Body.GetILProcessor().Emit(OpCodes.Ldnull);
            method.Body.GetILProcessor().Emit(OpCodes.Throw);
        }

        return method;
    }

    private TypeReference Resolve(string name, TypeDefinition holder)
    {
        if (name.EndsWith("[]", StringComparison.Ordinal))
        {
            return new ArrayType(Resolve(name[..^2], holder));
        }

        return holder.GenericParameters.FirstOrDefault(parameter => parameter.Name == name) ?? Signature(name);
    }

    /// <summary>
    /// A type as signatures want it: the primitive ones as element types. Within the core library itself the writer would name
    /// them by token, which the compiler does not accept, so they are taken from another module's type system.
    /// </summary>
    private TypeReference Signature(string name)
    {
        TypeSystem primitives = Primitives.TypeSystem;
        return name switch
        {
            "System.Void" => primitives.Void,
            "System.Object" => primitives.Object,
            "System.String" => primitives.String,
            "System.Boolean" => primitives.Boolean,
            "System.Char" => primitives.Char,
            "System.SByte" => primitives.SByte,
            "System.Byte" => primitives.Byte,
            "System.Int16" => primitives.Int16,
            "System.UInt16" => primitives.UInt16,
            "System.Int32" => primitives.Int32,
            "System.UInt32" => primitives.UInt32,
            "System.Int64" => primitives.Int64,
            "System.UInt64" => primitives.UInt64,
            "System.Single" => primitives.Single,
            "System.Double" => primitives.Double,
            "System.IntPtr" => primitives.IntPtr,
            "System.UIntPtr" => primitives.UIntPtr,
            "System.TypedReference" => primitives.TypedReference,
            _ => Known(name),
        };
    }

    private TypeReference Known(string name) => types.TryGetValue(name, out TypeDefinition? type)
        ? type.Module == module ? type : module.ImportReference(type)
        : throw new InvalidDataException($"{module.Name}: the lists do not describe {name}.");

    private static object ConstantOf(string type, string text) => type switch
    {
        "System.Boolean" => bool.Parse(text),
        "System.Char" => char.Parse(text),
        "System.SByte" => sbyte.Parse(text, CultureInfo.InvariantCulture),
        "System.Byte" => byte.Parse(text, CultureInfo.InvariantCulture),
        "System.Int16" => short.Parse(text, CultureInfo.InvariantCulture),
        "System.UInt16" => ushort.Parse(text, CultureInfo.InvariantCulture),
        "System.Int32" => int.Parse(text, CultureInfo.InvariantCulture),
        "System.UInt32" => uint.Parse(text, CultureInfo.InvariantCulture),
        "System.Int64" => long.Parse(text, CultureInfo.InvariantCulture),
        "System.UInt64" => ulong.Parse(text, CultureInfo.InvariantCulture),
        "System.Single" => float.Parse(text, CultureInfo.InvariantCulture),
        "System.Double" => double.Parse(text, CultureInfo.InvariantCulture),
        "System.String" => text,
        _ => throw new InvalidDataException($"a constant of type {type}"),
    };
}
