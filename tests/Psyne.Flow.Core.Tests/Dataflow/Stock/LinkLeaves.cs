namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockLinkTests : LinkContract<Parcel, StockRegistry>;
