namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockNonGreedyJoinTests() : JoinContract<Parcel>(() => new Parcels(), (messages, options) =>
{
    StockPropagator<Parcel, Tuple<Parcel, Parcel>> join = StockBlocks.Join(messages, options);
    return (join, join.Targets[0], join.Targets[1]);
});

/// <summary>A batch of two that isn't greedy is a join with one target.</summary>
public sealed class StockNonGreedyBatchTests() : JoinContract<Parcel>(() => new Parcels(), (messages, options) =>
{
    StockPropagator<Parcel, Parcel[]> batch = StockBlocks.Batch(new Batches<Parcel>(messages, 2), options);
    return (batch, batch.Targets[0], batch.Targets[0]);
});
