#pragma warning disable RS0030 // a one-time reference; nothing on the slab is ordered by it
using Psyne.Flow.Channels;
using Psyne.Flow.Slots;

namespace Psyne.Flow.Blocks;

/// <summary>The pooled slots in which a block makes messages; reserved when the first is made.</summary>
/// <remarks>Thread-safe. <c>_lock</c> guards the making of the pool and who waits for a slot; callbacks are called outside it.</remarks>
internal sealed unsafe class BlockSlab<T> : IDisposable where T : unmanaged
{
    private const int LeastSlots = 64;
    private const int MostSlots = 1 << 16;

    private readonly Lock _lock = new();
    private readonly BlockSettings _settings;
    private readonly int _run;
    private SlotPool? _pool;
    private FreeSlotWaiter? _waiter;
    private bool _disposed;

    /// <param name="settings">The block's options.</param>
    /// <param name="end">Whose end gives the memory back, once no lease is held.</param>
    /// <param name="run">Messages that lie side by side in each slot.</param>
    internal BlockSlab(BlockSettings settings, BlockCompletion end, int run = 1)
    {
        _settings = settings;
        _run = run;
        end.Own(this);
    }

    private SlotPool Pool => Volatile.Read(ref _pool) ?? Make();

    private SlotPool Make()
    {
        lock (_lock)
        {
            if (_pool is { } made)
                return made;
            var stride = ChannelLayout.StrideFor((long)_run * sizeof(T));
            var options = new SlabChannelOptions
            {
                Capacity = (int)Math.Clamp(_settings.SlabBytes / stride, LeastSlots, MostSlots),
            };
            var channel = ChannelFactory.CreatePooled(ChannelMode.Mpmc, options, (long)_run * sizeof(T),
                _run == 1 ? SlabChannel.Message<T>() : $"{_run} x {SlabChannel.Message<T>()}");
            if (_disposed)
                channel.Dispose();
            Volatile.Write(ref _pool, channel.Pool);
            return channel.Pool!;
        }
    }

    /// <summary>How many messages there can be at a time.</summary>
    internal int Slots => Pool.Slots;

    internal bool TryClaim(out long claim) => Pool.TryClaim(out claim);

    internal T* At(long claim) => (T*)Pool.At(claim);

    /// <summary>The slot of a claim that is open.</summary>
    /// <exception cref="LeaseException">It ended before.</exception>
    internal byte* Resolve(long claim) => Pool.Resolve(claim);

    internal void Abort(long claim) => Pool.TryAbort(claim);

    /// <summary>The message that was built in the claim's slot.</summary>
    internal Lease<T> ToLease(long claim)
    {
        var pool = Pool;
        pool.TryPublish(claim, out var lease);
        pool.EndPublish(claim);
        return new Lease<T>(pool, lease);
    }

    /// <summary>A message of its own with this value. False when all slots are leased.</summary>
    internal bool TryCopy(in T value, out Lease<T> lease)
    {
        fixed (T* from = &value)
            return TryCopy(from, out lease);
    }

    /// <inheritdoc cref="TryCopy(in T, out Lease{T})"/>
    internal bool TryCopy(T* value, out Lease<T> lease)
    {
        if (!TryClaim(out var claim))
        {
            lease = default;
            return false;
        }
        *At(claim) = *value;
        lease = ToLease(claim);
        return true;
    }

    /// <summary>As <see cref="TryCopy(in T, out Lease{T})"/>, where the caller can't wait for a slot.</summary>
    /// <exception cref="ChannelFullException">All slots are leased.</exception>
    internal Lease<T> Copy(in T value) => TryCopy(in value, out var copy)
        ? copy
        : throw new ChannelFullException($"All {Slots} slots for copies of single {SlabChannel.Message<T>()} messages are leased.");

    /// <summary>Has the callback called once, when there may be a free slot. It must be quick and not throw.</summary>
    internal void WhenFree(Action look)
    {
        var pool = Pool;
        FreeSlotWaiter waiter;
        lock (_lock)
            waiter = _waiter ??= new FreeSlotWaiter(pool);
        waiter.Add(look);
    }

    public void Dispose()
    {
        SlotPool? pool;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            pool = _pool;
        }
        pool?.Channel.Dispose();
    }
}
