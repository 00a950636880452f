namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockBufferSourceTests() : SourceContract<Parcel>(() => new Parcels(), StockBlocks.Buffer);

public sealed class StockTransformSourceTests() : SourceContract<Parcel>(() => new Parcels(), StockBlocks.Transform);

public sealed class StockTransformAsyncSourceTests() : SourceContract<Parcel>(() => new Parcels(), StockBlocks.TransformAsync);

public sealed class StockTransformManySourceTests() : SourceContract<Parcel>(() => new Parcels(), StockBlocks.TransformMany);

public sealed class StockBatchSourceTests()
    : SourceContract<Parcel[]>(() => new Batches<Parcel>(new Parcels(), 2), (batches, options) => StockBlocks.Batch((Batches<Parcel>)batches, options));

public sealed class StockJoinSourceTests()
    : SourceContract<Tuple<Parcel, Parcel>>(() => new Pairs<Parcel>(new Parcels()), (pairs, options) => StockBlocks.Join((Pairs<Parcel>)pairs, options));
