using System.Globalization;

namespace SlaMonitor.Fuzz;

/// <summary>Values that somebody may send by mistake, by malice, or by a program that has gone wrong; each as it stands in JSON.</summary>
internal static class BadValues
{
    /// <summary>Numbers that do not fit, are none, or are written in a way of their own.</summary>
    public static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1e0", "1.0", "1.50e1", "1e28", "1e29", "1e308", "1e309", "1e400", "1e999", "1e1000", "1e-28", "1e-29", "1e-999", "-1e999", "1e400000", "1e-400000", "1e99999999999", "2147483647", "2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "79228162514264337593543950335", "79228162514264337593543950336", "0.1234567890123456789012345678901234567890", "0.00000000000000000000000000000000001",
        "NaN", "Infinity", "-Infinity", "01", "+1", ".5", "5.", "0x10", "1_000", "1,5", new string('9', 999), new string('9', 1001), "0." + new string('0', 990) + "1", new string('9', 140_000),
    ];

    /// <summary>Times that are none, or that no case has happened at.</summary>
    public static readonly string[] Times =
    [
        "2026-03-02T09:30:00", "2026-03-02 09:30:00", "2026-03-02", "09:30:00+08:00", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+08:00", "1970-01-01T00:00:00Z", "1901-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0000-00-00T00:00:00Z",
        "2026-03-25T00:00:00Z", "2099-01-01T00:00:00Z", "2199-12-27T23:59:59Z", "2199-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-18:00", "-9998-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2026-03-02T24:00:00+08:00", "2026-03-02T24:00:01Z",
        "2026-03-02T23:59:60Z", "2016-12-31T23:59:60Z", "2026-13-02T09:30:00Z", "2026-02-30T09:30:00Z", "2026-00-10T09:30:00Z", "2026-03-02T25:00:00Z", "2026-03-02T09:60:00Z", "2026-03-02T09:30:00+25:00", "2026-03-02T09:30:00+18:00", "2026-03-02T09:30:00+18:01",
        "2026-03-02T09:30:00.123456789123Z", "2026-03-02T09:30:00,5Z", "2026-03-02T09:30Z", "2026-03-02T09Z", "20260302T093000Z", "2026-W10-1T09:30:00Z", "2026-061T09:30:00Z", "1772415000", "1772415000000", "02/03/2026 09:30", "2026年3月2日 9:30", "２０２６-03-02T09:30:00Z",
        "2026-03-02T09:30:00 +08:00", " 2026-03-02T09:30:00Z", "2026-03-02T09:30:00Z ", "2026-03-02t09:30:00z", "2026-03-02T09:30:00Asia/Shanghai", "yesterday", "Mon, 02 Mar 2026 09:30:00 GMT", "",
    ];

    /// <summary>Limits that are none, that nobody lives to see, and some that are just about right.</summary>
    public static readonly string[] Limits =
    [
        """{"workingDays":-5}""", """{"workingDays":1000000000}""", """{"workingDays":25000}""", """{"workingDays":25001}""", """{"workingDays":2500}""", """{"workingDays":5.5}""", """{"workingDays":"5"}""", """{"workingDays":null}""", """{"workingDays":0}""",
        """{"workingDays":25000,"count":"elapsed","boundary":"open"}""", """{"workingDays":0,"count":"elapsed","boundary":"open"}""", """{"calendarDays":-1}""", """{"calendarDays":36525}""", """{"calendarDays":36526}""", """{"calendarDays":36525,"ends":"sameTime","roll":false}""",
        """{"workingTime":"P99999Y"}""", """{"workingTime":"P1D"}""", """{"workingTime":"PT-5H"}""", """{"workingTime":"-PT5H"}""", """{"workingTime":"PT876600H","boundary":"open"}""", """{"workingTime":"PT876601H"}""", """{"workingTime":"PT99999999999999999999H"}""", """{"workingTime":"PT9223372036854775807S"}""",
        """{"workingTime":"PT0.0000001S"}""", """{"workingTime":"PT"}""", """{"workingTime":"5h"}""", """{"workingTime":62}""", """{"workingTime":"PT200000H"}""", """{"elapsed":"PT876600H"}""", """{"elapsed":"P99999Y"}""", """{"elapsed":"PT0S"}""", """{"sameDay":false}""", """{"sameDay":"true"}""", """{"days":5}""", "{}", "[]", "5", "-5", "true",
        """{"workingDays":5,"calendarDays":5}""", """{"workingDays":5,"ends":"sameTime"}""", """{"workingDays":5,"unknown":1}""", """{"calendarDays":5,"roll":"yes"}""", "\"P5D\"", "\"5\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"2199-12-31\"", "\"2199-12-27\"", "\"1900-01-01\"", "\"1969-12-31\"", "\"2150-06-01\"",
        "\"2199-12-27T23:59:59Z\"", "\"1900-01-04T00:00:00Z\"", "\"2026-02-30\"", "\"-0001-01-01\"", """{"review":{"workingDays":25000},"":{"workingDays":1}}""", """{"deadline":"2199-12-27T23:59:59Z"}""", """{"deadline":"1969-01-01T00:00:00Z"}""",
    ];

    /// <summary>Texts with something in them that should not be there.</summary>
    public static readonly string[] Texts =
    [
        "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\u202e\\u0645evil\"", "\"\\u200b\"", "\"\\ufeff\"", "\"\\uffff\"", "\"\\u0001\\u0007\\u001b[31m\"", "\"a\\tb\\nc\\r\\n\"", "\"\\u2028\"", "\"\u007f\u0085\"",
        "\"a\tb\"", "\"\u0001\"", "\"'; DROP TABLE mt_events; --\"", "\"<script>alert(1)</script>\"", "\"{{7*7}}\"", "\"%00%s%n\"", "\"../../etc/passwd\"", "\"=cmd|' /C calc'!A0\"", "\"\\x\"", "\"\\u12\"", "\"\\\"", "'single'", "\"ａｂｃ\"", "\"e\\u0301\"", "\"\u202e\u2066x\"",
        $"\"{JsonPiece.Byte(0xe9)}\"", $"\"{JsonPiece.Byte(0xff)}{JsonPiece.Byte(0xfe)}\"", $"\"{JsonPiece.Byte(0xc0)}{JsonPiece.Byte(0x80)}\"", $"\"{JsonPiece.Byte(0xed)}{JsonPiece.Byte(0xa0)}{JsonPiece.Byte(0x80)}\"", $"\"{JsonPiece.Byte(0xf4)}{JsonPiece.Byte(0x90)}{JsonPiece.Byte(0x80)}{JsonPiece.Byte(0x80)}\"", $"\"{JsonPiece.Byte(0xe4)}\"",
    ];

    /// <summary>Subjects that name no case, or one that can hardly be asked for.</summary>
    public static readonly string[] Subjects =
    [
        "", "case", "case/", "case//", "case/ ", "case/ 1", "case/1 ", "Case/1", "window/1", "/case/1", "case/1\\n2", "case/1\\t", "case/\\u202e1", "case/\\u200b", "case/1\\u2028", "case/\\ufeff1", "case/\\u00a01", "case/a b", "case/a/b", "case/..", "case/.", "case/%2F", "case/a%2fb", "case/?x=1#y", "case/*", "case/\\\\", "case/\\u0000", "complaint", "complaint/", "complaint/ 1", "complaints/1", "catalogue", "clock/1/case.promised/1",
    ];

    /// <summary>Values of any kind that are wrong nearly everywhere.</summary>
    public static readonly string[] Others = ["null", "true", "false", "{}", "[]", "[[]]", "[null]", "{\"a\":null}", "\"text\"", "5", "-5", "1.5", "undefined", "nul", "TRUE", "", "[1,2", "{\"a\":"];

    /// <summary>A text of a length; no compression makes it short, so that it is as long in an index.</summary>
    public static string Long(Random random, int length) => string.Create(length, random, static (text, random) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = (char)(0x4e00 + random.Next(0x5000));
    });

    /// <summary>Lists in lists, or objects in objects.</summary>
    public static string Nested(Random random, int depth) => random.Next(2) == 0
        ? new string('[', depth) + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    /// <summary>A code nobody knows.</summary>
    public static string Code(Random random) => string.Create(CultureInfo.InvariantCulture, $"\"no-such-{random.Next(1000)}\"");
}
