namespace Psyne.Flow.ModelChecking;

/// <summary>What a check that found nothing has covered.</summary>
/// <param name="Executions">Executions run.</param>
/// <param name="Steps">Operations in all of them together.</param>
/// <param name="Complete">The space within the bounds was exhausted; always false in random mode.</param>
/// <param name="MaxDepth">The most choices made in one execution.</param>
/// <param name="Elapsed">Wall-clock time.</param>
internal sealed record ModelReport(long Executions, long Steps, bool Complete, int MaxDepth, TimeSpan Elapsed)
{
    public override string ToString() =>
        $"{Executions:N0} executions, {Steps:N0} steps, {(Complete ? "complete" : "not complete")}, "
        + $"depth {MaxDepth}, {Executions / Math.Max(Elapsed.TotalSeconds, 1e-3):N0} executions/s";
}
