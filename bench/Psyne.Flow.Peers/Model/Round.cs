namespace Psyne.Flow.Peers.Model;

/// <summary>What a subject hands back after one round.</summary>
/// <param name="Seconds">Wall clock of the timed part; the calibration goes by it.</param>
/// <param name="Measures">The figures; the case's primary metric is among them.</param>
/// <param name="Drops">Messages written and never delivered.</param>
/// <param name="Failure">Why the verification failed, or null. A failed round fails the program.</param>
internal sealed record Round(double Seconds, IReadOnlyList<Measure> Measures, long Drops = 0, string? Failure = null)
{
    public static Round Failed(string why) => new(0, [], 0, why);
}
