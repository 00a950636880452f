namespace Psyne.Flow.Peers.Running;

/// <summary>
/// A pair of channels for 8-byte messages, one there and one back. The runner owns the two threads, the clock and the
/// histogram.
/// </summary>
internal interface IEcho : IDisposable
{
    /// <summary>Runs on the caller's thread: sends <paramref name="value"/> and waits for the answer, which it returns.</summary>
    ulong Call(ulong value);

    /// <summary>
    /// Runs on the answering thread: waits for one message, calls Arrival.Mark, sends it back and
    /// returns it; the runner stops at
    /// <see cref="Stop"/>. A subject that answers on threads of its own waits here until it has answered Stop.
    /// </summary>
    ulong Answer();

    /// <summary>The last message of a round; it is answered like any other.</summary>
    const ulong Stop = ulong.MaxValue;
}
