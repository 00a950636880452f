using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Observables;

/// <summary>A channel's read end.</summary>
public sealed class ReaderSource<T>(SlabChannel<T> channel) : ObservedSource<T>(channel) where T : unmanaged, INumbered<T>
{
    internal override SlabObservable<T> Values => Channel.Reader.AsObservable();

    internal override SlabObservable<Lease<T>> Loans => Channel.Reader.AsLeaseObservable();

    internal override SlabObservable<Lease<T>> Retained(RetainedOptions? options = null) => Channel.Reader.AsRetainedObservable(options);
}

/// <summary>A block that takes from a channel.</summary>
public sealed class BlockSource<T>(SlabChannel<T> channel) : ObservedSource<T>(channel) where T : unmanaged, INumbered<T>
{
    private readonly SlabSourceBlock<Lease<T>> _block = channel.Reader.AsSourceBlock();

    internal override long Waiting => base.Waiting + _block.OutputCount;

    internal override SlabObservable<T> Values => _block.AsObservable();

    internal override SlabObservable<Lease<T>> Loans => _block.AsLeaseObservable();

    internal override SlabObservable<Lease<T>> Retained(RetainedOptions? options = null) => _block.AsRetainedObservable(options);
}

public sealed class RingObservableTests : ObservableContract<Small>
{
    private protected override ObservedSource<Small> Open() => new ReaderSource<Small>(SlabChannel.CreateSpsc<Small>(Options));
}

public sealed class CompetingObservableTests : ObservableContract<Small>
{
    private protected override ObservedSource<Small> Open() => new ReaderSource<Small>(SlabChannel.CreateMpmc<Small>(Options));
}

public sealed class PooledObservableTests : ObservableContract<Large>
{
    private protected override ObservedSource<Large> Open() => new ReaderSource<Large>(SlabChannel.CreateMpmc<Large>(Options));
}

public sealed class BroadcastObservableTests : ObservableContract<Small>
{
    private protected override ObservedSource<Small> Open() => new ReaderSource<Small>(SlabChannel.CreateBroadcast<Small>(Options));
}

public sealed class ValueBlockObservableTests : ObservableContract<Small>
{
    private protected override ObservedSource<Small> Open() => new BlockSource<Small>(SlabChannel.CreateSpsc<Small>(Options));
}

public sealed class LeaseBlockObservableTests : ObservableContract<Large>
{
    private protected override ObservedSource<Large> Open() => new BlockSource<Large>(SlabChannel.CreateMpmc<Large>(Options));
}
