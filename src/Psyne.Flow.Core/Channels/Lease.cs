using System.Diagnostics;
using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Slots;

namespace Psyne.Flow;

/// <summary>
/// A message that was taken and is read where it lies. Its slot returns to the channel when it is disposed.
/// </summary>
/// <remarks>
/// 16 bytes; may live on the heap and cross an <c>await</c>. Copies are the same lease: dispose one of them, once. A use
/// after that throws <see cref="LeaseException"/> when a member is called; references that were taken before are the
/// caller's to give up. A lease in a ring (small messages) keeps its place in line, is disposed by the consumer's side,
/// and should be short; <see cref="Retain"/> gives one that doesn't.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly unsafe record struct Lease<T> : IDisposable where T : unmanaged
{
    private readonly LeaseOwner _owner;
    private readonly long _word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Lease(LeaseOwner owner, long word)
    {
        _owner = owner;
        _word = word;
    }

    /// <summary>The message, on the slab.</summary>
    /// <exception cref="LeaseException">The lease was disposed, or never given by a channel.</exception>
    public ref readonly T Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _owner is SequentialRingReader<T> ring
            ? ref *(T*)ring.Resolve(_word)
            : ref *(T*)ResolveSlow(_owner, _word);
    }

    /// <summary>Whether a channel gave it, be it held or not.</summary>
    internal bool IsGiven
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _owner is not null;
    }

    internal LeaseOwner? Owner => _owner;

    internal long Word => _word;

    /// <summary>Whether the message lies in a ring, where it keeps its place in line.</summary>
    internal bool LiesInRing => _owner is SequentialRingReader<T> or CompetingRingReader<T>;

    /// <summary>Whether nobody else holds a share of the message.</summary>
    internal bool IsSole => _owner is SlotPool pool && pool.IsSole(_word);

    /// <summary>Whether the lease is held: given by a channel and not disposed.</summary>
    public bool IsHeld => _owner is not null && _owner.IsHeld(_word);

    /// <summary>Gives the slot back. Doesn't block; doesn't allocate.</summary>
    /// <exception cref="LeaseException">The lease was disposed before. Nothing was changed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_owner is not SequentialRingReader<T> ring || !ring.ReleaseNext(_word, 1))
            ReleaseSlow(_owner, _word);
    }

    /// <summary>
    /// Another lease on the same message, to be disposed on its own, on any thread. From a ring it is a lease on a copy
    /// in a pooled slot; of a pooled message it is a share, and nothing is copied.
    /// </summary>
    /// <exception cref="LeaseException">The lease was disposed.</exception>
    /// <exception cref="ChannelFullException">All slots for copies are leased.</exception>
    public Lease<T> Retain()
    {
        var owner = Checked(_owner).Retain(_word, out var retained);
        return new Lease<T>(owner, retained);
    }

    // Static, so that no lease's address is taken and its two words stay in registers.

    private static LeaseOwner Checked(LeaseOwner? owner) =>
        owner ?? throw new LeaseException("The lease is empty: it was never given by a channel.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* ResolveSlow(LeaseOwner? owner, long word) =>
        owner is CompetingRingReader<T> ring ? ring.Resolve(word) : Checked(owner).Resolve(word);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReleaseSlow(LeaseOwner? owner, long word)
    {
        if (owner is CompetingRingReader<T> ring)
            ring.Release(word);
        else
            Checked(owner).Release(word);
    }

    /// <inheritdoc/>
    public override string ToString() => IsHeld ? $"Lease of {Value}" : "Lease, not held";
}
