using System.Text.Json;

namespace PouchMonitor.Firmware.Device.Tests.Api;

/// <summary>The public API of one assembly of the device, as its list describes it.</summary>
internal sealed record ApiAssembly(string Assembly, string[] References, ApiType[] Types)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static ApiAssembly Read(string path) => JsonSerializer.Deserialize<ApiAssembly>(File.ReadAllText(path), Options)
        ?? throw new InvalidDataException($"{path} holds no API list.");
}

/// <summary>A type; nested types are named after the one that holds them, with a dot. Kind is class, struct, interface, enum or delegate.</summary>
internal sealed record ApiType(
    string Name,
    string Kind,
    string? Base,
    bool Sealed,
    bool Static,
    bool Abstract,
    bool RefStruct,
    string? Indexer,
    string? Underlying,
    string[]? Interfaces,
    Dictionary<string, string>? Values,
    ApiMethod[]? Methods,
    ApiProperty[]? Properties,
    ApiField[]? Fields,
    ApiEvent[]? Events);

internal sealed record ApiMethod(
    string Name, string Returns, ApiParameter[] Parameters, bool Static, bool Virtual, bool Abstract, bool Override, bool Protected);

/// <summary>A parameter; mode is ref, out or absent.</summary>
internal sealed record ApiParameter(string Name, string Type, string? Mode, string? Default, bool DefaultNull, bool Params);

internal sealed record ApiProperty(
    string Name, string Type, bool Get, bool Set, bool Static, bool Virtual, bool Abstract, bool Override, bool Protected,
    ApiParameter[]? Parameters);

internal sealed record ApiField(string Name, string Type, string? Const, bool Static, bool Readonly);

internal sealed record ApiEvent(string Name, string Type, bool Static);
