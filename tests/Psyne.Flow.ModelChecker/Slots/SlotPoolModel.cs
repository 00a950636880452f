using Psyne.Flow.Atomics;
using Psyne.Flow.Slots;
using Xunit;

namespace Psyne.Flow.ModelChecking.Slots;

/// <summary>A generation of two bits, so that it wraps after four lives.</summary>
internal readonly struct TwoBitGenerations : ISlotWidths
{
    public static int GenerationBits => 2;
}

/// <summary>
/// A few pooled slots and their payloads. Who holds a slot is also noted outside the checker, to catch two owners. With a
/// spread, one thread claims and publishes through a magazine.
/// </summary>
internal sealed unsafe class SlotPoolModel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly long* _payloads;
    private readonly int[] _owners;
    private readonly bool _inTurn;
    private readonly long* _head;

    public SlotPoolModel(ModelMemory memory, int slots, int spread = 0)
    {
        var table = memory.Bytes((int)SlotTable<TAtomics, TwoBitGenerations>.SizeFor(slots), "slots");
        memory.Name(ref *(long*)table, "free list");
        Table = new(table, slots);
        _head = (long*)table;
        Magazine = new(table, slots, spread);
        _inTurn = spread > 0;
        if (_inTurn)
        {
            memory.Name(ref Table.Fresh, "fresh");
            memory.Name(ref Magazine.Turn, "magazine, turn");
            memory.Name(ref Magazine.Reserve, "magazine, reserve");
        }

        _payloads = memory.Longs(slots, "payloads");
        _owners = new int[slots];
        _owners.AsSpan().Fill(-1);
    }

    public SlotTable<TAtomics, TwoBitGenerations> Table { get; }

    public SlotMagazine<TAtomics, TwoBitGenerations> Magazine { get; }

    public bool HasFree => _inTurn ? Magazine.HasFree : Table.HasFree;

    public long Lease { get; private set; }

    public int Successes { get; set; }

    /// <summary>Claims, fills and publishes a slot before the threads start.</summary>
    public SlotPoolModel<TAtomics> WithLease(int shares = 1)
    {
        Lease = Fill(0, 7);
        for (var i = 1; i < shares; i++)
        {
            Assert.True(Table.TryRetain(Lease, out _, out _));
        }

        return this;
    }

    /// <summary>Waits for a slot, writes a message, and publishes it.</summary>
    public long Fill(int owner, long message)
    {
        var claim = Claim(owner);
        Assert.False(TryPublish(claim + (1L << SlotWord.GenerationShift), out _));
        Write(claim, message);
        _owners[SlotWord.Index(claim)] = -1;
        Assert.True(TryPublish(claim, out var lease));
        Assert.False(TryPublish(claim, out _));
        Assert.Equal(!_inTurn, Table.Release(claim));
        Assert.False(Table.Release(claim));
        return lease;
    }

    public long Claim(int owner)
    {
        long claim;
        while (!TryClaim(out claim))
        {
            TAtomics.Pause();
        }

        var index = SlotWord.Index(claim);
        Assert.Equal(-1, _owners[index]);
        _owners[index] = owner;
        return claim;
    }

    public void Abort(long claim)
    {
        _owners[SlotWord.Index(claim)] = -1;
        Assert.True(Table.Release(claim));
    }

    public void Write(long claim, long message) => TAtomics.StorePlain(ref _payloads[SlotWord.Index(claim)], message);

    public long Read(long lease) => TAtomics.LoadPlain(ref _payloads[SlotWord.Index(lease)]);

    /// <summary>All slots are free, and each is handed out once.</summary>
    public void CheckAllFree()
    {
        Assert.Equal((0, 0), Table.CountHeld());
        for (var i = 0; i < Table.Slots; i++)
        {
            Assert.True(TryClaim(out var claim));
            Assert.Equal(-1, _owners[SlotWord.Index(claim)]);
            _owners[SlotWord.Index(claim)] = 0;
        }

        Assert.False(TryClaim(out _));
        Assert.False(HasFree);
    }

    /// <summary>
    /// Wherever the magazine's owner ended: a slot that is neither held nor untouched is in one list, once, and a held one
    /// in none but first in the owner's. Inside a turn the words alone tell.
    /// </summary>
    public void CheckNothingLost()
    {
        var turn = TAtomics.LoadAcquire(ref Magazine.Turn);
        if (turn == SlotMagazine<TAtomics, TwoBitGenerations>.Turning)
        {
            return;
        }

        var seen = new HashSet<int>();
        Walk((int)TAtomics.LoadAcquire(ref *_head) & 0xFF_FFFF, seen, mayBeHeld: false);
        Walk((int)turn, seen, mayBeHeld: true);
        Walk((int)TAtomics.LoadAcquire(ref Magazine.Reserve), seen, mayBeHeld: true);
        for (var i = 0; i < TAtomics.LoadAcquire(ref Table.Fresh); i++)
        {
            Assert.True(IsHeld(i) || seen.Contains(i), $"Slot {i} is free and nowhere to be found.");
        }
    }

    private bool IsHeld(int index) => SlotWord.Live(TAtomics.LoadAcquire(ref Table.Word(index))) != 0;

    private void Walk(int at, HashSet<int> seen, bool mayBeHeld)
    {
        for (; at != 0; at = TAtomics.LoadPlain(ref Table.Link(at - 1)))
        {
            Assert.True(seen.Add(at - 1), $"Slot {at - 1} stands in two places.");
            Assert.True(mayBeHeld || !IsHeld(at - 1), $"Slot {at - 1} is held and listed as free.");
            mayBeHeld = false;
        }
    }

    private bool TryClaim(out long claim) => _inTurn ? Magazine.TryClaim(out claim) : Table.TryClaim(out claim);

    private bool TryPublish(long claim, out long lease)
    {
        if (!_inTurn)
        {
            return Table.TryPublish(claim, out lease);
        }

        var published = Magazine.TryPublish(claim, out lease);
        Assert.Equal(published, Magazine.IsPublishing);
        if (published)
        {
            Magazine.EndPublish();
        }

        return published;
    }
}
