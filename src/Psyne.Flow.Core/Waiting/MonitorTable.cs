using System.Diagnostics;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Waiting;

/// <summary>
/// A futex out of monitors, for systems without one: sleepers queue by address in hashed buckets, each sleeps on its
/// own monitor, and the word is compared under the bucket's lock.
/// </summary>
/// <remarks>
/// A bucket's lock owns its list and every <see cref="Waiter.Bucket"/> in it; a waiter's own lock owns
/// <see cref="Waiter.IsSignaled"/>. Order: bucket, then waiter. No wake is lost: the waker has changed the word before
/// it takes the bucket's lock, so a sleeper that took it earlier is in the list, and one that takes it later sees the
/// new value.
/// </remarks>
internal static unsafe class MonitorTable
{
    private const int BucketBits = 8;

    private static readonly Bucket[] Buckets = CreateBuckets();

    [ThreadStatic]
    private static Waiter? s_waiter;

    /// <summary>Sleeps while the word holds <paramref name="expected"/>; false only when the time is up.</summary>
    internal static bool Wait(int* address, int expected, int timeoutMilliseconds)
    {
        Waiter waiter = s_waiter ??= new Waiter();
        Bucket bucket = BucketOf(address);
        lock (bucket)
        {
            if (HardwareAtomics.LoadAcquire(ref *address) != expected)
            {
                return true;
            }

            waiter.IsSignaled = false;
            bucket.Append(waiter, (nint)address);
        }

        bool signaled = false;
        try
        {
            signaled = waiter.Sleep(timeoutMilliseconds);
        }
        finally
        {
            // Time is up, or Thread.Interrupt threw: a wake that got in first counts.
            if (!signaled)
            {
                lock (bucket)
                {
                    signaled = !bucket.Remove(waiter);
                }
            }
        }

        return signaled;
    }

    /// <summary>Wakes up to <paramref name="count"/> sleepers, the longest asleep first; returns how many.</summary>
    internal static int Wake(int* address, int count)
    {
        int woken = 0;
        Bucket bucket = BucketOf(address);
        lock (bucket)
        {
            Waiter? waiter = bucket.First;
            while (waiter is not null && woken < count)
            {
                Waiter? next = waiter.Next;
                if (waiter.Address == (nint)address)
                {
                    bucket.Remove(waiter);
                    waiter.Signal();
                    woken++;
                }

                waiter = next;
            }
        }

        return woken;
    }

    // Fibonacci hashing: words lie 4 to 128 bytes apart, the high bits of the product tell them apart.
    private static Bucket BucketOf(int* address) =>
        Buckets[(int)((ulong)(nint)address * 0x9E3779B97F4A7C15UL >> (64 - BucketBits))];

    private static Bucket[] CreateBuckets()
    {
        var buckets = new Bucket[1 << BucketBits];
        for (int i = 0; i < buckets.Length; i++)
        {
            buckets[i] = new Bucket();
        }

        return buckets;
    }

    private sealed class Waiter
    {
        internal nint Address;
        internal Waiter? Previous;
        internal Waiter? Next;
        internal Bucket? Bucket;
        internal bool IsSignaled;

        internal void Signal()
        {
            lock (this)
            {
                IsSignaled = true;
                Monitor.Pulse(this);
            }
        }

        internal bool Sleep(int timeoutMilliseconds)
        {
            long start = Stopwatch.GetTimestamp();
            lock (this)
            {
                while (!IsSignaled)
                {
                    int left = timeoutMilliseconds < 0
                        ? Timeout.Infinite
                        : timeoutMilliseconds - (int)Math.Min(timeoutMilliseconds, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    if (left == 0 || !Monitor.Wait(this, left))
                    {
                        return IsSignaled;
                    }
                }
            }

            return true;
        }
    }

    private sealed class Bucket
    {
        private Waiter? _last;

        internal Waiter? First { get; private set; }

        internal void Append(Waiter waiter, nint address)
        {
            Debug.Assert(waiter.Bucket is null, "A thread sleeps at one place at a time.");
            waiter.Address = address;
            waiter.Bucket = this;
            waiter.Previous = _last;
            waiter.Next = null;
            if (_last is null)
            {
                First = waiter;
            }
            else
            {
                _last.Next = waiter;
            }

            _last = waiter;
        }

        internal bool Remove(Waiter waiter)
        {
            if (waiter.Bucket is null)
            {
                return false;
            }

            if (waiter.Previous is null)
            {
                First = waiter.Next;
            }
            else
            {
                waiter.Previous.Next = waiter.Next;
            }

            if (waiter.Next is null)
            {
                _last = waiter.Previous;
            }
            else
            {
                waiter.Next.Previous = waiter.Previous;
            }

            waiter.Bucket = null;
            waiter.Previous = null;
            waiter.Next = null;
            return true;
        }
    }
}
