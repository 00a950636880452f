namespace Psyne.Flow.Reactive.Tests;

public sealed class ValueOperatorTests : OperatorContract<long>
{
    private protected override bool Lasts => true;

    private protected override IObservable<long> Observe(SlabReader<long> reader) => reader.AsObservable();

    private protected override long Read(long message) => message;

    private protected override void Free(long message) { }
}

public sealed class LeaseOperatorTests : OperatorContract<Lease<long>>
{
    private protected override bool Lasts => false;

    private protected override IObservable<Lease<long>> Observe(SlabReader<long> reader) => reader.AsLeaseObservable();

    private protected override long Read(Lease<long> message) => message.Value;

    private protected override void Free(Lease<long> message) { }
}

public sealed class RetainedOperatorTests : OperatorContract<Lease<long>>
{
    private protected override bool Lasts => true;

    private protected override IObservable<Lease<long>> Observe(SlabReader<long> reader) => reader.AsRetainedObservable();

    private protected override long Read(Lease<long> message) => message.Value;

    private protected override void Free(Lease<long> message) => message.Dispose();
}
