using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Access;

/// <summary>
/// The centres that who asks may know of: the one way from a request to a centre. One it may not know of is not looked for, so that it is
/// answered as one that does not exist, in the same time.
/// </summary>
internal sealed class VisibleCentres(Centres centres, Requester requester)
{
    /// <inheritdoc cref="Centres.AllAsync"/>
    public Task<IReadOnlyList<string>> AllAsync(CancellationToken ct) => centres.AllAsync(ct, requester.Centres);

    /// <inheritdoc cref="Centres.FirstWithCasesAsync"/>
    public Task<string?> FirstWithCasesAsync(CancellationToken ct) => centres.FirstWithCasesAsync(ct, requester.Centres);

    /// <inheritdoc cref="Centres.CatalogueOfAsync"/>
    public Task<CatalogueLog?> CatalogueOfAsync(string centre, CancellationToken ct) => centres.CatalogueOfAsync(centre, ct, requester.Centres);

    /// <inheritdoc cref="Centres.ResolveAsync"/>
    public Task<(string? Centre, CatalogueLog Catalogue, string Reason)> ResolveAsync(string? asked, CancellationToken ct) => centres.ResolveAsync(asked, ct, requester.Centres);
}
