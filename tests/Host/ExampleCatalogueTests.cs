using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;

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
        Assert.Equal(6, CatalogueFiles.ReadAll(Examples).Count);
        Assert.All(((string[])["mappings", "webhooks"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(CatalogueFiles.Folder, folder), "*.yaml")), m => Assert.Contains(Mapping.ReadFile(m).Centre, centres));
    }
}
