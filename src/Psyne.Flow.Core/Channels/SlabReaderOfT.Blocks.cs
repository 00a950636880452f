using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow;

public sealed partial class SlabReader<T>
{
    /// <summary>
    /// This end as a source of dataflow blocks. From then on the block uses the end: it takes messages as its targets take
    /// them, a bounded number ahead, and completes or faults after the channel's last.
    /// </summary>
    /// <param name="options">The scheduler, the token, the name; the bound says how many messages it takes ahead, at most 256. Null for the defaults.</param>
    public SlabSourceBlock<Lease<T>> AsSourceBlock(DataflowBlockOptions? options = null) => new ChannelSourceBlock<T>(this, options);
}
