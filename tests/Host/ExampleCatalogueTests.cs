using Microsoft.Extensions.DependencyInjection;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Tests.Host;

/// <summary>The catalogues and mappings of the example logs.</summary>
public class ExampleCatalogueTests
{
    private static readonly string Examples = Path.Combine(CatalogueFiles.Folder, "examples");

    [Fact]
    public void A_host_publishes_none_of_them_by_itself() =>
        Assert.Equal(["it-department", "permits-nl", "service-hall"], CatalogueFiles.ReadAll(CatalogueFiles.Folder).Select(c => c.Catalogue.Centre).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_has_no_fault_and_each_mapping_is_for_a_centre_that_has_a_catalogue()
    {
        var centres = CatalogueFiles.ReadAll(CatalogueFiles.Folder).Concat(CatalogueFiles.ReadAll(Examples)).Select(c => c.Catalogue.Centre).ToList();
        Assert.Equal(9, CatalogueFiles.ReadAll(Examples).Count);
        Assert.All(((string[])["mappings", "webhooks"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(CatalogueFiles.Folder, folder), "*.yaml")), m => Assert.Contains(Mapping.ReadFile(m).Centre, centres));
    }

    [Theory]
    [InlineData("/?centre=it-department&lang=en")]
    [InlineData("/?centre=it-department&lang=zh")]
    [InlineData("/board/cases?centre=it-department")]
    [InlineData("/board/compliance?centre=it-department")]
    [InlineData("/board/anomalies?centre=it-department")]
    [InlineData("/compliance?centre=it-department&period=2026-Q1")]
    [InlineData("/compliance?centre=it-department&period=2026-Q1&by=service")]
    [InlineData("/restatements?centre=it-department&period=2026-Q1")]
    [InlineData("/anomalies?centre=it-department")]
    [InlineData("/metrics")]
    public async Task A_centre_that_has_services_and_no_cases_can_be_asked_like_any_other(string path)
    {
        await using var server = await TestServer.StartAsync();
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        using var answer = await server.Client.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    [Fact]
    public async Task A_list_of_clocks_of_a_centre_without_commitments_is_refused_with_the_reason()
    {
        await using var server = await TestServer.StartAsync();
        var services = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "examples", "github-status.yaml"));
        await CataloguePublishing.PublishAsync(server.Database.DataSource, [services], default);
        using var answer = await server.Client.GetAsync($"/cases?centre={services.Catalogue.Centre}");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("has a catalogue without commitments", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
