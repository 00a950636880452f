using Psyne.Flow.Tests.Dataflow.Stock;

namespace Psyne.Flow.Tests.Dataflow.Slab;

public sealed class SmallBatchBlockTests()
    : BlockContract<OwnedLeaseBatch<Small>>(() => new LeaseBatches<Small>(new Leases<Small>(), 2), (batches, options) => SlabGroups.Batch((LeaseBatches<Small>)batches, options));

public sealed class SmallJoinBlockTests()
    : BlockContract<LeasePair<Small, Small>>(() => new LeasePairs<Small>(new Leases<Small>()), (pairs, options) => SlabGroups.Join((LeasePairs<Small>)pairs, options));

public sealed class SmallBatchSourceTests()
    : SourceContract<OwnedLeaseBatch<Small>>(() => new LeaseBatches<Small>(new Leases<Small>(), 2), (batches, options) => SlabGroups.Batch((LeaseBatches<Small>)batches, options));

public sealed class SmallJoinSourceTests()
    : SourceContract<LeasePair<Small, Small>>(() => new LeasePairs<Small>(new Leases<Small>()), (pairs, options) => SlabGroups.Join((LeasePairs<Small>)pairs, options));

public sealed class SmallMergeBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabGroups.Merge);

public sealed class SmallMergeSourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabGroups.Merge);

public sealed class SmallMergeTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabGroups.Merge);

public sealed class SmallBatchTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabGroups.BatchOfOne);

public sealed class SmallNonGreedyJoinTests() : JoinContract<Lease<Small>>(() => new Leases<Small>(), (messages, options) =>
{
    StockPropagator<Lease<Small>, LeasePair<Small, Small>> join = SlabGroups.Join(new LeasePairs<Small>((Leases<Small>)messages), options);
    return (join, join.Targets[0], join.Targets[1]);
});

public sealed class LargeBatchBlockTests()
    : BlockContract<OwnedLeaseBatch<Large>>(() => new LeaseBatches<Large>(new Leases<Large>(), 2), (batches, options) => SlabGroups.Batch((LeaseBatches<Large>)batches, options));

public sealed class LargeJoinBlockTests()
    : BlockContract<LeasePair<Large, Large>>(() => new LeasePairs<Large>(new Leases<Large>()), (pairs, options) => SlabGroups.Join((LeasePairs<Large>)pairs, options));

public sealed class LargeBatchSourceTests()
    : SourceContract<OwnedLeaseBatch<Large>>(() => new LeaseBatches<Large>(new Leases<Large>(), 2), (batches, options) => SlabGroups.Batch((LeaseBatches<Large>)batches, options));

public sealed class LargeJoinSourceTests()
    : SourceContract<LeasePair<Large, Large>>(() => new LeasePairs<Large>(new Leases<Large>()), (pairs, options) => SlabGroups.Join((LeasePairs<Large>)pairs, options));

public sealed class LargeMergeBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabGroups.Merge);

public sealed class LargeMergeSourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabGroups.Merge);

public sealed class LargeMergeTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabGroups.Merge);

public sealed class LargeBatchTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabGroups.BatchOfOne);

public sealed class LargeNonGreedyJoinTests() : JoinContract<Lease<Large>>(() => new Leases<Large>(), (messages, options) =>
{
    StockPropagator<Lease<Large>, LeasePair<Large, Large>> join = SlabGroups.Join(new LeasePairs<Large>((Leases<Large>)messages), options);
    return (join, join.Targets[0], join.Targets[1]);
});

public sealed class SmallJoinOfThreeBlockTests()
    : BlockContract<LeaseTriple<Small, Small, Small>>(() => new LeaseTriples<Small>(new Leases<Small>()), (triples, options) => SlabGroups.JoinOfThree((LeaseTriples<Small>)triples, options));

public sealed class SmallJoinOfThreeSourceTests()
    : SourceContract<LeaseTriple<Small, Small, Small>>(() => new LeaseTriples<Small>(new Leases<Small>()), (triples, options) => SlabGroups.JoinOfThree((LeaseTriples<Small>)triples, options));

public sealed class LargeJoinOfThreeBlockTests()
    : BlockContract<LeaseTriple<Large, Large, Large>>(() => new LeaseTriples<Large>(new Leases<Large>()), (triples, options) => SlabGroups.JoinOfThree((LeaseTriples<Large>)triples, options));

public sealed class LargeJoinOfThreeSourceTests()
    : SourceContract<LeaseTriple<Large, Large, Large>>(() => new LeaseTriples<Large>(new Leases<Large>()), (triples, options) => SlabGroups.JoinOfThree((LeaseTriples<Large>)triples, options));

public sealed class SmallNonGreedyBatchTests() : JoinContract<Lease<Small>>(() => new Leases<Small>(), (messages, options) =>
{
    StockPropagator<Lease<Small>, OwnedLeaseBatch<Small>> batch = SlabGroups.Batch(new LeaseBatches<Small>((Leases<Small>)messages, 2), options);
    return (batch, batch.Targets[0], batch.Targets[0]);
});

public sealed class LargeNonGreedyBatchTests() : JoinContract<Lease<Large>>(() => new Leases<Large>(), (messages, options) =>
{
    StockPropagator<Lease<Large>, OwnedLeaseBatch<Large>> batch = SlabGroups.Batch(new LeaseBatches<Large>((Leases<Large>)messages, 2), options);
    return (batch, batch.Targets[0], batch.Targets[0]);
});
