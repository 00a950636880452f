#pragma warning disable RS0030 // counters and one-time flags; nothing on the slab is ordered by them
using System.Diagnostics;
using Psyne.Flow.Atomics;
using Psyne.Flow.Diagnostics;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>
/// What all ends of a channel share: the slab, the gates, the roles, and how the channel ends. Public channels are
/// handles on it, several of which may be open by name.
/// </summary>
/// <remarks>
/// Ending: Close shuts both gates and makes every running claim and take see it (a process-wide barrier). From then on
/// no claim opens, so that published, taken and held only move towards the end; whoever moves one looks again
/// (<see cref="OnPublished"/>, <see cref="OnReleased"/>). <c>_lock</c> guards the consumers, and is taken before a hub's.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed unsafe partial class ChannelCore
{
    private static long s_lastId;

    private readonly Lock _lock = new();
    private readonly List<IReaderCore> _readers = [];

    /// <summary>Broadcast consumers that were closed with leases in the ring: these keep their place until the last ends.</summary>
    private readonly List<IReaderCore> _leaving = [];
    private int _leavingCount;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _fault;
    private SidePool? _side;
    private int _producers;
    private int _consumers;
    private int _disposed;
    private bool _mayFree;
    private int _handles = 1;
    private long _drops;
    private long _misuses;
    private bool _shedding;
    private long _lastShed;

    internal ChannelCore(ChannelMode mode, SlabChannelOptions options, ChannelLayout layout, string message)
    {
        Mode = mode;
        Options = options;
        Layout = layout;
        Message = message;
        Id = Interlocked.Increment(ref s_lastId);
        Name = options.Name ?? $"channel-{Id}";
        Slab = Slab.Allocate(SlabOptionsFor(options, layout.Length));
        var memory = Slab.Base;
        *(long*)(memory + ChannelLayout.RingCapacityOffset) = layout.RingCapacity;
        *(long*)(memory + ChannelLayout.RingStrideOffset) = layout.RingStride;
        *(long*)(memory + ChannelLayout.CapacityOffset) = layout.Capacity;
        *(long*)(memory + ChannelLayout.SlotsOffset) = layout.Slots;
        *(long*)(memory + ChannelLayout.PayloadStrideOffset) = layout.PayloadStride;
        *(long*)(memory + ChannelLayout.PayloadBytesOffset) = layout.PayloadBytes;
        *(long*)(memory + ChannelLayout.LanesOffset) = layout.Lanes;
        *(int*)(memory + ChannelLayout.ModeOffset) = (int)mode;
        *(int*)(memory + ChannelLayout.VersionOffset) = ChannelLayout.Version;
        *(ulong*)(memory + ChannelLayout.MagicOffset) = ChannelLayout.Magic;
        Tracker = options.TrackLeases ? new LeaseTracker(this) : null;
        Sampler = LatencySampler.Create(this);
        Items = new WaitHub(new WaitGate<HardwareAtomics>(memory + ChannelLayout.ItemsGateOffset));
        Space = new WaitHub(new WaitGate<HardwareAtomics>(memory + ChannelLayout.SpaceGateOffset));
    }

    internal long Id { get; }

    internal string Name { get; }

    internal ChannelMode Mode { get; }

    internal SlabChannelOptions Options { get; }

    internal ChannelLayout Layout { get; }

    /// <summary>What the messages are, for people.</summary>
    internal string Message { get; }

    internal Slab Slab { get; }

    /// <summary>Where consumers wait for messages; signalled by producers.</summary>
    internal WaitHub Items { get; }

    /// <summary>Where producers wait for room; signalled by consumers. With lanes each has its own (<see cref="WriterCore.Space"/>).</summary>
    internal WaitHub Space { get; }

    /// <summary>What messages are claimed and published with: one for all producers, or with lanes one for each.</summary>
    internal WriterCore[] Writers { get; private set; } = [];

    internal SlotPool? Pool { get; set; }

    /// <summary>How tensors lie in the slots; null where messages are none.</summary>
    internal Tensors.TensorLayout? Tensors { get; set; }

    /// <summary>Makes the reader of a new consumer.</summary>
    internal Func<IReaderCore> ReaderFactory { private get; set; } = null!;

    /// <summary>Takes the oldest waiting message away and reports it. Null where the policy never asks.</summary>
    internal Func<bool>? DropOldest { get; set; }

    /// <summary>Told of every dropped message, before its slot is used again; outside locks.</summary>
    internal event SlotDropped? Dropped;

    /// <summary>Remembers where leases were taken; null when nobody asked.</summary>
    internal LeaseTracker? Tracker { get; }

    /// <summary>Latencies from publish to take of the sampled messages; null when none are.</summary>
    internal LatencySampler? Sampler { get; }

    /// <summary>Whether the adaptive policy is dropping at present.</summary>
    internal bool IsShedding => Volatile.Read(ref _shedding);

    /// <summary>When the adaptive policy last dropped a message.</summary>
    internal long LastShed { get => Volatile.Read(ref _lastShed); set => Volatile.Write(ref _lastShed, value); }

    internal Task Completion => _completion.Task;

    internal Exception? Fault => _fault;

    internal bool IsClosed => Items.IsClosed;

    /// <summary>No message will come any more, but for those that were published or claimed before: it was disposed, it was found finished, or it is closed and no claim is open.</summary>
    internal bool HasNoClaims => IsClosed && (IsDisposed || _completion.Task.IsCompleted || (Items.IsSealed && OpenClaims == 0));

    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    internal long Drops => Volatile.Read(ref _drops);

    internal long Misuses => Volatile.Read(ref _misuses);

    internal int Producers => Volatile.Read(ref _producers);

    internal int Consumers => Volatile.Read(ref _consumers);

    internal long* Word(int offset) => (long*)(Slab.Base + offset);

    private static SlabOptions SlabOptionsFor(SlabChannelOptions options, long bytes)
    {
        if (options.SizeFactor < 0)
            return new SlabOptions { Backing = options.Backing, Bytes = bytes, HugePages = options.HugePages };
        var reserved = (options.SizeFactor + 1L) * SlabOptions.UnitBytes;
        return bytes <= reserved
            ? new SlabOptions { Backing = options.Backing, SizeFactor = options.SizeFactor, HugePages = options.HugePages }
            : throw new ArgumentOutOfRangeException(nameof(options), options.SizeFactor,
                $"SizeFactor {options.SizeFactor} reserves {reserved} bytes; this channel needs {bytes}.");
    }

    internal void Start(params WriterCore[] writers)
    {
        Writers = writers;
        FlowMeter.EnsureStarted();
        ChannelRegistry.Add(this);
        FlowEventSource.Log.ChannelCreated(Name, Mode.ToString(), Layout.Capacity, Message);
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, typeof(SlabChannel));

    internal SlabChannelClosedException Closed(string what) =>
        new($"{what} on {this}, which {(IsDisposed ? "was disposed" : "is completed")}.", _fault);

    // The side pool: copies of ring messages, and messages that are built only to be dropped

    internal SidePool Side
    {
        get
        {
            if (_side is { } side)
                return side;
            lock (_lock)
                return _side ??= new SidePool(this);
        }
    }

    internal void OnDropped(byte* slot, DropReason reason)
    {
        Interlocked.Increment(ref _drops);
        FlowEventSource.Log.MessageDropped(Name, reason);
        Dropped?.Invoke(slot, reason);
    }

    internal void SetShedding(bool sheds)
    {
        Volatile.Write(ref _shedding, sheds);
        FlowEventSource.Log.SheddingChanged(Name, sheds);
    }

    internal T CountMisuse<T>(T error) where T : Exception
    {
        Interlocked.Increment(ref _misuses);
        FlowEventSource.Log.Misuse(Name, error.Message);
        return error;
    }

    public override string ToString() => Layout.Lanes == 0
        ? $"{Mode} channel '{Name}' of {Message}"
        : $"{Mode} channel '{Name}' of {Message} with {Layout.Lanes} lanes";
}
