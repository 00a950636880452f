using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// How many messages of its batch a worker has finished. Others may pass those on: the worker builds outside the lock of
/// the queue, and what is shown under that lock is what this word says was finished.
/// </summary>
/// <remarks>
/// The worker begins a batch (a run of the queue, under its lock) after it set the word back to 0, and ends it under the
/// same lock. So whoever holds the lock and finds a batch under way reads the word of that batch.
/// </remarks>
internal static class WorkProgress<TAtomics> where TAtomics : struct, IAtomics
{
    /// <summary>So many messages of the batch are finished. By the worker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Finish(ref int finished, int count) => TAtomics.StoreRelease(ref finished, count); // SYNC: work-progress (store)

    /// <summary>How many are finished, and visible to the caller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Finished(ref readonly int finished) => TAtomics.LoadAcquire(in finished); // SYNC: work-progress (load)
}
