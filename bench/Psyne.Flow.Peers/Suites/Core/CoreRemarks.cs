using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Suites.Core;

/// <summary>Why `psyne` falls short of a goal of the core suite, and what was tried.</summary>
internal static class CoreRemarks
{
    private const string PeerGoal = ">= 3x the better of Channels and BufferBlock";

    private const string PeerGoalOfLanes = PeerGoal + ", by the better of psyne and psyne-lanes";

    private const string Stores =
        "the producer's stores leave its core in order, and each line of the ring must first be taken back from the consumer's "
        + "cache: some 50 ns when both virtual cores share an L3, 150 to 250 ns when the host moves them apart, for minutes. A C "
        + "loop that stores value and word and nothing else passes 410 M/s near and 130 far; a third store to the same line "
        + "(the claim, which a closing channel must see) makes it 0.8 of that, a store to another line every fourth message again 0.8";

    private const string StoresTried =
        "all of a message's stores on its own line (95 to 150-190 M/s near, 25 to 45-68 far: ADR 0008); a larger ring; prefetching ahead of the "
        + "consumer; a longer pause of a consumer that has caught up; storing the position less often; one cursor word less";

    private const string UnboundedPeer =
        "the best peer is unbounded: its producer writes fresh memory that no other core has in its cache, and takes back nothing. "
        + "Against the bounded peers the factor is 6 and more";

    private const string Crowded =
        "five to eight threads share two cores: a thread that loses its core between taking a position and storing its word holds up "
        + "the rest until it runs again, while a lock's owner lets the others sleep, and the unbounded peers' producers never wait at all. "
        + "Alone, a message costs 18 ns to publish among several producers and 8 to take among several consumers; the lock-based peers "
        + "need about as much";

    private const string CrowdedTried =
        "one add instead of a compare-and-swap loop for the position; waking a waiter once and not at every message (8 to 25 M/s at 1x4 on a "
        + "loaded machine); staging up to 120 B (7 to 11 times at 64 B in batches); pausing after a failed compare-and-swap (slower); "
        + "yielding 0, 32 or 1000 times before parking (no clear winner). Not done: short runs kept by each consumer, which others may steal; "
        + "whoever stole an older run would see a producer's messages out of their order";

    private const string Pinned =
        "with lanes, batches reach 4 to 6 times, single messages of 8 B 2.0 to 2.4 times and of 64 B 1.2 to 1.5 times. The consumer's core is "
        + "also that of two of the producers, and does all of the taking and half of the publishing, some 9 ns a message, while the other core has "
        + "nothing to do for more than half of the time; 4096 messages are passed in 40 us, of which three changes of threads take 4. A message of 64 B has two lines, "
        + "and its word is stored after the second";

    private const string PinnedTried =
        "a ring for each producer (20-30 to 65-86 M/s at 8B/4x1); offering the core at once instead of spinning and pausing for 20 us (28 to 80 and more); "
        + "a gate for each lane's producer (15 to 25 M/s where they sleep)";

    private const string Competing =
        "a take among several consumers is a compare-and-swap and a store to the slot's line, which the producer takes back: 48 ns a message for "
        + "both sides even of one lane with one producer and one consumer, against 13 where there is only one. Lanes spare the producers' share of that. "
        + "In batches 4 to 6 times are reached at 8 B, 2.9 to 3.4 at 64 B";

    private const string CompetingTried =
        "a lane for each producer, and a lane for each consumer to begin at (1.0 to 1.1 times one ring at 8 B, 1.3 to 1.7 at 64 B); a mark on lanes that a consumer keeps to, which others pass by at first "
        + "(no difference); prefetching the lane (none). Not done: short runs kept by each consumer, which others may steal; whoever stole an older run would see a "
        + "producer's messages out of their order";

    public static IReadOnlyList<Remark> All { get; } =
    [
        new("throughput/8B/1x1/single", ">= 250 M/s", Stores, StoresTried),
        new("throughput/8B/1x1/single", ">= 2x the best peer", UnboundedPeer, StoresTried),
        new("throughput/8B/1x1/batch", ">= 600 M/s", Stores, StoresTried + "; an enumerator over the claimed slots (its struct lives on the stack: a quarter of the rate)"),
        new("throughput/8B/1x1/batch", ">= 2x the best peer", UnboundedPeer, StoresTried),
        new("throughput/*/4x1/*", PeerGoalOfLanes, Pinned, PinnedTried),
        new("throughput/*/4x4/*", PeerGoalOfLanes, Competing, CompetingTried),
        new("throughput/*/4x1/*", PeerGoal, Crowded, CrowdedTried),
        new("throughput/*/1x4/*", PeerGoal, Crowded, CrowdedTried),
        new("throughput/*/4x4/*", PeerGoal, Crowded, CrowdedTried),
        new("touched/*", ">= 0.95 of the loop alone",
            "the loop alone stays within one core's caches at 64 KiB; between two cores each line crosses once. The C ring of the same run is the nearer bound",
            "slots last in, first out (8 to 31 GB/s); in turn over 1, 2, 4, 8 and 16 MiB: 8 is in use (ADR 0007); huge pages (no effect)"),
        new("touched/64KiB", ">= 38 GB/s",
            "in short rounds, and while the host keeps the two cores apart; rounds of full length reach 45 to 71 where the cores share an L3",
            "as above; two locked instructions a message fewer on the slot's word"),
        new("latency/spin/8B", "p50 <= 1.3x the cache-line ping-pong",
            "1.1 to 1.4 on a quiet machine, with the C ring at 1.2 to 1.4: a claim, a value and a word against the ping-pong's one word",
            "payload and word in one line; no probe while traffic is thin; a producer that doesn't look at the slot while it is (105 to 75 ns, ADR 0008)"),
        new("latency/spin/8B", "p99.9 <= 1 us on a quiet machine",
            "the host takes the cores away for longer than that; the C ping-pong's own p99.9 of the same round shows it",
            "nothing: there is no call into the system between send and receive"),
        new("latency/parked/8B", "p50 <= 1.3x the futex ping-pong",
            "0.85 to 1.34 in quiet runs: the wake is one futex call, and the managed thread's return from it the rest",
            "the process-wide barrier before sleeping instead of a fence at every publish (ADR 0005)"),
    ];
}
