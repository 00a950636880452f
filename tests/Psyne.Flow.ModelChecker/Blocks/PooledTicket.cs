using Psyne.Flow.Atomics;
using Psyne.Flow.Blocks;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>One ticket that is out for a lease of which two copies are disposed, and that is rented again once it is back, as LeaseTicket does it.</summary>
internal sealed unsafe class PooledTicket<TAtomics> where TAtomics : struct, IAtomics
{
    private readonly long* _version;
    private readonly long* _word;
    private readonly long* _spare;
    private readonly long* _ends;

    public PooledTicket(ModelMemory memory)
    {
        _version = memory.Longs(1, "ticket");
        _word = memory.Longs(1, "word");
        _spare = memory.Longs(1, "spare");
        _ends = memory.Longs(1, "ends");
        TAtomics.StorePlain(ref *_word, 7);
    }

    /// <summary>Disposes a copy of the first lease.</summary>
    public void Dispose() => End(handle: 0, expected: 7);

    /// <summary>Waits until the ticket is back, rents it for another lease, and disposes that.</summary>
    public void RentAgain()
    {
        while (TAtomics.CompareExchange(ref *_spare, 0, 1) != 1)
            TAtomics.Pause();
        TAtomics.StorePlain(ref *_word, 8);
        var handle = TAtomics.LoadAcquire(ref *_version);
        Assert.Equal(1, handle);
        End(handle, expected: 8);
    }

    private void End(long handle, long expected)
    {
        if (!TicketVersion<TAtomics>.TryEnd(ref *_version, handle))
            return;
        TAtomics.Add(ref *_ends, 1);
        Assert.Equal(expected, TAtomics.LoadPlain(ref *_word));
        TAtomics.StoreRelease(ref *_spare, 1);
    }

    /// <summary>Each lease ended once, and neither by a copy of the other.</summary>
    public void CheckEnds()
    {
        Assert.Equal(2, TAtomics.LoadAcquire(ref *_ends));
        Assert.False(TicketVersion<TAtomics>.IsOut(ref *_version, 0));
        Assert.False(TicketVersion<TAtomics>.IsOut(ref *_version, 1));
    }
}
