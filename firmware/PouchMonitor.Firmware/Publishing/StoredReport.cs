namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// Reads the gateway's retained <c>stored</c> (see its schema) and frees what it says is stored: <c>boot</c> with
/// <c>channels</c>, and <c>boots</c> for the boots before. A text that is not as expected frees nothing from the place on at
/// which it is not.
/// </summary>
public sealed class StoredReport
{
    private const int DepthLimit = 8;
    private const int BootDigits = 16;

    private readonly string[] keys = new string[DepthLimit];
    private readonly FrameStore store;
    private readonly string node;
    private readonly ulong ownBoot;
    private byte[] text = new byte[0];
    private int at;
    private ulong boot;

    public StoredReport(FrameStore store, string node, ulong ownBoot)
    {
        this.store = store;
        this.node = node;
        this.ownBoot = ownBoot;

        // On the device a place that was never written is not null, and comparing it ends the runtime.
        for (int i = 0; i < DepthLimit; i++)
        {
            keys[i] = "";
        }
    }

    /// <summary>Texts since boot that were not as expected.</summary>
    public long FaultCount { get; private set; }

    /// <summary>Takes the gateway's word.</summary>
    public void Apply(byte[] json)
    {
        // Twice: what the numbers belong to may stand behind them.
        boot = 0;
        if (!Walk(json, false) || !Walk(json, true))
        {
            FaultCount++;
        }
    }

    private bool Walk(byte[] json, bool frees)
    {
        text = json;
        at = 0;
        int depth = 0;
        bool isKey = false;
        while (at < text.Length)
        {
            char next = (char)text[at];
            at++;
            switch (next)
            {
                case '{':
                    depth++;
                    isKey = true;
                    break;
                case '}':
                    depth--;
                    isKey = false;
                    break;
                case ':':
                    isKey = false;
                    break;
                case ',':
                    isKey = true;
                    break;
                case '"':
                    if (depth < 1 || depth >= DepthLimit || !TakeString(depth, isKey))
                    {
                        return false;
                    }

                    break;
                case ' ' or '\t' or '\r' or '\n':
                    break;
                default:
                    if (next < '0' || next > '9' || depth < 1 || depth >= DepthLimit || !TakeNumber(next - '0', depth, frees))
                    {
                        return false;
                    }

                    break;
            }

            if (depth < 0 || depth >= DepthLimit)
            {
                return false;
            }
        }

        return depth == 0;
    }

    private bool TakeString(int depth, bool isKey)
    {
        int start = at;
        while (at < text.Length && text[at] != (byte)'"')
        {
            if (text[at] == (byte)'\\')
            {
                return false;
            }

            at++;
        }

        if (at >= text.Length)
        {
            return false;
        }

        char[] letters = new char[at - start];
        for (int i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)text[start + i];
        }

        at++;
        string value = new string(letters);
        if (isKey)
        {
            keys[depth] = value;
        }
        else if (depth == 1 && keys[1] == "boot")
        {
            return TryBoot(value, out boot);
        }

        return true;
    }

    private bool TakeNumber(int first, int depth, bool frees)
    {
        long number = first;
        while (at < text.Length && text[at] >= (byte)'0' && text[at] <= (byte)'9')
        {
            if (number > (long.MaxValue - 9) / 10)
            {
                return false;
            }

            number = (number * 10) + (text[at] - (byte)'0');
            at++;
        }

        if (!frees || keys[depth] != "committed")
        {
            return true;
        }

        if (depth == 3 && keys[1] == "channels")
        {
            Free(boot, keys[2], number);
        }
        else if (depth == 4 && keys[1] == "boots" && TryBoot(keys[2], out ulong older))
        {
            Free(older, keys[3], number);
        }

        return true;
    }

    private void Free(ulong ofBoot, string channel, long below) =>
        store.FreeStored(ofBoot, ownBoot, Wire.TopicNames.Frame(node, channel), below);

    private static bool TryBoot(string hex, out ulong value)
    {
        value = 0;
        for (int i = 0; i < hex.Length; i++)
        {
            int digit = "0123456789abcdef".IndexOf(hex[i]);
            if (digit < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return hex.Length == BootDigits;
    }
}
