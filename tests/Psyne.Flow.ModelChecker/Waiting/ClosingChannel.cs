using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Waiting;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>
/// How a channel waits and ends, as ChannelCore, WaitHub and the ends do it (they hold locks and tasks, which the checker
/// doesn't run): gates, claims, rings and slots are the library's own source.
/// </summary>
internal abstract unsafe class ClosingChannel<TAtomics>(ModelMemory memory, int consumers = 1)
    where TAtomics : struct, IAtomics
{
    private const int Timeout = 10;

    private readonly long* _finished = memory.Longs(1, "finished");
    private int _published;

    protected WaitGate<TAtomics> Items { get; } = new(memory.Bytes(WaitGate<TAtomics>.Size, "items gate"));

    protected WaitGate<TAtomics> Space { get; } = new(memory.Bytes(WaitGate<TAtomics>.Size, "space gate"));

    protected Delivery Delivery { get; } = new(consumers);

    /// <summary>Seeded bug: a claim that found no room ends and tells nobody.</summary>
    public bool TellsNobodyWhenFull { get; init; }

    /// <summary>Seeded bug: whoever sees the gate closed concludes that no claim is open, before the barrier has run.</summary>
    public bool ConcludesEarly { get; init; }

    /// <summary>Parks with a timeout, and goes on when it is over.</summary>
    public bool WaitsWithTimeout { get; init; }

    /// <summary>Seeded bug: a late claim, on its way to be aborted, makes a finished channel look unfinished.</summary>
    public bool ForgetsThatItFinished { get; init; }

    private bool IsFinished => TAtomics.LoadAcquire(ref *_finished) != 0;

    // Late claims come and go for a moment: what is finished stays finished.
    private bool IsDrained => (!ForgetsThatItFinished && IsFinished) || IsDrainedNow;

    private bool IsDrainedNow => (ConcludesEarly ? Items.IsClosed : Items.IsSealed) && OpenClaims == 0 && Published - Taken <= 0;

    protected abstract int OpenClaims { get; }

    protected abstract long Published { get; }

    protected abstract long Taken { get; }

    protected abstract bool HasRoom { get; }

    protected abstract bool HasMessage { get; }

    /// <summary>Where a producer waits for room: with lanes, at its own gate.</summary>
    protected virtual WaitGate<TAtomics> SpaceOf(int producer) => Space;

    protected virtual bool HasRoomFor(int producer) => HasRoom;

    protected virtual void CloseSpace() => Space.Close();

    protected virtual void WakeSpace() => Wake(Space);

    protected abstract bool TryClaim(int producer, out long ticket, out bool closed);

    /// <summary>Writes the message, publishes it and ends the claim; <see cref="OnPublished"/> where the gate isn't idle.</summary>
    protected abstract void Publish(int producer, long ticket, long message);

    protected abstract bool TryTake(out long message, out long lease);

    protected abstract void Release(long lease);

    /// <summary>Publishes, waiting for room, until it is done or the channel is closed.</summary>
    public void Produce(int producer, int count)
    {
        for (var i = 0; i < count;)
        {
            if (TryClaim(producer, out var ticket, out var closed))
            {
                _published++;
                Publish(producer, ticket, 100 * producer + i++);
            }
            else if (closed)
            {
                return;
            }
            else
            {
                Wait(SpaceOf(producer), channel => channel.HasRoomFor(producer) || channel.Items.IsClosed);
            }
        }
    }

    /// <summary>Claims once and looks no further.</summary>
    public void TryProduce(int producer)
    {
        if (TryClaim(producer, out var ticket, out _))
        {
            _published++;
            Publish(producer, ticket, 100 * producer + 99);
        }
    }

    /// <summary>Takes until <paramref name="count"/> messages were taken by all, or until the channel is drained.</summary>
    public void Consume(int consumer, int count = int.MaxValue)
    {
        while (Delivery.Count < count)
        {
            if (TryTake(out var message, out var lease))
            {
                Delivery.Add(consumer, message);
                Release(lease);
            }
            else if (IsDrained)
            {
                return;
            }
            else
            {
                Wait(Items, static channel => channel.HasMessage || channel.IsDrained);
            }
        }
    }

    public void Close()
    {
        Items.Close();
        CloseSpace();
        TryFinish();
        WakeAll();
    }

    public void CheckFinished()
    {
        Assert.Equal(_published, Delivery.Count);
        Assert.True(IsFinished, "Closed and drained, and nobody completed the channel.");
    }

    public void CheckDelivered() => Assert.Equal(_published, Delivery.Count);

    protected void Count() => _published++;

    protected void Uncount() => _published--;

    protected void OnPublished()
    {
        Wake(Items);
        if (Items.IsClosed)
        {
            TryFinish();
        }
    }

    protected void OnReleased() => OnReleased(Space);

    protected void OnReleased(WaitGate<TAtomics> space)
    {
        Wake(space);
        if (Items.IsClosed)
        {
            TryFinish();
        }
    }

    private void TryFinish()
    {
        TAtomics.FullFence();
        if (IsDrainedNow && TAtomics.CompareExchange(ref *_finished, 1, 0) == 0)
        {
            Assert.Equal(_published, Taken);
            WakeAll();
        }
    }

    private void WakeAll()
    {
        Wake(Items);
        WakeSpace();
    }

    protected static void Wake(WaitGate<TAtomics> gate)
    {
        if (gate.HasWaiters)
        {
            gate.TryWake();
        }
    }

    private void Wait(WaitGate<TAtomics> gate, Func<ClosingChannel<TAtomics>, bool> isReady)
    {
        var epoch = gate.Enter();
        while (!isReady(this))
        {
            if (!gate.Park(epoch, WaitsWithTimeout ? Timeout : -1))
            {
                break;
            }

            epoch = gate.Arm();
        }

        gate.Leave();
    }
}
