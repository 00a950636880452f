namespace Psyne.Flow;

/// <summary>
/// How a thread waits: it looks again <see cref="Spins"/> times, gives up its core <see cref="Yields"/> times, and then
/// sleeps. Where fewer cores are free than threads spin, spinning is cut short.
/// </summary>
/// <remarks>A value that is not set otherwise is that of <see cref="Park"/>: no spins, no yields, sleeps.</remarks>
/// <example><code>
/// var patient = new IdleStrategy { Spins = 1000, Yields = 8 };    // F#: IdleStrategy(Spins = 1000, Yields = 8)
/// </code></example>
public readonly record struct IdleStrategy
{
    private readonly bool _staysAwake; // so that the default sleeps

    /// <summary>A strategy of so many looks.</summary>
    /// <param name="spins">See <see cref="Spins"/>.</param>
    /// <param name="yields">See <see cref="Yields"/>.</param>
    /// <param name="parks">See <see cref="Parks"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 0.</exception>
    public IdleStrategy(int spins, int yields, bool parks = true)
    {
        Spins = spins;
        Yields = yields;
        Parks = parks;
    }

    /// <summary>Looks at the channel with a short pause between them (some 20 to 60 ns each). Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public int Spins
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Spins), value, $"Spins {value} is below 0.");
    }

    /// <summary>Looks with the core offered to other threads between them. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public int Yields
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Yields), value, $"Yields {value} is below 0.");
    }

    /// <summary>Whether it then sleeps until it is woken (a system call on either side); otherwise it goes on yielding. Default true.</summary>
    public bool Parks
    {
        get => !_staysAwake;
        init => _staysAwake = !value;
    }

    /// <summary>Spins for some microseconds, then sleeps. The default of a channel.</summary>
    public static IdleStrategy Balanced => new(100, 4);

    /// <summary>Never sleeps: lowest latency, and a core for each waiting thread.</summary>
    public static IdleStrategy Spin => new(int.MaxValue, int.MaxValue, parks: false);

    /// <summary>Sleeps at once.</summary>
    public static IdleStrategy Park => new(0, 0);
}
