namespace Psyne.Flow.ModelChecking;

/// <summary>
/// A generator whose sequence depends on its seed alone, on every runtime: a printed seed must stay good.
/// Steele, Lea, Flood: Fast splittable pseudorandom number generators (OOPSLA 2014).
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state = seed;
    private readonly bool _seeded = true;

    /// <summary>Never seeded: nothing may be drawn.</summary>
    public readonly bool IsDefault => !_seeded;

    /// <summary>The seed of one execution of a search.</summary>
    public static ulong Mix(ulong seed, long execution) => new SplitMix64(seed + ((ulong)execution * Gamma)).Next();

    public ulong Next()
    {
        var z = _state += Gamma;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to <paramref name="count"/> - 1.</summary>
    public int Next(int count) => (int)((Next() >> 32) * (ulong)count >> 32);
}
