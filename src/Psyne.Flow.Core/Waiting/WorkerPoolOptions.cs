namespace Psyne.Flow;

/// <summary>The name, size and cores of a <see cref="WorkerPool"/>. Values are checked when they are set. Not
/// thread-safe; a pool copies its options.</summary>
public sealed class WorkerPoolOptions
{
    internal const int MaxWorkers = 1024;
    internal const int MaxCore = 1023;

    private string _name = "psyne";
    private int? _workers;
    private int[] _cores = [];

    /// <summary>Gets or sets the name: worker 2 of "decode" is a thread named "decode/2". "psyne" by default.</summary>
    /// <exception cref="ArgumentException">The value is null, empty or white space.</exception>
    public string Name
    {
        get => _name;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            _name = value;
        }
    }

    /// <summary>Gets or sets the number of threads: 1 to 1024. By default one for each of <see cref="Cores"/>, or without
    /// these one for each processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not lie between 1 and 1024.</exception>
    public int Workers
    {
        get => _workers ?? (_cores.Length > 0 ? _cores.Length : Math.Min(Environment.ProcessorCount, MaxWorkers));
        set
        {
            if (value is < 1 or > MaxWorkers)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"A pool has 1 to {MaxWorkers} workers; {value} were asked for.");
            }

            _workers = value;
        }
    }

    /// <summary>
    /// Gets or sets the cores to bind workers to, worker i to core i modulo their number; empty (the default) leaves
    /// the choice to the system. Numbers are the system's, from 0. A pool says whether it could bind
    /// (<see cref="WorkerPool.AffinityApplied"/>): only Linux lets it.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number does not lie between 0 and 1023.</exception>
    public IReadOnlyList<int> Cores
    {
        get => _cores;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            int[] cores = [.. value];
            foreach (var core in cores)
            {
                if (core is < 0 or > MaxCore)
                {
                    throw new ArgumentOutOfRangeException(nameof(value), core, $"A core's number must lie between 0 and {MaxCore}; {core} was given.");
                }
            }

            if (cores.Length > MaxWorkers)
            {
                throw new ArgumentOutOfRangeException(nameof(value), cores.Length, $"At most {MaxWorkers} cores may be given; there are {cores.Length}.");
            }

            _cores = cores;
        }
    }

    internal WorkerPoolOptions Copy() => (WorkerPoolOptions)MemberwiseClone();
}
