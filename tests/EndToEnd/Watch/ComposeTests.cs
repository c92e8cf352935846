using YamlDotNet.RepresentationModel;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>What <c>compose.yaml</c> holds to, beside being one that docker-compose reads (<c>deploy/try</c>).</summary>
public sealed class ComposeTests
{
    private static readonly YamlMappingNode Compose = Read();

    public static TheoryData<string> Services => [.. Of(Compose, "services").Children.Keys.Select(k => k.ToString())];

    [Theory, MemberData(nameof(Services))]
    public void Every_service_has_a_version_a_health_check_and_no_more_rights_than_it_needs(string name)
    {
        var service = Of(Of(Compose, "services"), name);
        Assert.Matches(@":(v?\d+(\.\d+)+|local)$", service.Children["image"].ToString());
        Assert.True(service.Children.ContainsKey("healthcheck"), "has no health check");
        Assert.Equal("no-new-privileges:true", ((YamlSequenceNode)service.Children["security_opt"]).Single().ToString());
        Assert.Equal("unless-stopped", service.Children["restart"].ToString());
    }

    [Fact]
    public void What_asks_nobody_for_a_password_is_published_on_this_machine_only()
    {
        foreach (var name in (string[])["prometheus", "alertmanager"])
            Assert.All((YamlSequenceNode)Of(Of(Compose, "services"), name).Children["ports"], port => Assert.StartsWith("127.0.0.1:", port.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("ports", Of(Of(Compose, "services"), "blackbox").Children.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public void No_password_stands_in_it_and_what_is_mounted_is_there()
    {
        var text = File.ReadAllText(Path.Combine(HouseRulesTests.Root, "compose.yaml"));
        foreach (var line in text.Split('\n').Where(l => !l.TrimStart().StartsWith('#') && l.Contains("PASSWORD", StringComparison.Ordinal)))
            Assert.Matches(@"_FILE: /run/secrets/", line);
        var mounted = Of(Compose, "services").Children.Values.OfType<YamlMappingNode>().Where(s => s.Children.ContainsKey("volumes"))
            .SelectMany(s => (YamlSequenceNode)s.Children["volumes"]).Select(v => v.ToString().Split(':')[0]).Where(v => v.StartsWith("./dashboards", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(mounted);
        Assert.All(mounted, path => Assert.True(Path.Exists(Path.Combine(HouseRulesTests.Root, path)), $"{path} is not there"));
    }

    private static YamlMappingNode Of(YamlMappingNode node, string name) => (YamlMappingNode)node.Children[name];

    private static YamlMappingNode Read()
    {
        using var text = File.OpenText(Path.Combine(HouseRulesTests.Root, "compose.yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
