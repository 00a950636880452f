namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockNonGreedyJoinTests() : JoinContract<Parcel>(() => new Parcels(), (messages, options) =>
{
    StockPropagator<Parcel, Tuple<Parcel, Parcel>> join = StockBlocks.Join(messages, options);
    return (join, join.Targets[0], join.Targets[1]);
});
