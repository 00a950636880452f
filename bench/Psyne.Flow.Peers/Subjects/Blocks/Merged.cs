using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Blocks;

/// <summary>Several targets' accounts of the same messages as one: each must have seen what the first saw.</summary>
internal static class Merged
{
    public static void Into(ref Tally tally, Tally[] targets)
    {
        var first = targets[0];
        var wrong = targets.Aggregate(0UL, (errors, target) =>
            errors + target.Errors + (target.Count == first.Count && target.Sum == first.Sum ? 0UL : 1UL));
        tally.AddCounted(first.Count, first.Sum, wrong);
    }
}
