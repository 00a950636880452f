namespace Psyne.Flow.ModelChecking.Mutants;

/// <summary>The word of a ring slot is stored without release: the message may come later.</summary>
internal readonly struct RingWordWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "ring";
}

/// <summary>The word of a ring slot is loaded without acquire: the message may be read earlier.</summary>
internal readonly struct RingWordWithoutAcquire : IBug
{
    public static Weakness Weakness => Weakness.Acquire;

    public static string Block => "ring";
}

/// <summary>The gating sequence is stored without release: the slot may be given back before it was read.</summary>
internal readonly struct GatingWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "gating";
}

/// <summary>The gating sequence is loaded without acquire.</summary>
internal readonly struct GatingWithoutAcquire : IBug
{
    public static Weakness Weakness => Weakness.Acquire;

    public static string Block => "gating";
}

/// <summary>The walk over competing consumers' words may set its sequence back.</summary>
internal readonly struct GatingWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "gating";
}

/// <summary>A message is taken without a compare-and-swap.</summary>
internal readonly struct HeadWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "head";
}

/// <summary>A position is taken in two steps.</summary>
internal readonly struct TailWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "tail";
}

/// <summary>How far a consumer has taken shows before how far it knows messages to be published.</summary>
internal readonly struct TakenWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "taken";
}

/// <summary>A broadcast's reader gives a slot back before it was read.</summary>
internal readonly struct ReaderLineWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "readers";
}

/// <summary>A slot's word or the free list is changed without a compare-and-swap.</summary>
internal readonly struct SlotWordWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "slots";
}

/// <summary>A slot's word is loaded without acquire.</summary>
internal readonly struct SlotWordWithoutAcquire : IBug
{
    public static Weakness Weakness => Weakness.Acquire;

    public static string Block => "slots";
}

/// <summary>The ticket of a claim is stored without release when it ends.</summary>
internal readonly struct TicketWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "claims";
}

/// <summary>The reclaimed position of a lossy broadcast is stored without release.</summary>
internal readonly struct ReclaimedWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "reclaimed";
}

/// <summary>No full fence anywhere.</summary>
internal readonly struct NoFence : IBug
{
    public static Weakness Weakness => Weakness.Fence;

    public static string Block => "";
}

/// <summary>No process-wide barrier anywhere.</summary>
internal readonly struct NoBarrier : IBug
{
    public static Weakness Weakness => Weakness.Barrier;

    public static string Block => "";
}

/// <summary>Nobody is woken.</summary>
internal readonly struct NoWake : IBug
{
    public static Weakness Weakness => Weakness.Wake;

    public static string Block => "";
}

/// <summary>The head of the free list is compared without its count.</summary>
internal readonly struct FreeListWithoutCount : IBug
{
    public static Weakness Weakness => Weakness.Tag;

    public static string Block => "free list";
}

/// <summary>The head of the free list is changed without a compare-and-swap.</summary>
internal readonly struct FreeListWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "free list";
}

/// <summary>What the magazine's owner stores shows in any order.</summary>
internal readonly struct MagazineWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "magazine";
}

/// <summary>A request for work is a load and a store.</summary>
internal readonly struct WorkStateWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "state";
}

/// <summary>How far a worker is shows before the messages.</summary>
internal readonly struct ProgressWithoutRelease : IBug
{
    public static Weakness Weakness => Weakness.Release;

    public static string Block => "finished";
}

/// <summary>How far a worker is is read without acquire.</summary>
internal readonly struct ProgressWithoutAcquire : IBug
{
    public static Weakness Weakness => Weakness.Acquire;

    public static string Block => "finished";
}

/// <summary>A ticket's version is compared and stored in two steps.</summary>
internal readonly struct TicketWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "ticket";
}

/// <summary>A handle's bit leaves its run's word in two steps.</summary>
internal readonly struct RunWithoutAtomicity : IBug
{
    public static Weakness Weakness => Weakness.Atomicity;

    public static string Block => "run";
}
