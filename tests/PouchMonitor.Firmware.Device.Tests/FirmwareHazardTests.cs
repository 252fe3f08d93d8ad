using Mono.Cecil;
using PouchMonitor.Firmware.Device.Tests.Compilation;
using PouchMonitor.Firmware.Device.Tests.Hazards;

namespace PouchMonitor.Firmware.Device.Tests;

/// <summary>What compiles and is then wrong on the device is not in the firmware's image. The lists say what is let through, and why.</summary>
public sealed class FirmwareHazardTests
{
    // Calibration and conversion only: everything else counts in scaled integers.
    private static readonly string[] FloatingPointTypes =
    [
        "PouchMonitor.Firmware.Sensing.ThermistorCurve",
        "PouchMonitor.Firmware.Sensing.EmissivityCorrection",
    ];

    // Each cast's value is bounded before it, as the reason says.
    private static readonly string[] BoundedCasts =
    [
        // 1/T is compared with 0.001 and the result with 1000 C before the cast, NaN is looked for first.
        "PouchMonitor.Firmware.Sensing.ThermistorCurve::Convert",

        // The fourth power is compared with 100 K and 1778 K to the fourth before the cast, NaN is looked for first.
        "PouchMonitor.Firmware.Sensing.EmissivityCorrection::Correct",
    ];

    private static readonly string[] SamplingEntries =
    [
        "PouchMonitor.Firmware.Sampling.SampleLoop::RunNext",
        "PouchMonitor.Firmware.Sensing.ChannelSensors::Acquire",
    ];

    // Calls out of the firmware that make no object.
    private static readonly string[] HarmlessCalls =
    [
        "System.Array::Copy",
        "System.BitConverter::ToUInt64",
        "System.Array::get_Length",
        "System.Array::Clear",
        "System.Math::Log",
        "System.Math::Floor",
        "System.Math::Sqrt",
        "System.Double::IsNaN",
        "System.Device.I2c.I2cTransferResult::get_BytesTransferred",
        "System.Device.I2c.I2cTransferResult::get_Status",
        "System.String::get_Length",
        "System.String::get_Chars",
        "System.String::op_Equality",
        "System.String::op_Inequality",
        "System.Threading.Monitor::Enter",
        "System.Threading.Monitor::Exit",
        "System.Threading.Thread::Sleep",
        "nanoFramework.Hardware.Esp32.HighResTimer::GetCurrent",
    ];

    // Methods on the sampling path that do make objects, each for a reason.
    private static readonly string[] AllowedToAllocate =
    [
        // I2cDevice takes its buffers as spans, which cannot be kept, and answers with an object.
        "PouchMonitor.Firmware.Device.Esp32I2cPort::Write",
        "PouchMonitor.Firmware.Device.Esp32I2cPort::WriteRead",

        // Asks for the date once a frame until the time is known, then never again.
        "PouchMonitor.Firmware.Device.Esp32Board::TryGetBootAnchor",

        // A line's level is a value object of the runtime: two are read a pass of an armed channel, one is written at a trip, one is
        // read a look at the trigger input, of which there are four a pass of a channel under abuse.
        "PouchMonitor.Firmware.Device.Esp32Pins::IsRelayClosed",
        "PouchMonitor.Firmware.Device.Esp32Pins::IsComparatorTripped",
        "PouchMonitor.Firmware.Device.Esp32Pins::get_IsTriggerClosed",
        "PouchMonitor.Firmware.Device.Esp32Pins::SetRelay",

        // After a transfer of a second that timed out.
        "PouchMonitor.Firmware.Device.Esp32Pins::ResetMultiplexer",

        // Once a capture or an edge of the trigger input, of which there are few: the word that there was one.
        "PouchMonitor.Firmware.Publishing.NodeReports::AddEvent",
        "PouchMonitor.Firmware.Publishing.NodeReports::AddTrigger",
        "PouchMonitor.Firmware.Publishing.NodeReports::Add",
        "PouchMonitor.Firmware.Publishing.NodeReports::Begin",
        "PouchMonitor.Firmware.Publishing.NodeReports::Finish",

        // Once a frame: the encoded frame, which the store owns until it is acknowledged.
        "PouchMonitor.Firmware.Publishing.FrameStore::TryAdd",
        "PouchMonitor.Firmware.Publishing.FrameHead::TryName",

        // Every few seconds: what waits goes to flash, whatever the publishing thread is held up by.
        "PouchMonitor.Firmware.Device.Esp32Files::Length",
        "PouchMonitor.Firmware.Device.Esp32Files::Put",
        "PouchMonitor.Firmware.Publishing.SegmentFiles::NameOf",
    ];

    // Arrays of strings that are filled whole at once, or place by place and read only where they are filled.
    private static readonly string[] FilledAsTheyGrow =
    [
        "PouchMonitor.Firmware.Care.CommandMemory::answers",
        "PouchMonitor.Firmware.Care.CommandMemory::ids",
        "PouchMonitor.Firmware.Care.FlatJson::names",
        "PouchMonitor.Firmware.Care.FlatJson::values",
        "PouchMonitor.Firmware.Device.Esp32Files::List",
        "PouchMonitor.Firmware.Publishing.FramePublisher::topics",
        "PouchMonitor.Firmware.Publishing.FrameRing::topics",
        "PouchMonitor.Firmware.Publishing.FrameWindow::topics",
        "PouchMonitor.Firmware.Publishing.ReceivedMessages::topics",
        "PouchMonitor.Firmware.Publishing.StoredMarks::topics",
        "PouchMonitor.Firmware.Publishing.StoredReport::keys",
    ];

    private static ModuleDefinition Firmware => ImageReader.Read(DeviceCompiler.Firmware.Image);

    [Fact]
    public void NoGenerics() => None(TypeHazards.Generic(Firmware));

    [Fact]
    public void NoMultiDimensionalArrays() => None(TypeHazards.MultiDimensionalArray(Firmware));

    [Fact]
    public void NoPointers() => None(TypeHazards.Pointer(Firmware));

    [Fact]
    public void NoStructsOfOurs() => None(TypeHazards.Struct(Firmware));

    [Fact]
    public void FloatingPoint_OnlyInCalibrationAndConversion() => None(TypeHazards.FloatingPoint(Firmware, FloatingPointTypes));

    [Fact]
    public void FloatingPointToWholeNumbers_OnlyWhereItIsBounded() =>
        None(FloatCasts.Find(DeviceCompiler.Firmware.Compilation, BoundedCasts));

    [Fact]
    public void NoSignedNumberNotedAsUnsigned() => None(SignTags.Find(Firmware));

    [Fact]
    public void NoStringIsReadBeforeItIsWritten() => None(InstructionHazards.UnwrittenStrings(Firmware, FilledAsTheyGrow));

    [Fact]
    public void NoCheckedArithmetic() => None(InstructionHazards.OverflowCheck(Firmware));

    [Fact]
    public void NoUnsupportedInstructions() => None(InstructionHazards.UnsupportedInstruction(Firmware));

    [Fact]
    public void NoEnumsAsText() => None(InstructionHazards.EnumAsText(Firmware));

    [Fact]
    public void NoFormatsThatThrowOrPrintThemselves() => None(InstructionHazards.Format(Firmware));

    [Fact]
    public void NoDefaultInterfaceMethods() => None(ShapeHazards.DefaultInterfaceMethod(Firmware));

    [Fact]
    public void NothingEmbeddedByTheCompiler() => None(ShapeHazards.EmbeddedType(Firmware));

    [Fact]
    public void EveryEntryFromOutside_CatchesEverything() => None(ShapeHazards.UncaughtEntry(Firmware));

    [Fact]
    public void NothingThatNoListHolds() => None(MemberHazards.Unknown(Firmware, DeviceProject.References));

    [Fact]
    public void Sampling_AllocatesNothing() => None(new SamplingPath(Firmware, HarmlessCalls, AllowedToAllocate).Find(SamplingEntries));

    /// <summary>A list that names what is gone would hide what comes under the same name later.</summary>
    [Fact]
    public void TheLists_NameNothingThatIsGone()
    {
        ModuleDefinition firmware = Firmware;
        SamplingPath path = new(firmware, HarmlessCalls, AllowedToAllocate);
        path.Find(SamplingEntries);
        string[] reached = [.. ModuleWalk.Methods(firmware).Where(method => path.Reached.Contains(method.FullName)).Select(SamplingPath.NameOf)];
        Assert.Empty(AllowedToAllocate.Except(reached));
        Assert.Empty(FloatingPointTypes.Except(ModuleWalk.Types(firmware).Select(type => type.FullName)));
        Assert.Empty(FilledAsTheyGrow.Except(ModuleWalk.Types(firmware).SelectMany(type => type.Fields)
            .Select(field => $"{field.DeclaringType.FullName}::{field.Name}").Concat(ModuleWalk.Methods(firmware).Select(SamplingPath.NameOf))));
        Assert.Empty(BoundedCasts.Except(ModuleWalk.Methods(firmware).Select(SamplingPath.NameOf)));
    }

    private static void None(IEnumerable<Finding> findings)
    {
        string[] all = [.. findings.Select(finding => finding.ToString()).Distinct(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
