namespace Psyne.Flow.Observables;

/// <summary>Where a pump takes its messages from. Called by the pump's run alone, but for <see cref="Open"/> and <see cref="Close"/>.</summary>
internal abstract class MessageFeed<T> where T : unmanaged
{
    /// <summary>Somebody observes: from now on <paramref name="look"/> is called when there may be a message. Under the pump's lock.</summary>
    internal abstract void Open(Action look);

    /// <summary>Nobody observes any more. Under the pump's lock.</summary>
    internal abstract void Close();

    /// <summary>Takes a message that is there now.</summary>
    internal abstract bool TryTake(out Lease<T> message);

    /// <summary>Whether nothing will come any more, and why; null for a good end.</summary>
    internal abstract bool HasEnded(out Exception? fault);

    /// <summary>After a take that found nothing. True when it is to be tried again at once; else the pump is told later.</summary>
    internal abstract bool LookAgain();
}
