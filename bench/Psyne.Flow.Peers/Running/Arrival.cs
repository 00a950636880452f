using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// When a message reached the answering side of a parked case: the answering side marks it, the caller reads it after
/// the answer, which orders the two. In spin cases marking does nothing, since a clock reading would cost as much as
/// the message.
/// </summary>
internal sealed class Arrival(bool on)
{
    private long at;

    public long At => Volatile.Read(ref at);

    /// <summary>Called as the first thing after a message was received, before it is answered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Mark()
    {
        if (on)
        {
            Volatile.Write(ref at, Stopwatch.GetTimestamp());
        }
    }
}
