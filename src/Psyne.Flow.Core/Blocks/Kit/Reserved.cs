using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>A message that is reserved at its source. Used by one thread at a time.</summary>
internal sealed class Reserved<T> where T : unmanaged
{
    private ISourceBlock<Lease<T>>? _source;
    private DataflowMessageHeader _header;

    internal void Set(ISourceBlock<Lease<T>> source, DataflowMessageHeader header) => (_source, _header) = (source, header);

    internal bool Take([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ISourceBlock<Lease<T>>? source, out DataflowMessageHeader header)
    {
        (source, header) = (_source, _header);
        _source = null;
        return source is not null;
    }
}
