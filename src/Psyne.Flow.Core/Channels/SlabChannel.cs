using System.Diagnostics;
using Psyne.Flow.Channels;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>
/// A channel: a slab of memory that messages are built on, wait on and are read on. Makes channels of every kind, and is
/// what they have in common.
/// </summary>
/// <remarks>Thread-safe, but for its ends: see <see cref="SlabWriter"/> and <see cref="SlabReader"/>.</remarks>
/// <example><code>
/// using var features = SlabChannel.CreateSpsc&lt;Features&gt;();
/// using (var claim = features.Writer.Claim())
/// {
///     Fill(ref claim.Value);
///     claim.Publish();
/// }
/// using (var lease = features.Reader.Take())
///     Use(in lease.Value);
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class SlabChannel : IDisposable
{
    private readonly Lock _lock = new();
    private bool _disposed;

    private protected SlabChannel(ChannelCore core) => Core = core;

    internal ChannelCore Core { get; }

    /// <summary>What diagnostics call the channel.</summary>
    public string Name => Core.Name;

    /// <summary>How many producers and consumers it has.</summary>
    public ChannelMode Mode => Core.Mode;

    /// <summary>Messages that it holds: what was asked for, rounded up to a power of two where messages lie in the ring; with lanes, that each of them holds. Open claims come on top where several producers share a ring.</summary>
    public int Capacity => Core.Layout.Capacity;

    /// <summary>Rings, one for each producer (<see cref="SlabChannelOptions.Lanes"/>); 0 where there is one for all.</summary>
    public int Lanes => Core.Layout.Lanes;

    /// <summary>Bytes of one message, its header included.</summary>
    public long MessageBytes => Core.Layout.PayloadBytes;

    /// <summary>Published messages that are still to be taken; of a broadcast, by the slowest consumer.</summary>
    public long Count => Core.Count;

    /// <summary>The memory that the channel lies on.</summary>
    public Slab Slab => Core.Slab;

    /// <summary>Whether messages lie in pooled slots rather than in the ring.</summary>
    public bool IsPooled => Core.Layout.IsPooled;

    /// <summary>
    /// Completes when the channel was completed and every message was taken; faults with what <see cref="Complete"/> was
    /// given; is cancelled when the channel was disposed before that.
    /// </summary>
    public Task Completion => Core.Completion;

    /// <summary>What happened in the channel so far.</summary>
    public ChannelStatistics Statistics => ChannelStatistics.Of(Core);

    /// <summary>Closes the channel for new claims; see <see cref="SlabWriter.Complete"/>.</summary>
    public bool Complete(Exception? fault = null) => Core.Complete(fault);

    /// <summary>
    /// Closes this handle and its ends; the last handle closes the channel. Waiters end, unread messages are discarded,
    /// and the memory goes back to the system as soon as no claim and no lease is held.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        Core.RemoveHandle();
        CloseEnds();
        GC.SuppressFinalize(this);
    }

    private protected abstract void CloseEnds();

    private protected TEnd Opened<TEnd>(ref TEnd? end, Func<ChannelCore, TEnd> open) where TEnd : class
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return end ??= open(Core);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Core}: {Count} of {Capacity}{(Lanes > 0 ? $" x {Lanes}" : "")} waiting{(Core.IsDisposed ? ", disposed" : Core.IsClosed ? ", completed" : "")}";
}
