using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Suites.Core;

/// <summary>Why `psyne` falls short of a goal of the core suite, and what was tried.</summary>
internal static class CoreRemarks
{
    private const string StoreBuffer =
        "the producer's core holds 64 stores that have not reached the cache, and each line they go to must first be "
        + "taken back from the consumer's cache: some 50 ns when both virtual cores share an L3, 150 to 250 ns when the "
        + "host moves them apart. So at most 64 / (stores a message) messages pass in that time";

    private const string StoreBufferTried = "a larger ring; prefetching the lines for writing; a consumer that pauses, so as to come later";

    public static IReadOnlyList<Remark> All { get; } =
    [
        new("throughput/8B/1x1/single", ">= 250 M/s", StoreBuffer, StoreBufferTried),
        new("throughput/8B/1x1/batch", ">= 600 M/s", StoreBuffer, StoreBufferTried),
    ];
}
