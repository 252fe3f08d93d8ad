using PouchMonitor.Firmware.Device.Tests.Api;
using PouchMonitor.Firmware.Device.Tests.Compilation;

namespace PouchMonitor.Firmware.Device.Tests;

/// <summary>The firmware compiles for the device: against its assemblies as listed, and nothing else.</summary>
public sealed class CompilationTests
{
    [Fact]
    public void EveryList_GivesAnAssembly()
    {
        Assert.Equal(ApiLists.All.Length, ReferenceAssemblies.All.Count);
        Assert.All(ReferenceAssemblies.All, pair => Assert.NotEmpty(pair.Value));
    }

    [Fact]
    public void Firmware_CompilesAgainstTheDevicesAssembliesOnly()
    {
        Compiled firmware = DeviceCompiler.Firmware;
        Assert.Equal("", string.Join('\n', firmware.Errors));
        Assert.Equal("", string.Join('\n', firmware.Warnings));
        Assert.NotEmpty(firmware.Image);
    }

    /// <summary>What the device lacks does not compile: the check above can fail.</summary>
    [Theory]
    [InlineData("System.Collections.Generic.List<int> Field;", "CS0234")]
    [InlineData("int? Field;", "CS0518")]
    [InlineData("(int A, int B) Field;", "CS8179")]
    [InlineData("System.Span<byte> Field;", "CS0234")]
    [InlineData("volatile int Field;", "CS0518")]
    [InlineData("decimal Field;", "CS0518")]
    [InlineData("string Field = string.Join(\",\", new string[0]);", "CS0117")]
    [InlineData("string Field = \"a\".Replace('a', 'b');", "CS1061")]
    [InlineData("bool Field = char.IsDigit('1');", "CS0117")]
    [InlineData("void Copy(byte[] a, byte[] b) => System.Buffer.BlockCopy(a, 0, b, 0, 1);", "CS0234")]
    [InlineData("float Field = System.MathF.Sqrt(2f);", "CS0234")]
    [InlineData("System.Collections.IEnumerable Count() { yield return 1; }", "CS0518")]
    [InlineData("async void Wait() { }", "CS0518")]
    [InlineData("System.ReadOnlySpan<byte> Field => \"a\"u8;", "CS0234")]
    [InlineData("byte Last(byte[] a) => a[^1];", "CS0518")]
    [InlineData("object Field = new System.Device.Adc.AdcController();", "CS0234")]
    public void WhatTheDeviceLacks_DoesNotCompile(string member, string error)
    {
        Compiled snippet = DeviceCompiler.Snippet("class Snippet { " + member + " }");
        Assert.Contains(snippet.Errors, text => text.Contains("error " + error, StringComparison.Ordinal));
        Assert.Empty(snippet.Image);
    }

    [Fact]
    public void WhatTheDeviceHas_Compiles() => Assert.Empty(DeviceCompiler.Snippet(
        "class Snippet { System.Collections.ArrayList Field = new(); string Text(int a) => $\"{a} mV\" + Field.Count.ToString(\"D3\"); }").Errors);
}
