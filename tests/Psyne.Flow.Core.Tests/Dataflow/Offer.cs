using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>What a probe target was offered.</summary>
public sealed record Offer<T>(long Id, int Value, ISourceBlock<T>? Source, bool ConsumeToAccept);
