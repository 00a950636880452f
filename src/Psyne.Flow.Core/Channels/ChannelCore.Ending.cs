#pragma warning disable RS0030 // counters and one-time flags; nothing on the slab is ordered by them
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Diagnostics;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

// How a channel is completed, disposed, drained and given back.
internal sealed unsafe partial class ChannelCore
{
    /// <summary>Closes the channel for new claims. What is published can still be taken.</summary>
    internal bool Complete(Exception? fault)
    {
        lock (_lock)
        {
            if (IsClosed)
                return false;
            _fault = fault; // who sees the gate closed sees it
            Items.Close();
        }
        CloseSpace();
        FlowEventSource.Log.ChannelCompleted(Name, fault?.Message ?? "none");
        TryFinish();
        WakeAll();
        return true;
    }

    internal void Dispose()
    {
        if (IsClosed)
            TryFinish(); // the last message may have been taken just now
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        // The flag stands before the gates close: who passes a closed gate sees it.
        Complete(null);
        CloseSpace(); // who completed the channel may not have come so far
        HardwareAtomics.ProcessWideBarrier();
        Volatile.Write(ref _mayFree, true);
        _completion.TrySetCanceled();
        ChannelRegistry.Remove(this);
        WakeAll();
        TryFree();
    }

    private void WakeAll()
    {
        Items.Wake();
        Space.Wake();
        if (Layout.Lanes > 0)
            foreach (var writer in Writers)
                writer.Space.Wake();
    }

    /// <summary>After a publish or abort that found the gate not idle.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void OnPublished(WriterCore writer)
    {
        if (Volatile.Read(ref _lanesLeaving) != 0)
            EndTenancy(writer);
        Items.Wake();
        if (!IsClosed)
            return;
        TryFinish();
        TryFree();
    }

    /// <summary>After a release that found the gate not idle.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void OnReleased(WaitHub space)
    {
        EndLeaving();
        space.Wake();
        if (!IsClosed)
            return;
        TryFinish();
        TryFree();
    }

    /// <summary>Completes the channel once it is closed, no claim is open and every message was taken.</summary>
    internal void TryFinish()
    {
        // Claims end and messages are taken at once on several threads: the last to come here sees both.
        HardwareAtomics.FullFence(); // SYNC: claim-end (load)
        if (IsDisposed || !IsDrained || _completion.Task.IsCompleted)
            return;
        if (_fault is not null)
            _completion.TrySetException(_fault);
        else
            _completion.TrySetResult();
        WakeAll();
    }

    // Claims that come too late show for a moment before they are aborted: what was finished stays so.
    internal bool IsDrained => IsClosed && (IsDisposed || _completion.Task.IsCompleted || (Items.IsSealed && OpenClaims == 0 && Count == 0));

    /// <summary>Published messages that nobody has taken yet; of a broadcast, that the slowest consumer hasn't.</summary>
    internal long Count
    {
        get
        {
            var published = Published;
            lock (_lock)
            {
                if (_readers.Count == 0)
                    return Mode == ChannelMode.Broadcast ? 0 : published;
                var taken = long.MaxValue;
                foreach (var reader in _readers)
                    taken = Math.Min(taken, reader.Taken);
                return Math.Max(0, published - taken);
            }
        }
    }

    internal long HeldLeases
    {
        get
        {
            long held = 0;
            lock (_lock)
            {
                foreach (var reader in _readers)
                    held += reader.HeldInRing;
                foreach (var reader in _leaving)
                    held += reader.HeldInRing;
            }
            if (Pool is { } pool)
                held += pool.CountLeases(Mode == ChannelMode.Broadcast ? 0 : Count);
            return held + (_side?.Pool.CountLeases(0) ?? 0);
        }
    }

    private void TryFree()
    {
        // Not before every running claim and take has seen the closed gates, or shows.
        HardwareAtomics.FullFence(); // SYNC: claim-end (load)
        if (!Volatile.Read(ref _mayFree) || Slab.IsDisposed || Pool?.IsSurelyHeld(Count) == true)
            return;
        if (OpenClaims != 0 || HeldLeases != 0 || _side?.Pool.CountClaims() > 0)
            return;
        foreach (var writer in Writers)
            writer.BeforeFree();
        // The gates stay closed for good: whoever still has an end finds them so.
        Slab.DisposeBehind(Layout.KeptLength);
        _side?.Slab.Dispose();
    }

    /// <summary>Collected undisposed, or with messages held: the slab is still mapped, since its own finalizer runs later.</summary>
    ~ChannelCore()
    {
        if (Writers.Length == 0 || Slab.IsDisposed)
            return;
        var (leases, claims) = (HeldLeases, OpenClaims);
        if (leases > 0 || claims > 0)
            LeakDetector.Report(this, leases, claims);
    }
}
