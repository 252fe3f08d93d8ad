using Mono.Cecil;
using PouchMonitor.Firmware.Device.Tests.Compilation;
using PouchMonitor.Firmware.Device.Tests.Hazards;

namespace PouchMonitor.Firmware.Device.Tests;

/// <summary>
/// The cases that the real interpreter got wrong are named (it gave 4611686018427387900 for -16L >> 2, 0 for -16L % 7,
/// 4294967280 for -16 made long), and those that it got right are not.
/// </summary>
public sealed class SignTagTests
{
    [Theory]
    [InlineData("long F(ulong u) => (long)u >> 2;", "shr")]
    [InlineData("int F(uint u) => (int)u >> 2;", "shr")]
    [InlineData("long F(ulong u) => (long)u % 7;", "rem")]
    [InlineData("long F(uint u) => (int)u;", "conv.i8")]
    [InlineData("double F(ulong u) => (long)u;", "conv.r8")]
    [InlineData("long R(ulong u) => (long)u; long F(ulong u) => R(u) >> 2;", "shr")]
    [InlineData("long A(long a) => a >> 2; long F(ulong u) => A((long)u);", "shr")]
    [InlineData("long A(long a) => B(a - 1); long B(long a) => a % 10; long F(ulong u) => A((long)u);", "rem")]
    [InlineData("long F(uint u, int n) => ((long)u - n) >> 2;", "shr")]
    [InlineData("ulong G; ulong[] H; long F() => (long)G >> 1;", "shr")]
    [InlineData("ulong[] H; long F() => (long)H[0] >> 1;", "shr")]
    [InlineData("uint[] H; long F() => (int)H[0];", "conv.i8")]
    [InlineData("long F(ref ulong u) => (long)u >> 1;", "shr")]
    [InlineData("long F(ulong u, bool b) => (b ? (long)u : 5L) >> 1;", "shr")]
    [InlineData("void F(uint u) => System.Threading.Thread.Sleep((int)u);", "goes to")]
    [InlineData("I i; long F() => i.Now() >> 1; } interface I { long Now(); } class C : I { ulong u; public long Now() => (long)u;", "shr")]
    public void WhatTheInterpreterGetsWrong_IsNamed(string members, string what) =>
        Assert.Contains(SignTags.Find(Read(members)), finding => finding.What.Contains(what, StringComparison.Ordinal));

    [Theory]
    [InlineData("long F(long a) => a >> 2; int G(int a) => a % 7;")]
    [InlineData("ulong F(ulong u) => u >> 2; ulong G(ulong u) => u % 7;")]
    [InlineData("long stored; long F(ulong u) { stored = (long)u; return stored >> 2; }")]
    [InlineData("long F(ulong u, int n) { long a = (long)u; for (int i = 0; i < n; i++) { a -= a >> 1; } return a; }")]
    [InlineData("long F(uint u) => u; long G(int a) => a; ulong H(uint u) => u;")]
    [InlineData("int F(uint u) => (int)(u & 7) >> 1; int G(uint u) => (int)(u >> 3); long H(uint u) => (int)(u % 10);")]
    [InlineData("ulong F(long a) => (ulong)a >> 1; uint G(int a) => (uint)a % 3; ulong Z(long v) => (ulong)((v << 1) ^ (v >> 63));")]
    [InlineData("ulong u; long P => long.MaxValue & (long)u; long F() => (P - 5) >> 1;")]
    [InlineData("long F(uint hi, uint lo) => ((long)hi << 32) | lo;")]
    [InlineData("int F(byte[] b) => ((b[0] << 8) | b[1]) >> 4; sbyte G(byte b) => (sbyte)b;")]
    public void WhatItGetsRight_IsNot(string members) =>
        Assert.Equal("", string.Join('\n', SignTags.Find(Read(members)).Select(finding => finding.ToString())));

    private static ModuleDefinition Read(string members)
    {
        Compiled snippet = DeviceCompiler.Snippet("class Snippet { " + members + " }");
        Assert.Equal("", string.Join('\n', snippet.Errors));
        return ImageReader.Read(snippet.Image);
    }
}
