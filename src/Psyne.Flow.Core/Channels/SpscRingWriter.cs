using System.Diagnostics;
using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>The one producer of a ring with one consumer, or of a lane: messages are built in the ring's own slots.</summary>
internal sealed unsafe class SpscRingWriter<T> : WriterCore where T : unmanaged
{
    /// <summary>Messages a second from which on traffic is thick: a line to the consumer's core and back takes 50 to 250 ns.</summary>
    private const long ThickRate = 20_000_000;

    private readonly WaitGate<HardwareAtomics> _items;
    private PairedProducer<T, HardwareAtomics> _producer;
    private long _publishedAtEnd;
    private long _pacedAt;
    private long _pacedTime;
    private int _travels;

    internal SpscRingWriter(ChannelCore channel, RingSlots<T> slots, RingWords words) : base(channel)
    {
        _items = channel.Items.Gate;
        Space = words.Space;
        Sampled = channel.Sampler is not null;
        _producer = new PairedProducer<T, HardwareAtomics>(slots, new(words.Gating), channel.Layout.Capacity);
    }

    internal override long Published => Math.Max(_producer.Published, HardwareAtomics.LoadAcquire(ref _publishedAtEnd));

    // The last messages of a line are counted by their words alone.
    internal override void BeforeFree() => HardwareAtomics.StoreRelease(ref _publishedAtEnd, _producer.Published);

    internal override int OpenClaims => _producer.OpenClaims;

    // A claim shows as ended before its end has stored all there is to store; other threads may end those that travel.
    internal override bool IsSettled => HardwareAtomics.LoadAcquire(ref _travels) == 0 && OpenClaims == 0; // SYNC: lane-settle (load)

    internal override bool HasRoom => _producer.HasRoom(1);

    /// <summary>Whether publishing must take note of times.</summary>
    internal bool Sampled { get; }

    /// <summary>The slot of a claim by the fast path: null when anything at all is unusual, and nothing was changed then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* TryBegin(out long ticket) => _producer.TryBegin(1, _items, out ticket);

    /// <summary>As <see cref="TryBegin"/>, for as many slots of <paramref name="most"/> as lie in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryBeginMany(int most, out byte* first, out long ticket, out int count)
    {
        count = _producer.Slots.Contiguous(_producer.Position, most);
        ticket = 0;
        var slot = most > 0 ? _producer.TryBegin(count, _items, out ticket) : null;
        first = slot + RingSlots<T>.ValueOffset;
        return slot != null;
    }

    private ClaimStatus Begin(int count, out byte* slot, out long ticket)
    {
        if (_producer.HasOpenClaim)
            ThrowOverlapping();
        slot = _producer.TryBegin(count, _items, out ticket, out var tells);
        if (slot != null)
            return ClaimStatus.Claimed;
        if (tells)
            Channel.OnPublished(this);
        return _items.IsClosed ? ClaimStatus.Closed : ClaimStatus.Full;
    }

    internal override ClaimStatus TryClaim(bool travels, out SlotClaim claim)
    {
        var status = Begin(1, out var slot, out var ticket);
        claim = status == ClaimStatus.Claimed ? new SlotClaim(this, slot + RingSlots<T>.ValueOffset, ticket) : default;
        if (travels && status == ClaimStatus.Claimed)
            HardwareAtomics.StoreRelease(ref _travels, 1);
        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool IsOpen(long ticket) => PairedProducer<T, HardwareAtomics>.IsOpen(_producer.SlotOf(ticket), ticket);

    /// <summary>Whether a claim is open that was given this ticket and this slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsOpen(void* value, long ticket) =>
        PairedProducer<T, HardwareAtomics>.IsOpen((byte*)value - RingSlots<T>.ValueOffset, ticket);

    protected override byte* SlotOf(long ticket) => _producer.SlotOf(ticket) + RingSlots<T>.ValueOffset;

    internal override long Publish(long ticket)
    {
        PublishOne(ticket);
        var position = _producer.Published - 1;
        Arrive();
        return position;
    }

    /// <summary>After the end of a claim that may have travelled: the last that its thread does to this ring.</summary>
    private void Arrive()
    {
        if (HardwareAtomics.LoadAcquire(ref _travels) == 0)
            return;
        HardwareAtomics.StoreRelease(ref _travels, 0); // SYNC: lane-settle (store)
        if (!_items.IsIdle)
            Channel.OnPublished(this);
    }

    /// <summary>Publishes the message of a claim. The slot is found by the ticket: one value less to keep until then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PublishOne(long ticket)
    {
        var slot = _producer.SlotOf(ticket);
        if (!PairedProducer<T, HardwareAtomics>.IsOpen(slot, ticket))
            throw Ended(ticket);
        if (_producer.Publish(slot, ticket, 1, _items))
            AfterPublish();
    }

    /// <summary>Publishes the first <paramref name="count"/> slots of a claim.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Publish(void* first, long ticket, int count)
    {
        if (!IsOpen(first, ticket))
            throw Ended(ticket);
        if (_producer.Publish((byte*)first - RingSlots<T>.ValueOffset, ticket, count, _items))
            AfterPublish();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AfterPublish()
    {
        var position = _producer.Position;
        if (position - _pacedAt >= PairedProducer<T, HardwareAtomics>.PaceEvery)
        {
            var now = Stopwatch.GetTimestamp();
            _producer.Pace(thick: (now - _pacedTime) * ThickRate < (position - _pacedAt) * Stopwatch.Frequency);
            _pacedAt = position;
            _pacedTime = now;
        }
        if (!_items.IsIdle)
            Channel.OnPublished(this);
    }

    internal override bool Abort(long ticket)
    {
        var slot = _producer.SlotOf(ticket);
        if (!PairedProducer<T, HardwareAtomics>.IsOpen(slot, ticket))
            return false;
        if (_producer.Abort(slot, _items))
            Channel.OnPublished(this);
        Arrive();
        return true;
    }

    internal override ClaimStatus TryClaimMany(int most, out BatchClaim claim)
    {
        var count = _producer.Slots.Contiguous(_producer.Position, (int)Math.Min(most, _producer.Capacity));
        // Not so many: by halves, down to one.
        ClaimStatus status;
        byte* slot;
        long ticket;
        while ((status = Begin(count, out slot, out ticket)) == ClaimStatus.Full && count > 1)
            count /= 2;
        claim = status == ClaimStatus.Claimed ? new BatchClaim(this, slot + RingSlots<T>.ValueOffset, ticket, count) : default;
        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override byte* At(byte* first, long ticket, long[]? handles, int index)
    {
        if (!IsOpen(first, ticket))
            throw Ended(ticket);
        return first + index * (long)RingSlots<T>.Stride;
    }

    // Of none: a batch of some calls the other overload.
    internal override void Publish(in BatchClaim claim, int count)
    {
        Debug.Assert(count == 0);
        if (!Abort(claim.Ticket))
            throw Ended(claim.Ticket);
    }

    internal override bool Abort(in BatchClaim claim) => Abort(claim.Ticket);
}
