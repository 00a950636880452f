using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Rings;

namespace Psyne.Flow;

/// <summary>
/// A slot that a message is being built in. <see cref="Publish"/> sends it; disposing it unpublished gives it back, also
/// when an exception flies.
/// </summary>
/// <remarks>Stays on the thread that claimed it. Copies are the same claim. Every member throws <see cref="LeaseException"/> once the claim has ended, but for <see cref="Dispose"/>.</remarks>
/// <example><code>
/// using var claim = channel.Writer.Claim();
/// claim.Value.Temperature = 21.5f;
/// claim.Publish();
/// </code></example>
public readonly unsafe ref struct Claim<T> : IDisposable where T : unmanaged
{
    private readonly WriterCore _core;
    private readonly T* _value;
    private readonly long _ticket;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Claim(WriterCore core, T* value, long ticket)
    {
        _core = core;
        _value = value;
        _ticket = ticket;
    }

    internal Claim(SlotClaim claim) : this(claim.Core, (T*)claim.Value, claim.Ticket) { }

    /// <summary>The message under construction, on the slab. What it holds at first is whatever the slot held before.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted.</exception>
    public ref T Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_core is not SpscRingWriter<T> ring)
                return ref *ResolveSlow(_core, _value, _ticket);
            if (!SpscRingWriter<T>.IsOpen(_value, _ticket))
                throw ring.Ended(_ticket);
            return ref *_value;
        }
    }

    /// <summary>Whether the claim is neither published nor aborted.</summary>
    public bool IsOpen => _core is not null && _core.IsOpen(_ticket);

    /// <summary>Makes the message visible to the consumers. Doesn't block; doesn't allocate.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish()
    {
        if (_core is SpscRingWriter<T> { Sampled: false } ring)
            ring.PublishOne(_ticket);
        else
            PublishSlow(_core, _ticket);
    }

    /// <summary>Gives the slot back if the message was not published.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_core is not SpscRingWriter<T> || SpscRingWriter<T>.IsOpen(_value, _ticket))
            AbortSlow(_core, _ticket);
    }

    // Static, so that no claim's address is taken and its words stay in registers.

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PublishSlow(WriterCore? core, long ticket)
    {
        if (core is null)
            ThrowEnded(core, ticket);
        core!.PublishSampled(ticket);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T* ResolveSlow(WriterCore? core, T* value, long ticket)
    {
        if (core is null || !core.IsOpen(ticket))
            ThrowEnded(core, ticket);
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AbortSlow(WriterCore? core, long ticket) => core?.Abort(ticket);

    private static void ThrowEnded(WriterCore? core, long ticket)
    {
        if (core is null)
            throw new LeaseException("The claim is empty: it was never given by a channel.");
        core.ThrowEnded(ticket);
    }
}
