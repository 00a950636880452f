using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Psyne.Flow;

/// <summary>
/// Equal slabs to rent. The pool grows by one ahead of need when more of them are in rent than the high water mark,
/// and gives an idle one back to the system when fewer are than the low water mark.
/// </summary>
/// <remarks>
/// <para>Slabs are rented last in, first out, so that warm memory is used again, and are not cleared in between. The
/// pool does not shrink where the next rent would make it grow again: at rest it may hold one more than
/// <see cref="SlabPoolOptions.MinimumSlabs"/>. A rented slab is held by the pool until it is returned.</para>
/// <para>Thread-safe: one lock owns every field; no method waits for another thread's slab. Not for hot paths.</para>
/// </remarks>
/// <example><code>
/// using var pool = new SlabPool(new SlabPoolOptions { MaximumSlabs = 8 });
/// var slab = pool.Rent();
/// try { Fill(slab); } finally { pool.Return(slab); }
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SlabPool : IDisposable
{
    // _gate owns all of these. Nothing is called while it is held but the allocation and dispose of slabs.
    private readonly Lock _gate = new();
    private readonly List<Slab> _idle = [];
    private readonly HashSet<Slab> _rented = new(ReferenceEqualityComparer.Instance);
    private readonly SlabPoolOptions _options;
    private long _grown;
    private long _shrunk;
    private bool _disposed;

    /// <summary>Makes a pool, with its minimum of slabs.</summary>
    /// <param name="options">Sizes and water marks; copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Minimum is above maximum, the low mark is not below the high one, or the slab's size is not given once.</exception>
    /// <exception cref="SlabAllocationException">The system refused the memory of a slab.</exception>
    public SlabPool(SlabPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Copy();
        try
        {
            while (_idle.Count < _options.MinimumSlabs)
            {
                _idle.Add(Slab.Allocate(_options.Slab));
            }
        }
        catch (SlabAllocationException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets how many slabs the pool holds now, rented and idle together.</summary>
    public int Total
    {
        get
        {
            lock (_gate)
            {
                return Count;
            }
        }
    }

    /// <summary>Gets how many slabs are in rent now.</summary>
    public int Rented
    {
        get
        {
            lock (_gate)
            {
                return _rented.Count;
            }
        }
    }

    /// <summary>Gets how many slabs were added since the start, the first ones not counted.</summary>
    public long Grown
    {
        get
        {
            lock (_gate)
            {
                return _grown;
            }
        }
    }

    /// <summary>Gets how many slabs were given back before the pool's dispose; among them those that a renter had disposed.</summary>
    public long Shrunk
    {
        get
        {
            lock (_gate)
            {
                return _shrunk;
            }
        }
    }

    private int Count => _idle.Count + _rented.Count;

    /// <summary>Rents a slab.</summary>
    /// <returns>The slab, with whatever its last renter left on it.</returns>
    /// <exception cref="InvalidOperationException">All <see cref="SlabPoolOptions.MaximumSlabs"/> are in rent.</exception>
    /// <exception cref="SlabAllocationException">The pool had to grow, and the system refused the memory.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public Slab Rent() => TryRent(out var slab) ? slab : ThrowExhausted();

    /// <summary>Rents a slab if there is one, or if the pool may still grow. Does not wait.</summary>
    /// <param name="slab">The slab, with whatever its last renter left on it.</param>
    /// <returns>False when all <see cref="SlabPoolOptions.MaximumSlabs"/> are in rent.</returns>
    /// <exception cref="SlabAllocationException">The pool had to grow, and the system refused the memory.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public bool TryRent([NotNullWhen(true)] out Slab? slab)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.Count == 0)
            {
                if (Count == _options.MaximumSlabs)
                {
                    slab = null;
                    return false;
                }

                Grow();
            }

            slab = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            _rented.Add(slab);
            if (Count < _options.MaximumSlabs && IsAboveHigh(_rented.Count, Count))
            {
                GrowAhead();
            }

            AssertInvariants();
            return true;
        }
    }

    /// <summary>Returns a slab, also after the pool's dispose. One that its renter disposed leaves the pool.</summary>
    /// <param name="slab">A slab that this pool rented out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="slab"/> is null.</exception>
    /// <exception cref="SlabPoolException">The slab is not in rent: it was returned before, or is another's. Nothing changes.</exception>
    public void Return(Slab slab)
    {
        ArgumentNullException.ThrowIfNull(slab);
        lock (_gate)
        {
            if (!_rented.Remove(slab))
            {
                ThrowNotRented(slab);
            }

            if (_disposed)
            {
                slab.Dispose();
                return;
            }

            if (slab.IsDisposed)
            {
                _shrunk++;
                return;
            }

            _idle.Add(slab);
            if (Count > _options.MinimumSlabs
                && _rented.Count < _options.LowWaterMark * Count
                && !IsAboveHigh(_rented.Count + 1, Count - 1))
            {
                _idle[0].Dispose(); // the one that lay idle longest
                _idle.RemoveAt(0);
                _shrunk++;
            }

            AssertInvariants();
        }
    }

    /// <summary>Disposes the idle slabs. Those in rent are disposed when they are returned. Further calls do nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var slab in _idle)
            {
                slab.Dispose();
            }

            _idle.Clear();
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return $"SlabPool ({_rented.Count} rented of {Count}, at most {_options.MaximumSlabs}; grown {_grown}, shrunk {_shrunk}{(_disposed ? ", disposed" : "")})";
        }
    }

    private bool IsAboveHigh(int rented, int total) => rented > _options.HighWaterMark * total;

    private void Grow()
    {
        _idle.Add(Slab.Allocate(_options.Slab));
        _grown++;
    }

    /// <summary>Nobody waits for this slab yet: that it can't be had is told to whoever needs one.</summary>
    private void GrowAhead()
    {
        try
        {
            Grow();
        }
        catch (SlabAllocationException)
        {
        }
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Count <= _options.MaximumSlabs, "More slabs than the maximum.");
        Debug.Assert(!_idle.Exists(_rented.Contains), "A slab is idle and in rent.");
    }

    [DoesNotReturn]
    private Slab ThrowExhausted() => throw new InvalidOperationException(
        $"All {_options.MaximumSlabs} slabs of the pool are in rent (MaximumSlabs); return one, or use TryRent.");

    [DoesNotReturn]
    private void ThrowNotRented(Slab slab) => throw new SlabPoolException(_idle.Contains(slab)
        ? $"{slab} was returned to the pool before."
        : $"{slab} is not in rent from this pool: it is another's, or was returned before.");
}
