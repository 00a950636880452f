using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>What the protocol's methods check first.</summary>
internal static class BlockThrow
{
    /// <exception cref="ArgumentException">The header's id is 0.</exception>
    internal static void IfInvalid(DataflowMessageHeader messageHeader)
    {
        if (!messageHeader.IsValid)
            throw new ArgumentException("The header is not valid: its id is 0.", nameof(messageHeader));
    }
}
