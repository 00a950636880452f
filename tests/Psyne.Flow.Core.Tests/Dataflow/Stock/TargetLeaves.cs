namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockActionTargetTests() : TargetContract<Parcel>(() => new Parcels(), StockBlocks.Action);

public sealed class StockActionAsyncTargetTests() : TargetContract<Parcel>(() => new Parcels(), StockBlocks.ActionAsync);

public sealed class StockBufferTargetTests() : TargetContract<Parcel>(() => new Parcels(), StockBlocks.Buffer);

public sealed class StockTransformTargetTests() : TargetContract<Parcel>(() => new Parcels(), StockBlocks.Transform);

public sealed class StockTransformAsyncTargetTests() : TargetContract<Parcel>(() => new Parcels(), StockBlocks.TransformAsync);

public sealed class StockTransformManyTargetTests() : TargetContract<Parcel>(() => new Parcels(), StockBlocks.TransformMany);

public sealed class StockBatchTargetTests() : TargetContract<Parcel>(() => new Parcels(), StockBlocks.BatchOfOne);
