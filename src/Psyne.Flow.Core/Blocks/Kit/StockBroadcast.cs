using System.Diagnostics.Tracing;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Blocks;

/// <summary>Warns of TPL's BroadcastBlock behind one of our sources: it gives all targets one lease, and disposes none that it overwrites.</summary>
internal static class StockBroadcast
{
    internal static void Warn<TOut>(ISourceBlock<TOut> source, ITargetBlock<TOut> target)
    {
        if (target is BroadcastBlock<TOut> && FlowEventSource.Log.IsEnabled(EventLevel.Warning, EventKeywords.None))
            FlowEventSource.Log.StockBroadcastLinked(source.ToString()!, NameOf(typeof(TOut)));
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GenericTypeArguments.Select(NameOf))}>"
        : type.Name;
}
