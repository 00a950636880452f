using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// Whether a piece of work runs, and whether it was asked for meanwhile: one run at a time, and after every request a run
/// begins that sees what was written before the request.
/// </summary>
/// <remarks>
/// <code>
/// Idle --request--> Asked --begin--> Running --end--> Idle
///                     ^----request----'   (its end asks for another run)
/// </code>
/// </remarks>
internal static class WorkState<TAtomics> where TAtomics : struct, IAtomics
{
    internal const int Idle = 0;
    internal const int Running = 1;
    internal const int Asked = 2;

    /// <summary>Asks for a run. True when the caller has to start it; otherwise the run to come sees what this one is for.</summary>
    internal static bool Request(ref int state)
    {
        while (true)
        {
            var seen = TAtomics.LoadAcquire(ref state);
            // Also where it was asked for already: the run to come acquires what this request released.
            if (TAtomics.CompareExchange(ref state, Asked, seen) == seen) // SYNC: work-request (store)
                return seen == Idle;
        }
    }

    /// <summary>A run that was started begins.</summary>
    internal static void Begin(ref int state) => TAtomics.CompareExchange(ref state, Running, Asked); // SYNC: work-request (load)

    /// <summary>The run is over. False when it was asked for meanwhile: the caller starts another.</summary>
    internal static bool End(ref int state) => TAtomics.CompareExchange(ref state, Idle, Running) == Running;
}
