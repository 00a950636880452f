namespace Psyne.Flow;

/// <summary>What a channel is made with. Values are checked when they are set, and copied when the channel is made.</summary>
/// <example><code>
/// using var channel = SlabChannel.CreateSpsc&lt;Reading&gt;(new SlabChannelOptions { Capacity = 4096, FullMode = FullMode.DropOldest });
/// </code></example>
public sealed record SlabChannelOptions
{
    /// <summary>The largest capacity in slots.</summary>
    public const int MaximumCapacity = 1 << 22;

    /// <summary>The largest number of consumers of a broadcast channel.</summary>
    public const int MaximumReaders = 1024;

    /// <summary>The largest number of lanes.</summary>
    public const int MaximumLanes = 64;

    private const int DefaultCapacity = 1024;
    private const int DefaultTensorCapacity = 16;

    private readonly int? _capacity;

    internal static SlabChannelOptions Default { get; } = new();

    /// <summary>The options for tensors, which are large: unless a capacity was named few slots keep the memory hot and small.</summary>
    internal SlabChannelOptions ForTensors() => _capacity is null ? this with { Capacity = DefaultTensorCapacity } : this;

    /// <summary>
    /// Messages that the channel holds, 1 to <see cref="MaximumCapacity"/>. Default 1024, and 16 for tensors. A ring rounds
    /// it up to a power of two; <see cref="SlabChannel.Capacity"/> says what it became.
    /// </summary>
    public int Capacity
    {
        get => _capacity ?? DefaultCapacity;
        init => _capacity = value is > 0 and <= MaximumCapacity
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Capacity), value, $"Capacity {value} is outside 1 to {MaximumCapacity} slots.");
    }

    /// <summary>The most bytes of message slots, or 0 for no such bound. Lowers the capacity where it is the smaller bound; of a ring, to a power of two.</summary>
    public long CapacityBytes
    {
        get;
        init => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(CapacityBytes), value, $"CapacityBytes {value} is below 0.");
    }

    /// <summary>What a claim does when the channel is full. Default <see cref="FullMode.Wait"/>.</summary>
    public FullMode FullMode
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(FullMode), value, $"FullMode {value} is none of {string.Join(", ", Enum.GetNames<FullMode>())}.");
    }

    /// <summary>When <see cref="FullMode.Adaptive"/> changes its mind.</summary>
    public AdaptivePolicy Adaptive { get; init => field = value ?? throw new ArgumentNullException(nameof(Adaptive)); } = new();

    /// <summary>How threads wait for messages and for room.</summary>
    public IdleStrategy Idle { get; init; } = IdleStrategy.Balanced;

    /// <summary>Where the slab's memory comes from.</summary>
    public SlabBacking Backing
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Backing), value, $"Backing {value} is none of {string.Join(", ", Enum.GetNames<SlabBacking>())}.");
    }

    /// <summary>Reserve (n+1) x 32 MiB of address space instead of just what the capacity needs; -1 for the exact size.</summary>
    public int SizeFactor
    {
        get;
        init => field = value >= -1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SizeFactor), value, $"SizeFactor {value} is below -1.");
    } = -1;

    /// <summary>Ask for huge pages.</summary>
    public bool HugePages { get; init; }

    /// <summary>How diagnostics call the channel; null for a number.</summary>
    public string? Name { get; init; }

    /// <summary>The most consumers of a broadcast channel, 1 to <see cref="MaximumReaders"/>. Default 64.</summary>
    public int Readers
    {
        get;
        init => field = value is > 0 and <= MaximumReaders
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Readers), value, $"Readers {value} is outside 1 to {MaximumReaders}.");
    } = 64;

    /// <summary>
    /// Rings of the channel, one for each producer, each of <see cref="Capacity"/> messages; 0, the default, for one ring
    /// that all producers share. Up to <see cref="MaximumLanes"/>. With lanes a producer opens an end of its own
    /// (<see cref="SlabChannel{T}.OpenWriter"/>) and uses it from one thread at a time; consumers take from the lanes in
    /// turn. Each producer's messages stay in order; messages of different producers don't, even where one was published
    /// before the other was claimed.
    /// </summary>
    /// <remarks>
    /// For <see cref="ChannelMode.Mpsc"/> and <see cref="ChannelMode.Mpmc"/>, values of up to 256 bytes, and every
    /// <see cref="FullMode"/> but <see cref="FullMode.DropOldest"/>; not with <see cref="LatencySampling"/>. Anything else is
    /// refused when the channel is made. A channel holds Lanes x Capacity messages then; <see cref="CapacityBytes"/> bounds
    /// all lanes together.
    /// </remarks>
    public int Lanes
    {
        get;
        init => field = value is >= 0 and <= MaximumLanes
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Lanes), value, $"Lanes {value} is outside 0 to {MaximumLanes}.");
    }

    /// <summary>
    /// One in so many messages is timed from publish to take, and its latency recorded in the channel's histogram; 0 for
    /// none. Default 0. While somebody listens to the activity source "Psyne.Flow", each of them is an activity, too.
    /// </summary>
    public int LatencySampling
    {
        get;
        init => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LatencySampling), value, $"LatencySampling {value} is below 0.");
    }

    /// <summary>
    /// Whether the channel remembers where each lease was taken, so that errors and leak reports say it: for finding
    /// bugs, at the price of a stack trace a lease. The default is false, or what the switch
    /// <c>Psyne.Flow.TrackLeases</c> of <see cref="AppContext"/> says.
    /// </summary>
    public bool TrackLeases { get; init; } = AppContext.TryGetSwitch("Psyne.Flow.TrackLeases", out var track) && track;
}
