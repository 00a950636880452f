namespace Psyne.Flow.Diagnostics;

/// <summary>What happened in a block up to a moment. Figures are read one after another while others go on.</summary>
/// <param name="Received">Messages that came in, of all sources.</param>
/// <param name="Sent">Messages that left: to a target, or to whoever received them; of a broadcast, to each target.</param>
/// <param name="InputCount">Messages that wait to be handled.</param>
/// <param name="OutputCount">Messages that wait to be taken.</param>
/// <param name="Waits">How often a source was told to wait for room.</param>
/// <param name="AllocatedBytes">Bytes that the block's own runs allocated on the managed heap, the delegate's included; not what an asynchronous delegate allocates after it first waited.</param>
public readonly record struct BlockStatistics(long Received, long Sent, int InputCount, int OutputCount, long Waits, long AllocatedBytes);
