namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockActionDelegateTests() : DelegateContract<Parcel>(() => new Parcels(), StockBlocks.Action);

public sealed class StockActionAsyncDelegateTests() : DelegateContract<Parcel>(() => new Parcels(), StockBlocks.ActionAsync);

public sealed class StockTransformDelegateTests() : DelegateContract<Parcel>(() => new Parcels(), StockBlocks.Transform);

public sealed class StockTransformAsyncDelegateTests() : DelegateContract<Parcel>(() => new Parcels(), StockBlocks.TransformAsync);

public sealed class StockTransformManyDelegateTests() : DelegateContract<Parcel>(() => new Parcels(), StockBlocks.TransformMany);
