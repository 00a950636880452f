using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow;

public sealed unsafe partial class SlabWriter<T>
{
    /// <summary>
    /// This end as a target of dataflow blocks. From then on the block uses the end, and whoever else does shares it as the
    /// channel's mode says. A message is copied into the channel, whose slots are its own, and its lease disposed. See
    /// <see cref="ChannelTargetBlock{T}"/> for full channels and for the end.
    /// </summary>
    /// <param name="options">The scheduler, the token, the name; the bound says how many messages may wait in the channel, which has its own capacity, too. Null for the defaults.</param>
    public ChannelTargetBlock<T> AsTargetBlock(DataflowBlockOptions? options = null) => new(this, options);
}
