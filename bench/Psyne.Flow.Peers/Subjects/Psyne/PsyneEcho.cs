using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Psyne;

/// <summary>Two SPSC channels between two threads of their own: both spin on TryTake, or both sleep until they are woken.</summary>
internal sealed class PsyneEcho(Arrival arrival, bool parked) : IEcho
{
    private readonly SlabChannel<ulong> there = SlabChannel.CreateSpsc<ulong>(Options(parked));
    private readonly SlabChannel<ulong> back = SlabChannel.CreateSpsc<ulong>(Options(parked));

    private static SlabChannelOptions Options(bool parked) =>
        new() { Capacity = 4096, Idle = parked ? IdleStrategy.Park : IdleStrategy.Spin };

    public ulong Call(ulong value)
    {
        there.Writer.Publish(in value);
        return Receive(back.Reader);
    }

    public ulong Answer()
    {
        var value = Receive(there.Reader);
        arrival.Mark();
        back.Writer.Publish(in value);
        return value;
    }

    private ulong Receive(SlabReader<ulong> reader)
    {
        while (true)
        {
            if (reader.TryTake(out var lease))
            {
                using (lease)
                {
                    return lease.Value;
                }
            }

            if (parked)
            {
                reader.WaitToTake(Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        there.Dispose();
        back.Dispose();
    }
}
