using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Tests.Waiting;

/// <summary>The system's futex, through the same suite as the monitors.</summary>
public sealed unsafe class FutexAddressWaitTests() : AddressWaitTests(useMonitors: false)
{
    [Fact]
    public void WaitAndWake_MisalignedWord_ThrowWithTheAddress()
    {
        byte* bytes = stackalloc byte[16];
        int* word = (int*)(((nint)bytes | 7) - 6); // one past a multiple of 8

        var error = Assert.Throws<Win32Exception>(() => AddressWait.Wait(ref *word, 0, 0));
        Assert.Contains($"0x{(nint)word:x}", error.Message, StringComparison.Ordinal);
        Assert.Throws<Win32Exception>(() => AddressWait.Wake(ref *word, 1));
    }
}

/// <summary>The monitors, through the same suite as the system's futex.</summary>
public sealed class MonitorAddressWaitTests() : AddressWaitTests(useMonitors: true)
{
    [Fact]
    public void Wait_ThreadIsInterrupted_ThrowsAndLeavesTheQueue()
    {
        int[] word = GC.AllocateArray<int>(1, pinned: true);
        Exception? thrown = null;
        var sleeper = new Thread(() => thrown = Record.Exception(() => AddressWait.Wait(ref word[0], 0, Timeout.Infinite)));
        sleeper.Start();
        sleeper.Interrupt();
        sleeper.Join();

        Assert.IsType<ThreadInterruptedException>(thrown);
        Assert.Equal(0, AddressWait.Wake(ref word[0], int.MaxValue));
    }
}

/// <summary>A waiter is found only by the mechanism it went to sleep with: nothing else may run when that is switched.</summary>
[CollectionDefinition(nameof(MechanismIsProcessWide), DisableParallelization = true)]
public sealed class MechanismIsProcessWide;

/// <summary>What sleeping on a word promises, by either mechanism.</summary>
[Collection(nameof(MechanismIsProcessWide))]
public abstract unsafe class AddressWaitTests : IDisposable
{
    private const int Soon = 20;
    private const int Never = 60_000;

    private readonly bool _useMonitors = AddressWait.UseMonitors;
    private readonly int* _words = (int*)NativeMemory.AlignedAlloc(256, 128);

    protected AddressWaitTests(bool useMonitors)
    {
        Assert.SkipWhen(!useMonitors && !AddressWait.HasFutex, "This system has no futex.");
        AddressWait.UseMonitors = useMonitors;
        new Span<int>(_words, 64).Clear();
    }

    private ref int Word => ref _words[0];

    private ref int OtherWord => ref _words[32];

    public void Dispose()
    {
        AddressWait.UseMonitors = _useMonitors;
        NativeMemory.AlignedFree(_words);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Wait_WordHasChanged_ReturnsTrueAtOnce()
    {
        long start = Stopwatch.GetTimestamp();

        Assert.True(AddressWait.Wait(ref Word, expected: 1, Never));
        Assert.True(AddressWait.Wait(ref Word, expected: -1, Timeout.Infinite));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Wait_NobodyWakes_ReturnsFalseWhenTheTimeIsUp()
    {
        long start = Stopwatch.GetTimestamp();
        while (AddressWait.Wait(ref Word, 0, Soon))
        {
            // awake for no reason: allowed, and asleep again
        }

        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(Soon - 1));
    }

    [Fact]
    public void Wait_NoTime_ReturnsFalse() => Assert.False(AddressWait.Wait(ref Word, 0, 0));

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    public void Wait_TimeoutBelowInfinite_Throws(int timeout)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => AddressWait.Wait(ref Word, 0, timeout));
        Assert.Equal(timeout, error.ActualValue);
    }

    [Fact]
    public void Wake_CountIsNegative_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => AddressWait.Wake(ref Word, -1));
        Assert.Equal(-1, error.ActualValue);
    }

    [Fact]
    public void Wake_NobodyWaits_IsForgotten()
    {
        Assert.Equal(0, AddressWait.Wake(ref Word, int.MaxValue));

        Assert.False(AddressWait.Wait(ref Word, 0, Soon));
    }

    [Fact]
    public void Wake_One_WakesExactlyOne()
    {
        using var sleepers = new Sleepers(_words, count: 3);

        // Had one of these woken two, there would be nobody left for the third.
        for (int woken = 1; woken <= 3; woken++)
            sleepers.WakeSleeping(1);
    }

    [Fact]
    public void Wake_CountIsZero_WakesNobody()
    {
        using var sleepers = new Sleepers(_words, count: 1);

        Assert.Equal(0, AddressWait.Wake(ref Word, 0));

        sleepers.WakeSleeping(1);
    }

    [Fact]
    public void Wake_All_WakesAllAtOnce()
    {
        // A sleeper that the system hasn't put to sleep yet is missed: then it is tried again with others.
        int woken = 0;
        for (int tries = 0; woken < 4 && tries < 5000; tries++)
        {
            using var sleepers = new Sleepers(_words, count: 4);
            woken = AddressWait.Wake(ref Word, int.MaxValue);
            Assert.Equal(woken, sleepers.AwaitWoken(woken));
        }
        Assert.Equal(4, woken);
    }

    [Fact]
    public void Wake_AnotherWord_WakesNobody()
    {
        using var sleepers = new Sleepers(_words, count: 1);

        Assert.Equal(0, AddressWait.Wake(ref OtherWord, int.MaxValue));
        Assert.Equal(0, AddressWait.Wake(ref _words[1], int.MaxValue));

        sleepers.WakeSleeping(1);
    }

    [Fact]
    public void WaitAndWake_PingPong_LosesNoWake()
    {
        const int rounds = 10_000;
        int lost = 0;
        var pong = new Thread(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                lost += Await(ref Word, round, round + 1);
                Change(ref OtherWord, round + 1);
            }
        });
        pong.Start();
        int lostHere = 0;
        for (int round = 0; round < rounds; round++)
        {
            Change(ref Word, round + 1);
            lostHere += Await(ref OtherWord, round, round + 1);
        }

        pong.Join();
        Assert.Equal(0, lost + lostHere);

        static void Change(ref int word, int value)
        {
            Volatile.Write(ref word, value);
            AddressWait.Wake(ref word, 1);
        }

        static int Await(ref int word, int before, int after)
        {
            while (Volatile.Read(ref word) != after)
            {
                if (!AddressWait.Wait(ref word, before, Never))
                {
                    return 1; // a minute without the wake
                }
            }

            return 0;
        }
    }

    /// <summary>Threads asleep on a word that never changes, so that nothing but a wake ends their sleep.</summary>
    private sealed class Sleepers : IDisposable
    {
        private readonly int* _word;
        private readonly Thread[] _threads;
        private int _started;
        private int _woken;
        private volatile bool _isOver;

        public Sleepers(int* word, int count)
        {
            _word = word;
            _threads = Enumerable.Range(0, count).Select(_ => new Thread(Sleep)).ToArray();
            Array.ForEach(_threads, thread => thread.Start());
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _started) == count, Never), $"{_started} of {count} threads started.");
        }

        public int AwaitWoken(int count)
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref _woken) >= count, Never);
            return Volatile.Read(ref _woken);
        }

        /// <summary>Wakes so many, who have slept until now: who was woken before is gone, and isn't found.</summary>
        public void WakeSleeping(int count)
        {
            int woken = 0;
            Assert.True(SpinWait.SpinUntil(() => (woken += AddressWait.Wake(ref *_word, count - woken)) == count, Never), $"{woken} of {count} slept.");
        }

        public void Dispose()
        {
            _isOver = true;
            foreach (Thread thread in _threads)
            {
                while (!thread.Join(Soon))
                {
                    AddressWait.Wake(ref *_word, int.MaxValue);
                }
            }
        }

        private void Sleep()
        {
            Interlocked.Increment(ref _started);
            while (!AddressWait.Wait(ref *_word, 0, Never) && !_isOver)
            {
            }

            Interlocked.Increment(ref _woken);
        }
    }
}
