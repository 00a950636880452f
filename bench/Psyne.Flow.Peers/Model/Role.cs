namespace Psyne.Flow.Peers.Model;

/// <summary>What a subject is to the comparison; goals name roles, never subjects.</summary>
internal enum Role
{
    /// <summary>Psyne.Flow itself.</summary>
    Psyne,

    /// <summary>Something a .NET user could pick instead; the best of these is "the best peer".</summary>
    Peer,

    /// <summary>Shown for orientation and left out of ratios: a C ring, or a path that hands nothing to another thread.</summary>
    Reference,

    /// <summary>What the machine can do at all: the same work without messaging, or the bare mechanism in C.</summary>
    Limit,
}
