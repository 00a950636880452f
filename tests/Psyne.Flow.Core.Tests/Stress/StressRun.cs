using System.Collections.Concurrent;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Stress;

/// <summary>
/// Producers and consumers at once, and an oracle: every message exactly once (of a broadcast, once for every reader),
/// whole, each producer's in order. Messages are numbers: producer and sequence; all other bytes follow from them.
/// </summary>
internal sealed class StressRun(StressPlan plan)
{
    private const int SequenceBits = 40;

    private readonly ChannelUnderTest _channel = ChannelUnderTest.Create(plan.Mode, plan.Kind, new SlabChannelOptions
    {
        Capacity = plan.Capacity,
        Backing = plan.Backing,
        Idle = plan.Idle,
        Lanes = plan.Lanes,
    });

    private readonly ConcurrentQueue<HeldLease> _handedOn = new();
    private readonly ConcurrentQueue<long> _published = new();
    private int _consuming = plan.Consumers;

    private bool HasBatches => plan.Kind is MessageKind.Long or MessageKind.Bytes48 or MessageKind.Bytes200 or MessageKind.Bytes1000;

    internal async Task Run()
    {
        var writers = Enumerable.Range(0, plan.Producers).Select(_ => _channel.OpenWriter()).ToArray();
        var readers = Enumerable.Range(0, plan.Consumers).Select(_ => _channel.OpenReader()).ToArray();
        var consumers = readers.Select((reader, i) => Hang.Start(() => Consume(reader, new Random(plan.Seed * 31 + i)))).ToArray();
        var janitor = Hang.Start(LookAfter);
        var producers = writers.Select((writer, i) => Hang.Start(() => Produce(writer, i, new Random(plan.Seed * 37 + i)))).ToArray();
        // A failure on either side ends the other.
        var all = Task.WhenAll(producers.Append(janitor).Concat(consumers));
        await Task.WhenAny(Task.WhenAll(producers), FirstFault(consumers.Append(janitor).Concat(producers)), all).Guard();
        if (producers.Any(static task => !task.IsCompletedSuccessfully))
            _channel.Dispose();
        _channel.Channel.Complete();
        await all.Guard();
        await _channel.Channel.Completion.Guard();
        Judge([.. consumers.Select(static consumer => consumer.Result)]);
        Assert.Equal(0, _channel.Channel.Statistics.Misuses);
        Assert.Equal(0, _channel.Channel.Statistics.HeldLeases);
        Assert.Equal(0, _channel.Channel.Statistics.OpenClaims);
        _channel.Dispose();
        Assert.True(_channel.Channel.Slab.IsDisposed);
    }

    private static async Task FirstFault(IEnumerable<Task> tasks)
    {
        var left = tasks.ToList();
        while (left.Count > 0)
        {
            var done = await Task.WhenAny(left);
            if (!done.IsCompletedSuccessfully)
                return;
            left.Remove(done);
        }
    }

    private void Produce(WriteEnd writer, int producer, Random random)
    {
        var first = (long)producer << SequenceBits;
        for (var sequence = 0L; sequence < plan.Messages;)
        {
            var number = first | sequence;
            switch (random.Next(8))
            {
                case 0: // abort
                    using (var claim = writer.Claim(number))
                        claim.Fill();
                    break;
                case 1 when HasBatches:
                    var most = (int)Math.Min(random.Next(1, 9), plan.Messages - sequence);
                    var publish = random.Next(most + 1);
                    var claimed = writer.WriteBatch(most, number, publish);
                    sequence += Math.Min(claimed, publish);
                    break;
                case 2 when sequence + 1 < plan.Messages: // two at once where that can be; the second goes first
                    using (var later = writer.Claim(number + 1))
                    {
                        later.Fill();
                        if (!InPlace && writer.TryClaim(number, out var sooner))
                        {
                            sooner.Fill();
                            sooner.Publish();
                            later.Publish();
                            sequence += 2;
                        }
                    }
                    break;
                case 3:
                    if (writer.TryWrite(number))
                        sequence++;
                    break;
                case 4:
                    if (writer.TryWrite(number, TimeSpan.FromMilliseconds(1)) == ClaimStatus.Claimed)
                        sequence++;
                    break;
                default:
                    writer.Write(number);
                    sequence++;
                    break;
            }
        }
        _published.Enqueue(producer);
    }

    private bool InPlace => (plan.Lanes > 0 || plan.Mode is ChannelMode.Spsc or ChannelMode.Spmc) && !_channel.Channel.IsPooled;

    private List<long> Consume(ReadEnd reader, Random random)
    {
        var seen = new List<long>();
        var held = new List<HeldLease>();
        try
        {
            while (true)
            {
                if (HasBatches && random.Next(4) == 0)
                {
                    seen.AddRange(reader.TakeBatch(random.Next(1, 9)));
                    continue;
                }
                if (!reader.TryTake(out var lease))
                {
                    // Who waits holds nothing: a small channel could fill up with what waiting consumers hold.
                    while (held.Count > 0)
                        ReleaseAny(held, random);
                    if (random.Next(2) == 0)
                    {
                        if (!Wait(reader, random))
                            return seen;
                        continue;
                    }
                    var status = reader.TryTake(Timeout.InfiniteTimeSpan, out lease);
                    if (status == TakeStatus.Closed)
                        return seen;
                }
                seen.Add(lease.Number);
                if (random.Next(8) == 0 && _handedOn.Count < 16)
                    _handedOn.Enqueue(lease.Retain());
                held.Add(lease);
                while (held.Count > 0 && random.Next(3) != 0)
                    ReleaseAny(held, random);
            }
        }
        finally
        {
            while (held.Count > 0)
                ReleaseAny(held, random);
            Interlocked.Decrement(ref _consuming);
        }
    }

    private static bool Wait(ReadEnd reader, Random random) => random.Next(2) == 0
        ? reader.End.WaitToTake(Timeout.InfiniteTimeSpan)
        : reader.End.WaitToTakeAsync().Guard().GetAwaiter().GetResult();

    private static void ReleaseAny(List<HeldLease> held, Random random)
    {
        var index = random.Next(held.Count);
        _ = held[index].Number; // whole to the last
        held[index].Dispose();
        held[index] = held[^1];
        held.RemoveAt(held.Count - 1);
    }

    private void LookAfter()
    {
        while (Volatile.Read(ref _consuming) > 0 || !_handedOn.IsEmpty)
        {
            if (_handedOn.TryDequeue(out var lease))
            {
                _ = lease.Number;
                lease.Dispose();
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void Judge(List<long>[] seen)
    {
        foreach (var one in seen)
        {
            var last = Enumerable.Repeat(-1L, plan.Producers).ToArray();
            foreach (var number in one)
            {
                var producer = number >> SequenceBits;
                var sequence = number & ((1L << SequenceBits) - 1);
                Assert.InRange(producer, 0, plan.Producers - 1);
                Assert.True(sequence > last[producer], $"Producer {producer}: {sequence} after {last[producer]}.");
                last[producer] = sequence;
            }
        }
        var all = Enumerable.Range(0, plan.Producers).SelectMany(producer =>
            Enumerable.Range(0, plan.Messages).Select(sequence => ((long)producer << SequenceBits) | (uint)sequence)).Order().ToArray();
        if (plan.Mode == ChannelMode.Broadcast)
        {
            Assert.All(seen, one => Assert.Equal(all, one.Order()));
            Assert.All(seen, one => Assert.Equal(seen[0], one)); // one order for everybody
        }
        else
        {
            Assert.Equal(all, seen.SelectMany(static one => one).Order());
        }
    }
}

/// <summary>What a run is made of; printed with a failure.</summary>
internal sealed record StressPlan(
    ChannelMode Mode, MessageKind Kind, SlabBacking Backing, int Producers, int Consumers, int Capacity, IdleStrategy Idle, int Messages, int Seed, int Lanes = 0);
