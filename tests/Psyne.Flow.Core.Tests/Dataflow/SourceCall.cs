using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

public enum SourceCallKind { Consume, Reserve, Release }

/// <summary>What a target asked of a probe source.</summary>
public sealed record SourceCall<T>(SourceCallKind Kind, long Id, ITargetBlock<T> Target)
{
    public override string ToString() => $"{Kind} {Id}";
}
