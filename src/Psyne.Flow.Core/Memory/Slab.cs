#pragma warning disable RS0030 // the disposed flag and the id counter: nothing on the slab is ordered by them
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Psyne.Flow.Memory;

namespace Psyne.Flow;

/// <summary>A region of memory that holds a channel or a pool: zeroed, aligned to 64 bytes, and never moved.</summary>
/// <remarks>
/// <para>Native slabs reserve address space at once and get pages when these are first touched. <see cref="Dispose()"/>
/// gives the pages back to the system; the address range itself stays mapped until the slab object is unreachable,
/// so that a reader that races with the dispose sees zeros instead of crashing the process.</para>
/// <para>Thread-safe. What is on the slab is ordered by whoever writes there.</para>
/// </remarks>
/// <example><code>
/// using var slab = Slab.Allocate(new SlabOptions { Bytes = 1 &lt;&lt; 20 });
/// slab.AsSpan(0, 4096).Fill(1);
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed unsafe class Slab : IDisposable
{
    private static long s_lastId;

    private readonly Segment _segment;
    private int _disposed;

    private Slab(SlabOptions options, long length)
    {
        _segment = Segment.Create(options, length);
        Base = _segment.Base;
        Length = length;
        Backing = options.Backing;
        Id = Interlocked.Increment(ref s_lastId);
    }

    /// <summary>Gets a number that no other slab of this process has, for diagnostics.</summary>
    public long Id { get; }

    /// <summary>Gets the kind of memory that the slab lies in.</summary>
    public SlabBacking Backing { get; }

    /// <summary>Gets the length in bytes, a multiple of 64.</summary>
    public long Length { get; }

    /// <summary>Gets the pages that the slab really got.</summary>
    public SlabPages Pages => _segment.Pages;

    /// <summary>Gets whether <see cref="Dispose()"/> was called.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>
    /// Gets an estimate of the bytes that are resident in memory, by whole pages; -1 where the system does not tell
    /// (pinned arrays, and systems other than Linux). Makes system calls; allocates nothing in steady state.
    /// </summary>
    public long CommittedBytes
    {
        get
        {
            var bytes = _segment.CountCommitted(Length);
            GC.KeepAlive(this);
            return bytes;
        }
    }

    /// <summary>Gets the first byte. Whoever holds the pointer keeps the slab reachable while it is used.</summary>
    internal byte* Base { get; }

    /// <summary>Allocates a slab. Blocks for the system call only; allocates the slab and, on the heap, two small objects.</summary>
    /// <param name="options">Size and backing; copied.</param>
    /// <returns>The slab, all zeros.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">The options give no size, or two.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The slab is larger than its backing can be.</exception>
    /// <exception cref="SlabAllocationException">The system refused the memory; the errno is in it.</exception>
    public static Slab Allocate(SlabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var copy = options.Copy();
        return new Slab(copy, copy.ResolveLength());
    }

    /// <summary>Gets a part of the slab. Allocates nothing.</summary>
    /// <param name="offset">The first byte, from the slab's start.</param>
    /// <param name="length">The number of bytes.</param>
    /// <returns>The bytes in place, valid while the slab is reachable.</returns>
    /// <remarks>A span doesn't keep the slab alive: hold the slab while a span of it is in use.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie on the slab.</exception>
    /// <exception cref="ObjectDisposedException">The slab was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> AsSpan(long offset, int length)
    {
        // As unsigned numbers: a negative one is larger than any length.
        if ((ulong)offset > (ulong)Length || (ulong)(long)length > (ulong)(Length - offset))
        {
            SlabThrow.RangeOutsideSlab(offset, length, Length);
        }

        if (IsDisposed)
        {
            SlabThrow.Disposed(this);
        }

        return new Span<byte>(Base + offset, length);
    }

    /// <summary>
    /// Gives the pages back to the system. Further calls do nothing. Channels and leases that still point here read
    /// zeros (a pinned array keeps its bytes); the memory is unmapped when the last of them is unreachable.
    /// </summary>
    public void Dispose() => DisposeBehind(0);

    /// <summary>As <see cref="Dispose"/>, but the first <paramref name="kept"/> bytes stay what they are, for who looks at them later.</summary>
    internal void DisposeBehind(long kept)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _segment.Discard(kept, Length - kept);
            GC.KeepAlive(this);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Slab {Id} ({Backing}, {Length:N0} bytes, {Pages} pages{(IsDisposed ? ", disposed" : "")})";

    /// <summary>
    /// Gives the whole pages inside a range back to the system, and returns how many bytes these are: 0 when there is
    /// no whole page, and for a pinned array. The range reads as zeros when it is next touched where pages were given
    /// back, and keeps its bytes elsewhere.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie on the slab.</exception>
    internal long GiveBack(long offset, long length)
    {
        if ((ulong)offset > (ulong)Length || (ulong)length > (ulong)(Length - offset))
        {
            SlabThrow.RangeOutsideSlab(offset, length, Length);
        }

        var bytes = _segment.Discard(offset, length);
        GC.KeepAlive(this);
        return bytes;
    }
}
