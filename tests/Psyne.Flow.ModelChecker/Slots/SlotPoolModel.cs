using Psyne.Flow.Atomics;
using Psyne.Flow.Slots;
using Xunit;

namespace Psyne.Flow.ModelChecking.Slots;

/// <summary>A generation of two bits, so that it wraps after four lives.</summary>
internal readonly struct TwoBitGenerations : ISlotWidths
{
    public static int GenerationBits => 2;
}

/// <summary>A few pooled slots and their payloads. Who holds a slot is also noted outside the checker, to catch two owners.</summary>
internal sealed unsafe class SlotPoolModel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly long* _payloads;
    private readonly int[] _owners;

    public SlotPoolModel(ModelMemory memory, int slots)
    {
        var table = memory.Bytes((int)SlotTable<TAtomics, TwoBitGenerations>.SizeFor(slots), "slots");
        memory.Name(ref *(long*)table, "free list");
        Table = new(table, slots);
        _payloads = memory.Longs(slots, "payloads");
        _owners = new int[slots];
        _owners.AsSpan().Fill(-1);
    }

    public SlotTable<TAtomics, TwoBitGenerations> Table { get; }

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
        Assert.False(Table.TryPublish(claim + (1L << SlotWord.GenerationShift), out _));
        Write(claim, message);
        _owners[SlotWord.Index(claim)] = -1;
        Assert.True(Table.TryPublish(claim, out var lease));
        Assert.False(Table.TryPublish(claim, out _));
        Assert.True(Table.Release(claim));
        Assert.False(Table.Release(claim));
        return lease;
    }

    public long Claim(int owner)
    {
        long claim;
        while (!Table.TryClaim(out claim))
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
            Assert.True(Table.TryClaim(out var claim));
            Assert.Equal(-1, _owners[SlotWord.Index(claim)]);
            _owners[SlotWord.Index(claim)] = 0;
        }

        Assert.False(Table.TryClaim(out _));
        Assert.False(Table.HasFree);
    }
}
