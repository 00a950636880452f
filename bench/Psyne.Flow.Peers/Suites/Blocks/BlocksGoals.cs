using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Suites.Blocks;

/// <summary>What the project asks of `psyne` in the blocks suite.</summary>
internal static class BlocksGoals
{
    private static readonly Goal NoAllocation = Goal.NoAllocation("0 B a message");

    public static IReadOnlyList<Goal> For(Graph graph)
    {
        var goals = new List<Goal>();
        if (graph is { Kind: GraphKind.Pipeline, Bytes: 8, Parallelism: 1 })
        {
            if (graph.Size == 3)
            {
                goals.Add(Goal.AtLeast(Metrics.Rate, 60e6, ">= 60 M/s"));
            }

            goals.Add(Goal.TimesBestPeer(20, ">= 20x TPL Dataflow bounded", "tpl-bounded"));
            goals.Add(Goal.TimesBestPeer(5, ">= 5x TPL Dataflow unbounded", "tpl-unbounded"));
        }
        else
        {
            goals.Add(Goal.TimesBestPeer(1, "never slower than TPL Dataflow", "tpl"));
        }

        goals.Add(NoAllocation);
        return goals;
    }
}
