using System.Diagnostics;
using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// One-way latency. Spinning, it is half of each round trip. Parked, it is taken from before the send to the answering
/// side's first step after the receive, by the one clock that all threads share; the caller works on for a moment before
/// each message, so that the answering side is asleep by then.
/// </summary>
/// <remarks>
/// Half of a round trip won't do for parked: most blocking calls of .NET spin for a while before they sleep, so the way
/// back would often be no wake at all, and the figure the mean of a wake and of a spin.
/// </remarks>
internal sealed class EchoSubject : Subject
{
    /// <summary>Longer than the spinning of any blocking call here (SemaphoreSlim's is the longest), in the limit as in every subject.</summary>
    public const ulong PauseNanoseconds = 250_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly bool parked;
    private readonly Arrival arrival;
    private readonly IEcho echo;

    public EchoSubject(Func<Arrival, IEcho> create, bool parked)
    {
        this.parked = parked;
        arrival = new Arrival(parked);
        echo = create(arrival);
    }

    public override long LeastMessages => parked ? 64 : 1024;

    public override Round Run(long messages)
    {
        var histogram = new Histogram();
        long ticks = 0;
        var wrong = 0L;
        using var team = new ThreadTeam(2, index =>
        {
            if (index == 0)
            {
                (ticks, wrong) = Call(histogram, messages);
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
        return failure is not null
            ? Round.Failed(failure)
            : new Round(Stopwatch.GetElapsedTime(0, ticks).TotalSeconds,
                [.. Percentiles(histogram, parked), .. usage.PerMessage(2 * messages)], 0,
                wrong == 0 ? null : $"{wrong} of {messages} answers weren't what was sent");
    }

    /// <summary>The figures of a histogram of one-way times, or of round trips, which are halved.</summary>
    public static IEnumerable<Measure> Percentiles(Histogram times, bool oneWay)
    {
        var ways = oneWay ? 1 : 2;
        return
        [
            new Measure(Metrics.P50, times.Percentile(0.50) / ways, "ns"),
            new Measure(Metrics.P99, times.Percentile(0.99) / ways, "ns"),
            new Measure(Metrics.P999, times.Percentile(0.999) / ways, "ns"),
            new Measure(Metrics.Max, (double)times.Longest / ways, "ns"),
        ];
    }

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
            var received = parked ? arrival.At : Stopwatch.GetTimestamp();
            wrong += answer == value ? 0 : 1;
            histogram.Record(Busy.ToNanoseconds(Math.Max(0, received - sent)));
        }

        var ticks = Stopwatch.GetTimestamp() - begin;
        echo.Call(IEcho.Stop);
        return (ticks, wrong);
    }
}
