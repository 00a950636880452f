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
internal sealed unsafe class ChannelCore
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
        *(int*)(memory + ChannelLayout.ModeOffset) = (int)mode;
        *(int*)(memory + ChannelLayout.VersionOffset) = ChannelLayout.Version;
        *(ulong*)(memory + ChannelLayout.MagicOffset) = ChannelLayout.Magic;
        Tracker = options.TrackLeases ? new LeaseTracker(this) : null;
        Sampler = LatencySampler.Create(options);
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

    /// <summary>Where producers wait for room; signalled by consumers.</summary>
    internal WaitHub Space { get; }

    internal WriterCore Writer { get; private set; } = null!;

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
    internal bool HasNoClaims => IsClosed && (IsDisposed || _completion.Task.IsCompleted || (Items.IsSealed && Writer.OpenClaims == 0));

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

    internal void Start(WriterCore writer)
    {
        Writer = writer;
        FlowMeter.EnsureStarted();
        ChannelRegistry.Add(this);
        FlowEventSource.Log.ChannelCreated(Name, Mode.ToString(), Layout.Capacity, Message);
    }

    // Roles

    /// <summary>Another handle on the channel. False when the last one is gone, and the channel with it.</summary>
    internal bool TryAddHandle()
    {
        var handles = Volatile.Read(ref _handles);
        while (handles > 0)
        {
            var was = Interlocked.CompareExchange(ref _handles, handles + 1, handles);
            if (was == handles)
                return true;
            handles = was;
        }
        return false;
    }

    internal void RemoveHandle()
    {
        if (Interlocked.Decrement(ref _handles) == 0)
            Dispose();
    }

    internal WriterCore OpenWriter()
    {
        ThrowIfDisposed();
        if (!Mode.HasOneProducer())
            Interlocked.Increment(ref _producers);
        else if (Interlocked.CompareExchange(ref _producers, 1, 0) != 0)
            throw new ChannelRoleException($"{this} is {Mode} and has its one producer already: a second was refused.");
        return Writer;
    }

    internal void CloseWriter() => Interlocked.Decrement(ref _producers);

    internal IReaderCore OpenReader()
    {
        ThrowIfDisposed();
        var most = Mode.HasOneConsumer() ? 1 : Mode == ChannelMode.Broadcast ? Layout.Readers : int.MaxValue;
        lock (_lock)
        {
            if (_consumers >= most)
                throw new ChannelRoleException(most == 1
                    ? $"{this} is {Mode} and has its one consumer already: a second was refused."
                    : $"{this} has {_consumers} consumers, the most it was made for (Readers): another was refused.");
            // Consumers that compete, or follow one another, share one reader; each consumer of a broadcast has its own.
            if (Mode != ChannelMode.Broadcast && _readers.Count > 0)
            {
                _consumers++;
                return _readers[0];
            }
            var reader = ReaderFactory();
            _readers.Add(reader);
            _consumers++;
            return reader;
        }
    }

    internal void CloseReader(IReaderCore reader)
    {
        lock (_lock)
        {
            _consumers--;
            if (Mode == ChannelMode.Broadcast)
            {
                _readers.Remove(reader);
                _leaving.Add(reader);
                Volatile.Write(ref _leavingCount, _leaving.Count);
                Space.Gate.Enter(); // releases look here until it has left
            }
        }
        EndLeaving();
        Space.Wake();
        TryFinish();
        TryFree();
    }

    private void EndLeaving()
    {
        if (Volatile.Read(ref _leavingCount) == 0)
            return;
        lock (_lock)
        {
            for (var i = _leaving.Count - 1; i >= 0; i--)
            {
                if (_leaving[i].HeldInRing != 0)
                    continue;
                _leaving[i].Leave();
                _leaving.RemoveAt(i);
                Space.Gate.Leave();
            }
            Volatile.Write(ref _leavingCount, _leaving.Count);
        }
    }

    // Ending

    /// <summary>Closes the channel for new claims. What is published can still be taken.</summary>
    internal bool Complete(Exception? fault)
    {
        lock (_lock)
        {
            if (IsClosed)
                return false;
            _fault = fault; // who sees the gate closed sees it
            Items.Close();
        }
        Space.Close();
        FlowEventSource.Log.ChannelCompleted(Name, fault?.Message ?? "none");
        TryFinish();
        WakeAll();
        return true;
    }

    internal void Dispose()
    {
        if (IsClosed)
            TryFinish(); // the last message may have been taken just now
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        // The flag stands before the gates close: who passes a closed gate sees it.
        Complete(null);
        Space.Close(); // who completed the channel may not have come so far
        HardwareAtomics.ProcessWideBarrier();
        Volatile.Write(ref _mayFree, true);
        _completion.TrySetCanceled();
        ChannelRegistry.Remove(this);
        WakeAll();
        TryFree();
    }

    private void WakeAll()
    {
        Items.Wake();
        Space.Wake();
    }

    /// <summary>After a publish or abort that found the gate not idle.</summary>
    internal void OnPublished()
    {
        Items.Wake();
        if (!IsClosed)
            return;
        TryFinish();
        TryFree();
    }

    /// <summary>After a release that found the gate not idle.</summary>
    internal void OnReleased()
    {
        EndLeaving();
        Space.Wake();
        if (!IsClosed)
            return;
        TryFinish();
        TryFree();
    }

    /// <summary>Completes the channel once it is closed, no claim is open and every message was taken.</summary>
    internal void TryFinish()
    {
        // Claims end and messages are taken at once on several threads: the last to come here sees both.
        HardwareAtomics.FullFence(); // SYNC: claim-end (load)
        if (IsDisposed || !IsDrained || _completion.Task.IsCompleted)
            return;
        if (_fault is not null)
            _completion.TrySetException(_fault);
        else
            _completion.TrySetResult();
        WakeAll();
    }

    // Claims that come too late show for a moment before they are aborted: what was finished stays so.
    internal bool IsDrained => IsClosed && (IsDisposed || _completion.Task.IsCompleted || (Items.IsSealed && Writer.OpenClaims == 0 && Count == 0));

    /// <summary>Published messages that nobody has taken yet; of a broadcast, that the slowest consumer hasn't.</summary>
    internal long Count
    {
        get
        {
            var published = Writer.Published;
            lock (_lock)
            {
                if (_readers.Count == 0)
                    return Mode == ChannelMode.Broadcast ? 0 : published;
                var taken = long.MaxValue;
                foreach (var reader in _readers)
                    taken = Math.Min(taken, reader.Taken);
                return Math.Max(0, published - taken);
            }
        }
    }

    internal long HeldLeases
    {
        get
        {
            long held = 0;
            lock (_lock)
            {
                foreach (var reader in _readers)
                    held += reader.HeldInRing;
                foreach (var reader in _leaving)
                    held += reader.HeldInRing;
            }
            if (Pool is { } pool)
                held += pool.CountLeases(Mode == ChannelMode.Broadcast ? 0 : Count);
            return held + (_side?.Pool.CountLeases(0) ?? 0);
        }
    }

    private void TryFree()
    {
        // Not before every running claim and take has seen the closed gates, or shows.
        HardwareAtomics.FullFence(); // SYNC: claim-end (load)
        if (!Volatile.Read(ref _mayFree) || Slab.IsDisposed || Writer.OpenClaims != 0 || HeldLeases != 0 || _side?.Pool.CountClaims() > 0)
            return;
        // The gates stay closed for good: whoever still has an end finds them so.
        Slab.DisposeBehind(ChannelLayout.ReadersOffset);
        _side?.Slab.Dispose();
    }

    /// <summary>Collected undisposed, or with messages held: the slab is still mapped, since its own finalizer runs later.</summary>
    ~ChannelCore()
    {
        if (Writer is null || Slab.IsDisposed)
            return;
        var (leases, claims) = (HeldLeases, Writer.OpenClaims);
        if (leases > 0 || claims > 0)
            LeakDetector.Report(this, leases, claims);
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

    public override string ToString() => $"{Mode} channel '{Name}' of {Message}";
}
