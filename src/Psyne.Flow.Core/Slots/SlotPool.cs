using Psyne.Flow.Atomics;
using Psyne.Flow.Channels;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Slots;

/// <summary>Slots of one size that messages are built in, wait in and are read in, from whatever thread, in whatever order.</summary>
/// <remarks>Thread-safe. Payloads start on a page of their own, so that giving their pages back never resets a slot's word.</remarks>
internal sealed unsafe class SlotPool : LeaseOwner
{
    private readonly SlotTable<HardwareAtomics, SlotWidths> _table;
    private readonly SlotMagazine<HardwareAtomics, SlotWidths> _magazine;
    private readonly bool _inTurn;
    private readonly byte* _payloads;
    private readonly long _stride;
    private readonly WaitGate<HardwareAtomics> _space;
    private readonly OverflowTable _overflow;
    private readonly Lock _witnessing = new();
    private (int Index, long Generation) _witness = (-1, 0); // under _witnessing

    /// <param name="channel">Whose messages lie here.</param>
    /// <param name="table">The slots' words and free list; zero at first.</param>
    /// <param name="payloads">Where the first slot begins.</param>
    /// <param name="slots">How many there are.</param>
    /// <param name="stride">Bytes from one slot to the next.</param>
    /// <param name="oneProducer">Whether one thread at a time claims, and one publishes: then slots are used in turn.</param>
    internal SlotPool(ChannelCore channel, byte* table, byte* payloads, int slots, long stride, bool oneProducer) : base(channel)
    {
        _table = new SlotTable<HardwareAtomics, SlotWidths>(table, slots);
        _magazine = new SlotMagazine<HardwareAtomics, SlotWidths>(
            table, slots, SlotMagazine<HardwareAtomics, SlotWidths>.SpreadFor(slots, stride));
        _inTurn = oneProducer;
        _payloads = payloads;
        _stride = stride;
        _space = channel.Space.Gate;
        _overflow = new OverflowTable(this);
    }

    internal int Slots => _table.Slots;

    internal bool HasFree => _inTurn ? _magazine.HasFree : _table.HasFree;

    internal byte* At(long handle) => _payloads + SlotWord.Index(handle) * _stride;

    internal bool TryClaim(out long claim) => _inTurn ? _magazine.TryClaim(out claim) : _table.TryClaim(out claim);

    /// <summary>Makes the first lease of a claim; <see cref="EndPublish"/> has to follow once that is where consumers find it.</summary>
    internal bool TryPublish(long claim, out long lease) =>
        _inTurn ? _magazine.TryPublish(claim, out lease) : _table.TryPublish(claim, out lease);

    internal void EndPublish(long claim)
    {
        if (_inTurn)
            _magazine.EndPublish();
        else
            TryAbort(claim);
    }

    /// <summary>Ends a claim's own share. The slot may become free by it, also where its first lease was in the ring: if that was released.</summary>
    internal bool TryAbort(long claim)
    {
        if (SlotWord.Share(claim) != SlotWord.ClaimShare || !_table.Release(claim, out var last))
            return false;
        if (last && !_space.IsIdle)
            Channel.OnReleased(Channel.Space);
        return true;
    }

    /// <summary>Claims that are neither published nor aborted. A publish under way shows in the words, or after them in the magazine.</summary>
    internal int CountClaims()
    {
        var claimed = _table.CountHeld().Claimed;
        return _inTurn && claimed == 0 && _magazine.IsPublishing ? 1 : claimed;
    }

    /// <summary>Slots that somebody other than the ring leases. Of a broadcast's slots the ring holds the share 0.</summary>
    internal long CountLeases(long waiting) => Channel.Mode == ChannelMode.Broadcast && this == Channel.Pool
        ? _table.CountShared()
        : Math.Max(0, _table.CountHeld().Leased - waiting);

    /// <summary>
    /// Whether a slot is leased that was so when this was asked last: then others needn't be counted. Who releases the last
    /// one finds no such slot. The slots are counted anew when it isn't, and one of them remembered, which is likely to be
    /// held for half of the time that is left.
    /// </summary>
    /// <param name="waiting">Untaken messages, which hold slots as leases do; with any there is no telling.</param>
    internal bool IsSurelyHeld(long waiting)
    {
        if (waiting != 0 || Channel.Mode == ChannelMode.Broadcast)
            return false;
        lock (_witnessing)
        {
            if (_witness.Index >= 0 && _table.IsLeased(_witness))
                return true;
            _table.CountHeld(out _witness);
            return _witness.Index >= 0;
        }
    }

    internal override bool IsHeld(long lease) => _table.IsHeld(lease);

    /// <summary>Whether the lease is held and is its slot's only share. Stays true for as long as its holder makes no other.</summary>
    internal bool IsSole(long lease) => _table.IsSole(lease);

    internal override byte* Resolve(long lease)
    {
        if (!_table.IsHeld(lease))
            ThrowEnded(lease);
        return At(lease);
    }

    internal override void Release(long lease)
    {
        if (!TryRelease(lease))
            ThrowEnded(lease);
    }

    internal bool TryRelease(long lease)
    {
        if (!_table.Release(lease))
            return false;
        AfterRelease();
        return true;
    }

    /// <summary>Ends a lease; <see cref="AfterRelease"/> is to follow, outside locks.</summary>
    internal bool TryReleaseQuietly(long lease) => _table.Release(lease);

    internal void AfterRelease()
    {
        if (!_space.IsIdle)
            Channel.OnReleased(Channel.Space);
    }

    internal override void Release(long first, int count) => Release(first);

    internal override LeaseOwner Retain(long lease, out long retained)
    {
        if (_table.TryRetain(lease, out retained, out var exhausted))
            return this;
        if (!exhausted)
            ThrowEnded(lease);
        return _overflow.Retain(lease, out retained) ?? Ended(lease);
    }

    /// <summary>Adds a share on behalf of a consumer. False when the slot's life ended.</summary>
    internal bool TryRetain(long lease, out LeaseOwner owner, out long retained)
    {
        owner = this;
        if (_table.TryRetain(lease, out retained, out var exhausted))
            return true;
        if (!exhausted || _overflow.Retain(lease, out retained) is not { } record)
            return false;
        owner = record;
        return true;
    }

    internal bool TryRetainOverflow(long lease, out long share) => _table.TryRetainOverflow(lease, out share);

    private SlotPool Ended(long lease)
    {
        ThrowEnded(lease);
        return this;
    }
}
