using System.Diagnostics;
using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// One-way latency as half of each round trip. With <c>parked</c>, both sides sleep while they wait, and the caller
/// works on for a moment before each call, so that the other side is asleep by then.
/// </summary>
internal sealed class EchoSubject(Func<IEcho> create, bool parked) : Subject
{
    /// <summary>Longer than the few microseconds that going to sleep takes, in the limits as in every subject.</summary>
    public const ulong PauseNanoseconds = 30_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IEcho echo = create();

    public override long LeastMessages => parked ? 64 : 1024;

    public override Round Run(long messages)
    {
        var histogram = new Histogram();
        long seconds = 0;
        var wrong = 0L;
        using var team = new ThreadTeam(2, index =>
        {
            if (index == 0)
            {
                (seconds, wrong) = Call(histogram, messages);
            }
            else
            {
                while (echo.Answer() != IEcho.Stop)
                {
                }
            }
        });
        var meter = Meter.Start();
        var failure = team.Run(Patience);
        var usage = meter.Stop();
        if (failure is not null)
        {
            return Round.Failed(failure);
        }

        var total = Stopwatch.GetElapsedTime(0, seconds).TotalSeconds;
        return new Round(total, [.. Percentiles(histogram), .. usage.PerMessage(2 * messages)], 0,
            wrong == 0 ? null : $"{wrong} of {messages} answers weren't what was sent");
    }

    public static IEnumerable<Measure> Percentiles(Histogram roundTrips) =>
    [
        new Measure(Metrics.P50, roundTrips.Percentile(0.50) / 2, "ns"),
        new Measure(Metrics.P99, roundTrips.Percentile(0.99) / 2, "ns"),
        new Measure(Metrics.P999, roundTrips.Percentile(0.999) / 2, "ns"),
        new Measure(Metrics.Max, roundTrips.Longest / 2.0, "ns"),
    ];

    protected override void Free() => echo.Dispose();

    private (long Ticks, long Wrong) Call(Histogram histogram, long messages)
    {
        var wrong = 0L;
        var begin = Stopwatch.GetTimestamp();
        for (ulong value = 1; value <= (ulong)messages; value++)
        {
            if (parked)
            {
                Busy.For(PauseNanoseconds);
            }

            var sent = Stopwatch.GetTimestamp();
            var answer = echo.Call(value);
            var back = Stopwatch.GetTimestamp();
            wrong += answer == value ? 0 : 1;
            histogram.Record(Busy.ToNanoseconds(back - sent));
        }

        var ticks = Stopwatch.GetTimestamp() - begin;
        echo.Call(IEcho.Stop);
        return (ticks, wrong);
    }
}
