using System.Globalization;
using System.Text.Json;

namespace SlaMonitor.Host.Demo;

/// <summary>Somebody who does not exist: a name put together by chance, a street no town has, and a telephone number of a block that is never given out.</summary>
internal readonly record struct MadeUpPerson(string Name, string Phone, string Address, string? Email)
{
    private static readonly string[] Surnames = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "林", "郭", "何", "高", "罗"];
    private static readonly string[] Given = ["建国", "秀英", "志强", "丽华", "晓明", "桂兰", "海燕", "俊杰", "雪梅", "国平", "玉珍", "文博", "思远", "婷婷", "鹏飞", "春花", "伟", "静", "磊", "敏"];
    private static readonly string[] Streets = ["样板路", "示例街", "演示巷", "虚构大道", "试用里"];

    /// <summary>One of many.</summary>
    public static MadeUpPerson Of(DemoRandom random)
    {
        var name = random.Of<string>(Surnames) + random.Of<string>(Given);
        // The four digits after the first three are an exchange's, and 0000 is none.
        var phone = string.Create(CultureInfo.InvariantCulture, $"{random.Of(135, 138, 151, 177, 186)} 0000 {random.Next(10_000):0000}");
        var address = string.Create(CultureInfo.InvariantCulture, $"{random.Of<string>(Streets)}{random.Between(1, 300)}号{random.Between(1, 28)}栋{random.Between(101, 1802)}室");
        return new MadeUpPerson(name, phone, address, random.Chance(2_000) ? string.Create(CultureInfo.InvariantCulture, $"u{random.Next(100_000):00000}@example.com") : null);
    }

    /// <summary>Writes what a register asks for.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("name", Name);
        json.WriteString("phone", Phone);
        json.WriteString("address", Address);
        if (Email is not null)
            json.WriteString("email", Email);
    }
}
