using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Text exports of the cyclers, each in a few lines as its software writes them.</summary>
public sealed class CyclerTextTests
{
    [Fact]
    public void Maccor_SignComesFromTheState_AndThousandsAndDaysAreRead()
    {
        ReadSeries read = ReadSeries.Of(
            "Today's Date 12/20/2020  Date of Test:\t12/19/2020\n"
            + "Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n"
            + "1\t0\t1\t  0d 00:00:0\t0d 00:00:0\t0.0\t0.0\t0.0\t3.5\tR\t0\t12/19/2020 12:18:27\n"
            + "2\t0\t2\t  1d 00:00:30.5\t0d 00:00:30\t1,234.5\t0.1\t1,500.25\t3.6\tC\t1\t12/20/2020 12:18:57\n"
            + "3\t1\t3\t  1d 00:01:00\t0d 00:00:30\t0.25\t0.1\t-1.5\t3.4\tD\t133\t12/20/2020 12:19:27\n");

        Assert.Equal("maccor", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([0, 86_430_500_000, 86_460_000_000], read.Rows.Select(row => row.Microseconds));
        Assert.Equal([0, 1500.25, -1.5], read.Rows.Select(row => row.A!.Value));
        Assert.Equal([0, 1234.5, 0.25], read.Rows.Select(row => row.Ah!.Value));
        Assert.Equal([1, 2, 3], read.Rows.Select(row => row.Step!.Value));
    }

    [Theory]
    [InlineData("5/11/2021 3:40:24 PM", "5/11/2021 3:41:24 PM", 60)]
    [InlineData("5/11/2021 3:40:24 PM", "5/11/2021 3:40:25 PM", 1)]
    [InlineData("5/11/2021 3:40:24 PM", "5/11/2021 4:40:24 PM", 3600)]
    public void Maccor_TimeWithoutAUnit_TakesTheClocks(string first, string second, double seconds)
    {
        ReadSeries read = ReadSeries.Of(MinutesOrSeconds(first, second));
        Assert.Equal([0, seconds], read.Rows.Select(row => row.Seconds));
    }

    [Fact]
    public void Maccor_TimeWithoutAUnitThatNothingTells_IsRefused()
    {
        string message = Assert.Throws<SeriesFileException>(() => ReadSeries.Of(MinutesOrSeconds("?", "?"))).Message;
        Assert.StartsWith("x: column 'TestTime' names no unit", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arbin_BothGenerationsOfNames()
    {
        ReadSeries now = ReadSeries.Of(
            "\uFEFFData Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah),Internal Resistance (Ohm),Aux_Temperature_1 (C)\n"
            + "1,\t09/20/2024 08:32:34.558,30.0005,30.0005,1,1,-0.5,3.534595,0.25,1.98217E-05,,24.66422\n");
        ReadSeries then = ReadSeries.Of(
            "Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),Charge_Capacity(Ah),Discharge_Capacity(Ah)\n"
            + "1,30.0005,09/20/2024 08:32:34,30.0005,1,1,-0.5,3.534595,0.25,1.98217E-05\n");

        Assert.Equal(("arbin", "arbin"), (now.Format, then.Format));
        Assert.Equal(new ReadRow(30_000_500, 3.534595, -0.5, 24.66422, 1, 1, 0.25, 1.98217E-05, null, 2), Assert.Single(now.Rows));
        Assert.Equal(now.Rows[0] with { C = null }, Assert.Single(then.Rows));
    }

    [Theory]
    [InlineData("3.5180E+000", "-1.5000000E+002", "1.25")]
    [InlineData("3,5180E+000", "-1,5000000E+002", "1,25")]
    public void BioLogic_HeaderLinesMilliampsAndEitherDecimalMark(string volts, string milliamps, string time)
    {
        ReadSeries read = ReadSeries.Of(
            "EC-Lab ASCII FILE\nNb header lines : 5\n\nlim1_value\t1.000\nmode\tox/red\tNs\ttime/s\tcontrol/V/mA\tEwe/V\t<I>/mA\t(Q-Qo)/mA.h\tQ charge/mA.h\tTemperature/\ufffdC\t\n"
            + $"1\t0\t2\t{time}\t0\t{volts}\t{milliamps}\t0\t2500\t22\n");

        Assert.Equal("biologic-mpt", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal(new ReadRow(1_250_000, 3.518, -0.15, 22, null, 2, 2.5, null, 0, 6), Assert.Single(read.Rows));
    }

    [Fact]
    public void BioLogic_TimesAsDates()
    {
        ReadSeries read = ReadSeries.Of(
            "BT-Lab ASCII FILE\nNb header lines : 3\nNs changes\tNs\ttime/s\tEcell/V\tI/mA\n"
            + "0\t1\t11/20/2024 11:38:50.171\t4.1\t449\n0\t1\t11/20/2024 11:38:51.271\t4.1\t449\n");
        Assert.Equal(1_100_000, read.Rows[1].Microseconds - read.Rows[0].Microseconds);
        Assert.Equal(2024, DateTimeOffset.UnixEpoch.AddTicks(read.Rows[0].Microseconds * 10).Year);
    }

    [Theory]
    [InlineData("s", 3_600_000_000)]
    [InlineData("h", 12_960_000_000_000)]
    public void Basytec_TildeLinesAndUnitInTheName(string unit, long microseconds)
    {
        ReadSeries read = ReadSeries.Of(
            "~Resultfile from Basytec Battery Test System\n~Start of Test: 19.06.2023 17:56:53\n~\n"
            + $"~Time[{unit}]\tDataSet\tLine\tCommand\tU[V]\tI[A]\tAh[Ah]\tAh-Cyc-Charge\tAh-Cyc-Discharge\tT1[\u00b0C]\tCyc-Count\n"
            + "3600\t2\t3\tCharge\t3.52575489148741\t0.5\t0.1\t0.2\t0.1\t25.5\t4\n");

        Assert.Equal("basytec", read.Format);
        Assert.Equal(new ReadRow(microseconds, 3.52575489148741, 0.5, 25.5, 4, 3, 0.2, 0.1, 0.1, 5), Assert.Single(read.Rows));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("")]
    public void Novonix_SectionsAndLinesInQuotes(string quote)
    {
        ReadSeries read = ReadSeries.Of(
            "[Summary]\nNovonix HPC data file\n[End Summary]\n[Protocol]\n\"   [During CV, End step when hold time > 15 hours]\"\n[End Protocol]\n[Data]\n"
            + $"{quote}Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (\u00b0C),Circuit Temperature (\u00b0C),Energy (Wh),Step Number{quote}\n"
            + $"{quote}2022-04-11 10:58:08 AM,1,0,0.0003111,0.0003111,-0.0120000708,3.42733380,0.0294575160,38.5,23.37,0.09,7{quote}\n");

        Assert.Equal("novonix", read.Format);
        Assert.Equal(new ReadRow(1_119_960, 3.4273338, -0.0120000708, 38.5, 1, 7, null, null, 0.029457516, 9), Assert.Single(read.Rows));
    }

    [Fact]
    public void Pec_CountersOfChargeAndEnergyAreToldApartByTheirUnit()
    {
        ReadSeries read = ReadSeries.Of(
            "Request Year:,2019\nTest:,187\n#RESULTS CHECK\nReqYear,Test,CellNr,Type,Value,Reason,\n#END RESULTS CHECK\n"
            + "Test,Cell,Rack,Shelf,Position,Step,Cycle,Total Time (Seconds),Step Time (Seconds),Real Time,Voltage (mV),Current (mA),Charge Capacity (mAh),Discharge Capacity (mAh),Charge Capacity (mWh),Discharge Capacity (mWh),Ambient temperature (\u00b0C),Cell surface temperature (\u00b0C),\n"
            + "187,1,SBT0550,001,1,2,3,31.183,1,02/22/2019 16:23:57,3268.6792,-1640.1,5,0.455,7,1.487,25.83,25,\n");

        Assert.Equal("pec", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal(new ReadRow(31_183_000, 3.2686792, -1.6401, 25, 3, 2, 0.005, 0.455 / 1000, null, 7), Assert.Single(read.Rows));
    }

    [Theory]
    [InlineData("Record\tTestTime/Sec\tStepTime/Sec\tCycle-Index\tStep-Index\tMode\tVoltage/V\tCurrent/mA\tCapacity/mAh\n1\t10.5\t0.5\t2\t3\tD_CC\t3.5\t1.5\t0.25\n")]
    [InlineData("Record,Test Time(h:min:s),Step Time(h:min:s),Cycle,Step,Step Name,Voltage(V),Current(A),Capacity(Ah)\n1,0:00:10.5,0:00:00.5,2,3,Discharge,3.5,-0.0015,0.00025\n")]
    public void Landt_NamesWithSlashesAndBrackets(string text)
    {
        ReadSeries read = ReadSeries.Of(text);
        Assert.Equal("landt", read.Format);
        Assert.Equal(new ReadRow(10_500_000, 3.5, -0.0015, null, 2, 3, null, null, 0.00025, 2), Assert.Single(read.Rows));
    }

    [Fact]
    public void BatteryDataInHours_IsRead()
    {
        ReadSeries read = ReadSeries.Of("Test Time / h,Current / mA,Voltage / V,Cycle Count / 1,Charge Capacity / Ah\n0.5,-1.5,3.5,2,0.25\n");
        Assert.Equal("bdf", read.Format);
        Assert.Equal(new ReadRow(1_800_000_000, 3.5, -0.0015, null, 2, null, 0.25, null, null, 2), Assert.Single(read.Rows));
    }

    private static string MinutesOrSeconds(string first, string second) =>
        "Name:\tcell\nRec\tCycle P\tCycle C\tStep\tTestTime\tStepTime\tCap. [Ah]\tEner. [Wh]\tCurrent [A]\tVoltage [V]\tMd\tES\tDPT Time\n\n"
        + $"1\t0\t1\t1\t0.000000\t0.0\t0.0\t0.0\t0.0\t0.1783\tR\t0\t{first}\n2\t0\t1\t1\t1.000000\t1.0\t0.0\t0.0\t0.0\t0.06\tR\t1\t{second}\n";
}
