using System.IO.Enumeration;

namespace Psyne.Flow.Peers.Model;

/// <summary>Why a goal may fall short, printed under it where it does.</summary>
/// <param name="Cases">The names of the cases, where <c>*</c> stands for anything.</param>
/// <param name="Goal">The text of the goal in them.</param>
/// <param name="Why">What holds the figure down.</param>
/// <param name="Tried">What was tried against it, and did not help.</param>
internal sealed record Remark(string Cases, string Goal, string Why, string Tried)
{
    /// <summary>The cases with each remark on the goals that it names.</summary>
    /// <exception cref="InvalidOperationException">A remark names no case, no goal in its cases, or a goal that has one already.</exception>
    public static IReadOnlyList<Case> Attach(IEnumerable<Remark> remarks, IEnumerable<Case> cases)
    {
        Case[] all = [.. cases];
        foreach (var remark in remarks)
        {
            var found = false;
            for (var i = 0; i < all.Length; i++)
            {
                if (FileSystemName.MatchesSimpleExpression(remark.Cases, all[i].Name, ignoreCase: false))
                {
                    var goals = all[i].Goals.Select(goal => goal.Text == remark.Goal ? remark.On(all[i], goal) : goal).ToList();
                    found |= goals.Exists(goal => ReferenceEquals(goal.Remark, remark));
                    all[i] = all[i] with { Goals = goals };
                }
            }

            if (!found)
            {
                throw new InvalidOperationException($"The remark on goal '{remark.Goal}' of cases '{remark.Cases}' names no case with such a goal.");
            }
        }

        return all;
    }

    private Goal On(Case work, Goal goal) => goal.Remark is null ? goal with { Remark = this } : throw new InvalidOperationException(
        $"The goal '{goal.Text}' of case '{work.Name}' has two remarks, of '{goal.Remark.Cases}' and of '{Cases}'.");
}
