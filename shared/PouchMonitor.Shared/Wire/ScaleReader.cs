using PouchMonitor.Measurement;

namespace PouchMonitor.Wire;

/// <summary>Reads the scales of the columns (see WIRE.md, "Scales").</summary>
internal static class ScaleReader
{
    /// <summary>Fills every scale of the target; columns without a record get the default scale.</summary>
    public static void Read(FrameReader from, SampleFrame target)
    {
        ulong columns = from.Number();
        if (columns >> SampleColumns.Count != 0)
        {
            from.Fail(DecodeFault.ReservedBits);
        }

        for (int column = 0; column < SampleColumns.Count; column++)
        {
            ColumnScale scale = target.Scales[column];
            scale.Offset = 0;
            scale.Numerator = 1;
            scale.Denominator = 1;
            scale.CalibrationId = 0;
            if (((columns >> column) & 1) != 0 && from.Fault == DecodeFault.None)
            {
                ReadOne(from, scale);
            }
        }
    }

    private static void ReadOne(FrameReader from, ColumnScale scale)
    {
        int head = from.Byte();
        int form = head & FrameLayout.ScaleFormMask;
        if ((head & FrameLayout.ScaleReservedFlag) != 0)
        {
            from.Fail(DecodeFault.ReservedBits);
        }
        else if (form == FrameLayout.FractionForm)
        {
            ReadFraction(from, scale);
        }
        else if (form > FrameLayout.MaximumDecimalForm)
        {
            from.Fail(DecodeFault.BadScale);
        }
        else
        {
            scale.Denominator = DecimalText.PowerOfTen(form);
            if (head == 0)
            {
                from.Fail(DecodeFault.NotCanonical);
            }
        }

        if ((head & FrameLayout.ScaleOffsetFlag) != 0)
        {
            scale.Offset = from.SignedNumber();
            if (scale.Offset == 0)
            {
                from.Fail(DecodeFault.NotCanonical);
            }
        }

        if ((head & FrameLayout.ScaleCalibrationFlag) != 0)
        {
            ulong id = from.Number();
            if (id == 0)
            {
                from.Fail(DecodeFault.NotCanonical);
            }
            else if (id > uint.MaxValue)
            {
                from.Fail(DecodeFault.Overflow);
            }

            scale.CalibrationId = (uint)id;
        }
    }

    private static void ReadFraction(FrameReader from, ColumnScale scale)
    {
        scale.Numerator = from.NaturalNumber();
        scale.Denominator = from.NaturalNumber();
        if (from.Fault != DecodeFault.None)
        {
            return;
        }

        if (scale.Numerator == 0 || scale.Denominator == 0)
        {
            from.Fail(DecodeFault.BadScale);
        }
        else if (scale.Numerator == 1 && FrameLayout.DecimalForm(scale.Denominator) >= 0)
        {
            from.Fail(DecodeFault.NotCanonical);
        }
    }
}
