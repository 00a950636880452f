#pragma warning disable RS0030 // counters and one-time flags; nothing on the slab is ordered by them
using System.Diagnostics;
using Psyne.Flow.Atomics;
using Psyne.Flow.Diagnostics;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

// Who may open an end, and what closing one leaves behind.
internal sealed unsafe partial class ChannelCore
{
    /// <summary>Another handle on the channel. False when the last one is gone, and the channel with it.</summary>
    internal bool TryAddHandle()
    {
        var handles = Volatile.Read(ref _handles);
        while (handles > 0)
        {
            var was = Interlocked.CompareExchange(ref _handles, handles + 1, handles);
            if (was == handles)
                return true;
            handles = was;
        }
        return false;
    }

    internal void RemoveHandle()
    {
        if (Interlocked.Decrement(ref _handles) == 0)
            Dispose();
    }

    internal WriterCore OpenWriter()
    {
        ThrowIfDisposed();
        if (Layout.Lanes > 0)
        {
            var lane = TakeLane();
            Interlocked.Increment(ref _producers);
            return lane;
        }
        if (!Mode.HasOneProducer())
            Interlocked.Increment(ref _producers);
        else if (Interlocked.CompareExchange(ref _producers, 1, 0) != 0)
            throw new ChannelRoleException($"{this} is {Mode} and has its one producer already: a second was refused.");
        return Writers[0];
    }

    internal void CloseWriter(WriterCore writer)
    {
        if (Layout.Lanes > 0)
            GiveLaneBack(writer);
        Interlocked.Decrement(ref _producers);
    }

    internal IReaderCore OpenReader()
    {
        ThrowIfDisposed();
        var most = Mode.HasOneConsumer() ? 1 : Mode == ChannelMode.Broadcast ? Layout.Readers : int.MaxValue;
        lock (_lock)
        {
            if (_consumers >= most)
                throw new ChannelRoleException(most == 1
                    ? $"{this} is {Mode} and has its one consumer already: a second was refused."
                    : $"{this} has {_consumers} consumers, the most it was made for (Readers): another was refused.");
            // Consumers that compete, or follow one another, share one reader; each consumer of a broadcast has its own.
            if (Mode != ChannelMode.Broadcast && _readers.Count > 0)
            {
                _consumers++;
                return _readers[0];
            }
            var reader = ReaderFactory();
            _readers.Add(reader);
            _consumers++;
            return reader;
        }
    }

    internal void CloseReader(IReaderCore reader)
    {
        lock (_lock)
        {
            _consumers--;
            if (Mode == ChannelMode.Broadcast)
            {
                _readers.Remove(reader);
                _leaving.Add(reader);
                Volatile.Write(ref _leavingCount, _leaving.Count);
                Space.Gate.Enter(); // releases look here until it has left
            }
        }
        EndLeaving();
        Space.Wake();
        TryFinish();
        TryFree();
    }

    private void EndLeaving()
    {
        if (Volatile.Read(ref _leavingCount) == 0)
            return;
        lock (_lock)
        {
            for (var i = _leaving.Count - 1; i >= 0; i--)
            {
                if (_leaving[i].HeldInRing != 0)
                    continue;
                _leaving[i].Leave();
                _leaving.RemoveAt(i);
                Space.Gate.Leave();
            }
            Volatile.Write(ref _leavingCount, _leaving.Count);
        }
    }
}
