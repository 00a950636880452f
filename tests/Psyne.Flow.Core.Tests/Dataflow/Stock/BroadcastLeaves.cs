namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockBroadcastSourceTests() : SourceContract<int>(() => new Numbers(), StockBlocks.Broadcast)
{
    protected override string? WhyNot(string rule) => rule switch
    {
        "C17" or "C18" or "C20" or "C27" or "C28" or "C31" or "C32" or "C33" or "C25" or "C38" => "a broadcast keeps its last message and offers it to everybody",
        _ => null,
    };
}
