using System.Diagnostics;
using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>
/// One thread that writes all of a payload and then reads all of it, in one buffer that stays in its cache: the loop as
/// one would write it without messaging. The limit of the touched cases; two threads can pass it where bytes cross fast.
/// </summary>
internal sealed class LoopOneThreadSubject(Shape shape) : Subject
{
    private readonly byte[] buffer = GC.AllocateArray<byte>(shape.Bytes, pinned: true);

    public override Round Run(long messages)
    {
        var tallies = new[] { new Tally(1) };
        long ticks = 0;
        using var team = new ThreadTeam(1, _ =>
        {
            var begin = Stopwatch.GetTimestamp();
            var tally = tallies[0];
            for (ulong stamp = 1; stamp <= (ulong)messages; stamp++)
            {
                Payload.Write(buffer, stamp, shape.Touch);
                tally.Add(Payload.Read(buffer, shape.Touch));
            }

            tallies[0] = tally;
            ticks = Stopwatch.GetTimestamp() - begin;
        });
        var meter = Meter.Start();
        var failure = team.Run(TimeSpan.FromSeconds(60));
        var usage = meter.Stop();
        if (failure is not null)
        {
            return Round.Failed(failure);
        }

        var seconds = Stopwatch.GetElapsedTime(0, ticks).TotalSeconds;
        return new Round(seconds,
            [new Measure(Metrics.Touched, messages * (double)shape.Bytes / seconds / 1e9, "GB/s"), .. usage.PerMessage(messages)],
            0, Verification.Check(tallies, 1, messages, 0));
    }
}
