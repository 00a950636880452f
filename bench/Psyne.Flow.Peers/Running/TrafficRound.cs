using System.Diagnostics;
using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// One round: every producer and consumer on its own pinned thread, released together. The clock runs from the first
/// thread that starts to the last that ends; making the threads, filling pools and checking the tallies lie outside.
/// </summary>
internal sealed class TrafficRound(ITraffic traffic, Shape shape, long messages)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Tally[] tallies = [.. Enumerable.Range(0, shape.Threads.Consumers).Select(_ => new Tally(shape.Threads.Producers))];
    private readonly long[] started = new long[shape.Threads.Threads];
    private readonly long[] ended = new long[shape.Threads.Threads];
    private int writing = shape.Threads.Producers;

    public Round Run()
    {
        var (producers, consumers) = shape.Threads;
        traffic.Begin(messages);
        using var team = new ThreadTeam(shape.Threads.Threads, Work);
        var meter = Meter.Start();
        var failure = team.Run(Patience);
        var usage = meter.Stop();
        if (failure is not null)
        {
            return Round.Failed(failure);
        }

        var drops = traffic.End();
        var seconds = Stopwatch.GetElapsedTime(started.Min(), ended.Max()).TotalSeconds;
        var primary = shape.Touch
            ? new Measure(Metrics.Touched, messages * (double)shape.Bytes / seconds / 1e9, "GB/s")
            : new Measure(Metrics.Rate, messages / seconds, "msg/s");
        return new Round(seconds, [primary, .. usage.PerMessage(messages)], drops,
            Verification.Check(tallies, producers, messages, drops));

        void Work(int index)
        {
            started[index] = Stopwatch.GetTimestamp();
            if (index < producers)
            {
                Produce(index, (ulong)(messages / producers));
            }
            else
            {
                Consume(index - producers);
            }

            ended[index] = Stopwatch.GetTimestamp();
        }
    }

    private void Produce(int producer, ulong each)
    {
        for (ulong number = 1; number <= each;)
        {
            var count = (int)Math.Min((ulong)shape.Chunk, each - number + 1);
            traffic.Write(producer, number, count);
            number += (ulong)count;
        }

        if (Interlocked.Decrement(ref writing) == 0)
        {
            traffic.CompleteWriting();
        }
    }

    private void Consume(int consumer)
    {
        // A local: neighbours in the array share cache lines, and the consumers must not.
        var tally = tallies[consumer];
        while (traffic.Read(consumer, ref tally))
        {
        }

        tallies[consumer] = tally;
    }
}
