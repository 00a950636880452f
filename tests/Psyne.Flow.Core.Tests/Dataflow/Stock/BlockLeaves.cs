namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockActionBlockTests() : BlockContract<Parcel>(() => new Parcels(), StockBlocks.Action);

public sealed class StockActionAsyncBlockTests() : BlockContract<Parcel>(() => new Parcels(), StockBlocks.ActionAsync);

public sealed class StockBufferBlockTests() : BlockContract<Parcel>(() => new Parcels(), StockBlocks.Buffer);

public sealed class StockTransformBlockTests() : BlockContract<Parcel>(() => new Parcels(), StockBlocks.Transform);

public sealed class StockTransformAsyncBlockTests() : BlockContract<Parcel>(() => new Parcels(), StockBlocks.TransformAsync);

public sealed class StockTransformManyBlockTests() : BlockContract<Parcel>(() => new Parcels(), StockBlocks.TransformMany);

public sealed class StockBatchBlockTests()
    : BlockContract<Parcel[]>(() => new Batches<Parcel>(new Parcels(), 2), (batches, options) => StockBlocks.Batch((Batches<Parcel>)batches, options));

public sealed class StockJoinBlockTests()
    : BlockContract<Tuple<Parcel, Parcel>>(() => new Pairs<Parcel>(new Parcels()), (pairs, options) => StockBlocks.Join((Pairs<Parcel>)pairs, options));
