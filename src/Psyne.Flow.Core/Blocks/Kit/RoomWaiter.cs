#pragma warning disable RS0030 // whether it is listed; the channel is looked at again after it was
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Blocks;

/// <summary>Has a block's work asked for when a channel may have room, without a thread.</summary>
/// <remarks>Thread-safe. Signalled on the thread that made room.</remarks>
internal sealed class RoomWaiter(WaitHub space, Func<bool> mayHaveRoom, Action request) : WaitNode
{
    private int _listed;

    /// <summary>Asks once, at once where there may be room already. A wait that runs serves those who come meanwhile. Called without locks.</summary>
    internal void Wait()
    {
        if (Interlocked.Exchange(ref _listed, 1) != 0)
            return;
        space.Add(this);
        if (mayHaveRoom() && space.TryRemove(this)) // what was freed just before is told to nobody
            Signal();
    }

    internal override void Signal()
    {
        Interlocked.Exchange(ref _listed, 0); // what was postponed before somebody saw it listed is seen by the work
        request();
    }
}
