using Psyne.Flow.Tests.PublicApi;

namespace Psyne.Flow.Reactive.Tests.PublicApi;

/// <summary>What users can see changes only on purpose; <c>PSYNE_ACCEPT_API=1</c> accepts it.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Reactive_PublicApi_IsTheApprovedOne() => ApprovedApi.Check("Psyne.Flow.Reactive");
}
