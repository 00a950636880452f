using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Native;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>What one core copies, writes or reads when it does nothing else. A message is one pass over the buffer.</summary>
internal sealed class BandwidthSubject(BandwidthSubject.Kind kind, int bytes) : Subject
{
    /// <summary>As in psyne_limits.h.</summary>
    internal enum Kind
    {
        Copy = 0,
        Write = 1,
        Read = 2,
    }

    public override Round Run(long messages)
    {
        double seconds = -1;
        using var team = new ThreadTeam(1, _ => seconds = NativeLimits.Bandwidth((int)kind, (ulong)bytes, (ulong)messages));
        var failure = team.Run(TimeSpan.FromSeconds(60)) ?? (seconds <= 0 ? $"no memory for two buffers of {bytes} bytes" : null);
        return failure is not null
            ? Round.Failed(failure)
            : new Round(seconds, [new Measure(Metrics.Bandwidth, messages * (double)bytes / seconds / 1e9, "GB/s")]);
    }
}
