using System.Diagnostics;
using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Native;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>Messages there and back in C: both loops, the clock readings and the histogram included, on the runner's pinned threads.</summary>
internal abstract unsafe class NativeEchoSubject(bool parked) : Subject
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public override long LeastMessages => parked ? 64 : 1024;

    public override Round Run(long messages)
    {
        var histogram = new Histogram();
        ulong wrong = 0;
        long ticks = 0;
        Reset();
        using var team = new ThreadTeam(2, index =>
        {
            if (index != 0)
            {
                Answer((ulong)messages);
                return;
            }

            ulong longest = 0;
            var begin = Stopwatch.GetTimestamp();
            fixed (ulong* counts = histogram.Counts)
            {
                wrong = Call((ulong)messages, counts, &longest);
            }

            ticks = Stopwatch.GetTimestamp() - begin;
            histogram.Longest = longest;
        });
        var meter = Meter.Start();
        var failure = team.Run(Patience);
        var usage = meter.Stop();
        return failure is not null
            ? Round.Failed(failure)
            : new Round(Stopwatch.GetElapsedTime(0, ticks).TotalSeconds,
                [.. EchoSubject.Percentiles(histogram, parked), .. usage.PerMessage(2 * messages)], 0,
                wrong == 0 ? null : $"{wrong} of {messages} answers weren't what was sent");
    }

    protected abstract void Reset();

    protected abstract ulong Call(ulong messages, ulong* counts, ulong* longest);

    protected abstract void Answer(ulong messages);
}
