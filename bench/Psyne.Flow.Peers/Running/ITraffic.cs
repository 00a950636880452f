using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// A way to move messages from producer threads to consumer threads. The runner owns the threads, the clock and the
/// verification; a subject says only how a message is written and how it is read.
/// </summary>
/// <remarks>Write and Read are called again and again with a chunk of work, so that the JIT sees hot methods as it would in a program.</remarks>
internal interface ITraffic : IDisposable
{
    /// <summary>Prepares a round of this many messages. Not timed.</summary>
    void Begin(long messages);

    /// <summary>Writes the stamps `Stamp.Of(producer, first)`, first + 1, ... Runs on that producer's own thread; waits while full.</summary>
    void Write(int producer, ulong first, int count);

    /// <summary>Called once, on the thread of the producer that finished last: completes the channel.</summary>
    void CompleteWriting();

    /// <summary>
    /// Reads some messages into the tally, waiting while there are none; runs on that consumer's own thread.
    /// False when everything has been read and the channel is complete.
    /// </summary>
    bool Read(int consumer, ref Tally tally);

    /// <summary>Called after all threads have ended, outside the time; returns the number of messages dropped.</summary>
    long End();
}
