namespace Psyne.Flow;

/// <summary>Why a message was dropped.</summary>
public enum DropReason
{
    /// <summary>The channel was full and its policy drops the new message.</summary>
    Newest,

    /// <summary>The channel was full and its policy drops the message that waited longest.</summary>
    Oldest,

    /// <summary>The policy drops the oldest, but every slot was leased, so that the new message was dropped.</summary>
    AllLeased,
}
