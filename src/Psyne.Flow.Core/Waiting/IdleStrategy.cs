namespace Psyne.Flow;

/// <summary>
/// How a thread waits: it looks again <see cref="Spins"/> times, gives up its core <see cref="Yields"/> times, and then
/// sleeps. Where fewer cores are free than threads spin, spinning is cut short.
/// </summary>
/// <param name="Spins">Looks at the channel with a short pause between them (some 20 to 60 ns each).</param>
/// <param name="Yields">Looks with the core offered to other threads between them.</param>
/// <param name="Parks">Whether it then sleeps until it is woken (a system call on either side); otherwise it goes on yielding.</param>
public readonly record struct IdleStrategy(int Spins, int Yields, bool Parks = true)
{
    /// <summary>Spins for some microseconds, then sleeps. The default.</summary>
    public static IdleStrategy Balanced => new(100, 4);

    /// <summary>Never sleeps: lowest latency, and a core for each waiting thread.</summary>
    public static IdleStrategy Spin => new(int.MaxValue, int.MaxValue, Parks: false);

    /// <summary>Sleeps at once.</summary>
    public static IdleStrategy Park => new(0, 0);
}
