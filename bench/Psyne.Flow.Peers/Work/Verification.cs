namespace Psyne.Flow.Peers.Work;

/// <summary>Merges the consumers' tallies after a round and says what is wrong, if anything.</summary>
internal static class Verification
{
    /// <summary>Null when every message arrived once, whole, and in its producer's order.</summary>
    public static string? Check(ReadOnlySpan<Tally> tallies, int producers, long messages, long drops)
    {
        ulong count = 0, sum = 0, errors = 0;
        foreach (var tally in tallies)
        {
            count += tally.Count;
            sum = unchecked(sum + tally.Sum);
            errors += tally.Errors;
        }

        if (errors != 0)
        {
            return $"{errors} of {messages} messages were damaged or out of their producer's order";
        }

        if (count + (ulong)drops != (ulong)messages)
        {
            return $"{count} messages arrived and {drops} were dropped, of {messages} written";
        }

        var expected = Stamp.Sum(producers, (ulong)(messages / producers));
        return drops == 0 && sum != expected
            ? $"the stamps sum to {sum:x16} and not to {expected:x16}: something arrived twice and something else not at all"
            : null;
    }
}
