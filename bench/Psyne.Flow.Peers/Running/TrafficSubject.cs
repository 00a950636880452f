using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Running;

/// <summary>Runs an <see cref="ITraffic"/> on threads of its own and reports rate or touched bytes.</summary>
internal sealed class TrafficSubject(ITraffic traffic, Shape shape) : Subject
{
    public override long LeastMessages => Multiple * (shape.IsSmall ? 4096 : 16);

    public override long Multiple => shape.Threads.Producers;

    public override Round Run(long messages) => new TrafficRound(traffic, shape, messages).Run();

    protected override void Free() => traffic.Dispose();
}
