namespace SlaMonitor.Tests.Host.Import;

/// <summary>Times as sources write them.</summary>
public class TimeFormTests
{
    [Theory]
    [InlineData("America/New_York", "uuuu-MM-dd HH:mm", "2026-03-08 01:59", "2026-03-08T06:59:00Z")]
    [InlineData("America/New_York", "uuuu-MM-dd HH:mm", "2026-03-08 02:30", "2026-03-08T07:30:00Z")] // never was: moved forward to 03:30
    [InlineData("America/New_York", "uuuu-MM-dd HH:mm", "2026-03-08 03:00", "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "uuuu-MM-dd HH:mm", "2026-11-01 01:30", "2026-11-01T05:30:00Z")] // twice: the earlier
    [InlineData("America/New_York", "uuuu-MM-dd HH:mm", "2026-11-01 02:00", "2026-11-01T07:00:00Z")]
    [InlineData("Asia/Shanghai", "d/M/uuuu h:mm tt", "2/3/2026 1:05 PM", "2026-03-02T05:05:00Z")]
    [InlineData("Asia/Shanghai", "uuuu年M月d日 HH:mm", "2026年3月2日 09:00", "2026-03-02T01:00:00Z")]
    [InlineData("Asia/Shanghai", "dd-MMM-uuuu HH:mm", "02-Mar-2026 09:00", "2026-03-02T01:00:00Z")]
    [InlineData("Asia/Shanghai", "uuuu-MM-dd HH:mm", "2026-03-02T09:00:00+01:00", "2026-03-02T08:00:00Z")] // an offset is believed
    [InlineData("Asia/Shanghai", "uuuu-MM-dd HH:mm", "02/03/2026", null)]
    [InlineData("Asia/Shanghai", "uuuu-MM-dd HH:mm", "0001-01-01 00:00", null)]
    [InlineData("Asia/Shanghai", "excel", "46083.375", "2026-03-02T01:00:00Z")]
    [InlineData("Asia/Shanghai", "excel", "46083.3958333333", "2026-03-02T01:30:00Z")]
    [InlineData("UTC", "excel", "59", "1900-02-28T00:00:00Z")]
    [InlineData("UTC", "excel", "60.5", null)] // 29 February 1900 never was
    [InlineData("UTC", "excel", "61", "1900-03-01T00:00:00Z")]
    [InlineData("UTC", "excel", "-1", null)]
    [InlineData("UTC", "excel", "1e300", null)]
    [InlineData("UTC", "excel", "NaN", null)]
    [InlineData(null, "unix", "1772442000", "2026-03-02T09:00:00Z")]
    [InlineData(null, "unix", "1772442000.25", "2026-03-02T09:00:00.25Z")]
    [InlineData(null, "unix", "99999999999999", null)]
    [InlineData(null, "unixMilliseconds", "1772442000250", "2026-03-02T09:00:00.25Z")]
    public void A_time_is_read_by_pattern_and_zone(string? zone, string form, string text, string? at)
    {
        var (events, rejects) = MappedText.Map($"{MappedText.Csv}{(zone is null ? "" : $"zone: {zone}\n")}times: [\"{form}\"]\nevents:\n  - {{ type: case_closed, at: at, id: closed }}\n", $"case,at\nA,{text}\n");
        Assert.Equal(at is null ? [] : [$"case_closed {at} A/closed {{}}"], events);
        Assert.Equal(at is null ? 1 : 0, rejects.Count);
    }

    [Fact]
    public void A_zone_alone_reads_iso_without_offset_and_forms_are_tried_in_order()
    {
        var (events, _) = MappedText.Map(MappedText.Csv + "zone: Asia/Shanghai\nevents:\n  - { type: case_closed, each: row, at: at, id: \"{at}\" }\n", "case,at\nA,2026-03-02T09:00:00.5\nA,2026-03-02 09:00\n");
        Assert.Equal(["2026-03-02T01:00:00.5Z", "2026-03-02T01:00:00Z"], events.Select(e => e.Split(' ')[1]));
        (events, _) = MappedText.Map(MappedText.Csv + "zone: Asia/Shanghai\ntimes: [d/M/uuuu, M/d/uuuu]\nevents:\n  - { type: case_closed, each: row, at: at, id: \"{at}\" }\n", "case,at\nA,2/3/2026\nA,3/25/2026\n");
        Assert.Equal(["2026-03-01T16:00:00Z", "2026-03-24T16:00:00Z"], events.Select(e => e.Split(' ')[1]));
    }
}
