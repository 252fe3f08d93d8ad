using System.Text;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// A message to the node: one JSON object whose values are texts, numbers, true or false. Nothing nested and nothing null,
/// because no setting and no command needs it, and what is not understood must be refused as a whole. Numbers are kept as
/// they were written; whoever uses one says what it may be.
/// </summary>
public sealed class FlatJson
{
    /// <summary>Most bytes of a message.</summary>
    public const int MaximumBytes = 4096;

    /// <summary>Most fields of a message.</summary>
    public const int MaximumFields = 96;

    private readonly string[] names = new string[MaximumFields];
    private readonly string[] values = new string[MaximumFields];
    private readonly string text;
    private int at;

    private FlatJson(string text)
    {
        this.text = text;
    }

    /// <summary>Number of fields.</summary>
    public int Count { get; private set; }

    /// <summary>The object, or null with one line in <paramref name="fault"/> naming field, value and limit.</summary>
    public static FlatJson? Read(byte[] bytes, out string fault)
    {
        if (bytes.Length > MaximumBytes)
        {
            fault = "a message of " + bytes.Length + " bytes, at most " + MaximumBytes;
            return null;
        }

        var json = new FlatJson(Encoding.UTF8.GetString(bytes, 0, bytes.Length));
        string? reason = json.ReadObject();
        fault = reason == null ? "" : reason;
        return reason == null ? json : null;
    }

    public string NameAt(int index) => names[index];

    public string ValueAt(int index) => values[index];

    /// <summary>The value of a field as it was written (a text without its quotes); null where it is absent.</summary>
    public string? Find(string name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (names[i] == name)
            {
                return values[i];
            }
        }

        return null;
    }

    private string? ReadObject()
    {
        if (!Take('{'))
        {
            return Wrong("'{'");
        }

        if (!Take('}'))
        {
            do
            {
                string? reason = ReadField();
                if (reason != null)
                {
                    return reason;
                }
            }
            while (Take(','));
            if (!Take('}'))
            {
                return Wrong("',' or '}'");
            }
        }

        SkipSpace();
        return at == text.Length ? null : Wrong("the end");
    }

    private string? ReadField()
    {
        if (Count == MaximumFields)
        {
            return "more than " + MaximumFields + " fields";
        }

        string? name = ReadText();
        if (name == null)
        {
            return Wrong("a field's name in quotes");
        }

        if (Find(name) != null)
        {
            return "field '" + name + "' is there twice";
        }

        if (!Take(':'))
        {
            return Wrong("':'");
        }

        SkipSpace();
        string? value = at < text.Length && text[at] == '"' ? ReadText() : ReadWord();
        if (value == null)
        {
            return "the value of '" + name + "' is neither a text, a number, true nor false";
        }

        names[Count] = name;
        values[Count] = value;
        Count++;
        return null;
    }

    /// <summary>true, false or a number; null for anything else.</summary>
    private string? ReadWord()
    {
        int start = at;
        while (at < text.Length && IsWordCharacter(text[at]))
        {
            at++;
        }

        string word = text.Substring(start, at - start);
        return word == "true" || word == "false" || IsNumber(word) ? word : null;
    }

    private static bool IsWordCharacter(char c) =>
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '.';

    private static bool IsNumber(string word)
    {
        bool hasDigit = false;
        for (int i = 0; i < word.Length; i++)
        {
            char c = word[i];
            bool isDigit = c >= '0' && c <= '9';
            hasDigit = hasDigit || isDigit;
            if (!isDigit && c != '.' && !(c == '-' && i == 0))
            {
                return false;
            }
        }

        return hasDigit;
    }

    private string? ReadText()
    {
        if (!Take('"'))
        {
            return null;
        }

        var read = new StringBuilder();
        while (at < text.Length)
        {
            char c = text[at];
            at++;
            if (c == '"')
            {
                return read.ToString();
            }

            if (c < ' ')
            {
                return null;
            }

            if (c != '\\')
            {
                read.Append(c);
            }
            else if (!ReadEscape(read))
            {
                return null;
            }
        }

        return null;
    }

    private bool ReadEscape(StringBuilder to)
    {
        if (at == text.Length)
        {
            return false;
        }

        char c = text[at];
        at++;
        switch (c)
        {
            case '"':
            case '\\':
            case '/':
                to.Append(c);
                return true;
            case 'n':
                to.Append('\n');
                return true;
            case 'r':
                to.Append('\r');
                return true;
            case 't':
                to.Append('\t');
                return true;
            case 'b':
                to.Append('\b');
                return true;
            case 'f':
                to.Append('\f');
                return true;
            case 'u':
                return ReadCode(to);
            default:
                return false;
        }
    }

    private bool ReadCode(StringBuilder to)
    {
        int code = 0;
        for (int i = 0; i < 4; i++)
        {
            int digit = at < text.Length ? HexDigit(text[at]) : -1;
            if (digit < 0)
            {
                return false;
            }

            code = (code * 16) + digit;
            at++;
        }

        to.Append((char)code);
        return true;
    }

    private static int HexDigit(char c) =>
        c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

    private bool Take(char c)
    {
        SkipSpace();
        if (at == text.Length || text[at] != c)
        {
            return false;
        }

        at++;
        return true;
    }

    private void SkipSpace()
    {
        while (at < text.Length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
        {
            at++;
        }
    }

    private string Wrong(string expected) => "no flat JSON object: " + expected + " is missing at character " + (at + 1);
}
