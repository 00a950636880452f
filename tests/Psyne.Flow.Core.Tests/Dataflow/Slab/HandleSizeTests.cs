using System.Runtime.CompilerServices;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Rule P4: what passes between blocks is a handle of 16 bytes.</summary>
public sealed class HandleSizeTests
{
    [Fact, Trait("rule", "P4")]
    public void Handles_Of16Bytes()
    {
        Assert.Equal(16, Unsafe.SizeOf<Lease<Small>>());
        Assert.Equal(16, Unsafe.SizeOf<Lease<Large>>());
        Assert.Equal(16, Unsafe.SizeOf<OwnedLeaseBatch<Large>>());
        Assert.Equal(16, Unsafe.SizeOf<LeasePair<Small, Large>>());
        Assert.Equal(16, Unsafe.SizeOf<LeaseTriple<Small, Large, Small>>());
        Assert.Equal(16, Unsafe.SizeOf<OutputSlot<Large>>());
    }

    [Fact, Trait("rule", "P4")]
    public void DeadLetter_IsAHandleAndItsError() =>
        Assert.Equal(16 + Unsafe.SizeOf<nint>(), Unsafe.SizeOf<DeadLetter<Large>>());
}
