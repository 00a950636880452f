#pragma warning disable RS0030 // the number of the loan; nothing on the slab is ordered by it
using Psyne.Flow.Channels;

namespace Psyne.Flow.Observables;

/// <summary>
/// The owner of a lease that is valid during one OnNext. One object serves all loans of a pump, one after another; the
/// lease's word is the loan's number, so that a lease of an earlier loan is told apart.
/// </summary>
/// <remarks>Thread-safe, but for <see cref="Begin"/>, which the pump calls.</remarks>
internal sealed unsafe class LeaseLoan(LeaseOwner inner, long word) : LeaseOwner(inner.Channel)
{
    private LeaseOwner _inner = inner;
    private long _word = word;
    private long _number;

    /// <summary>Kept after the end, for the text of the error.</summary>
    internal override ChannelCore Channel => _inner.Channel;

    /// <summary>Lends another message; every loan before has ended.</summary>
    internal long Begin(LeaseOwner inner, long word)
    {
        _inner = inner;
        _word = word;
        return Volatile.Read(ref _number);
    }

    /// <summary>Ends the loan, if its observer hasn't.</summary>
    internal void End(long number) => Interlocked.CompareExchange(ref _number, number + 1, number);

    internal override bool IsHeld(long lease) => Volatile.Read(ref _number) == lease && _inner.IsHeld(_word);

    internal override byte* Resolve(long lease)
    {
        Check(lease);
        return _inner.Resolve(_word);
    }

    /// <summary>The observer may end its loan before it returns; the message stays the pump's.</summary>
    internal override void Release(long lease)
    {
        if (Interlocked.CompareExchange(ref _number, lease + 1, lease) != lease)
            ThrowEnded(lease);
    }

    internal override void Release(long first, int count) => Release(first);

    internal override LeaseOwner Retain(long lease, out long retained)
    {
        Check(lease);
        return _inner.Retain(_word, out retained);
    }

    private void Check(long lease)
    {
        if (Volatile.Read(ref _number) != lease)
            ThrowEnded(lease);
    }
}
