using Mono.Cecil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>
/// What the interpreter has noted of a whole number on its stack. It keeps signed or unsigned with the value, and C# converts
/// between <c>int</c> and <c>uint</c>, or <c>long</c> and <c>ulong</c>, without an instruction, so the note stays what it was.
/// </summary>
/// <param name="Bytes">4 or 8 where the value is noted as unsigned, else 0.</param>
/// <param name="IsSmall">True when the highest bit cannot be set, so that the note makes no difference.</param>
/// <param name="RefersTo">4 or 8 for a reference to an unsigned number.</param>
internal readonly record struct SignTag(int Bytes, bool IsSmall, int RefersTo)
{
    public static SignTag Signed => default;

    /// <summary>True when a negative number may be taken for a large one.</summary>
    public bool IsRisky => Bytes != 0 && !IsSmall;

    public static SignTag OfType(TypeReference type) => type switch
    {
        ByReferenceType reference => new SignTag(0, false, BytesOf(reference.ElementType)),
        _ => new SignTag(BytesOf(type), false, 0),
    };

    public static SignTag Join(SignTag a, SignTag b) =>
        new(Math.Max(a.Bytes, b.Bytes), (a.IsSmall || a.Bytes == 0) && (b.IsSmall || b.Bytes == 0), Math.Max(a.RefersTo, b.RefersTo));

    private static int BytesOf(TypeReference type) => type.MetadataType switch
    {
        MetadataType.UInt32 => 4,
        MetadataType.UInt64 => 8,
        MetadataType.ValueType when type.Resolve() is { IsEnum: true } item => BytesOf(item.Fields.First(field => field.Name == "value__").FieldType),
        _ => 0,
    };
}
