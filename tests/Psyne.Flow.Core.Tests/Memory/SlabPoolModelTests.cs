using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Psyne.Flow.Tests.Memory;

/// <summary>Any sequence of rents and returns leaves the pool as a model of two numbers says.</summary>
public sealed class SlabPoolModelTests
{
    [Fact]
    public void RentAndReturn_AnySequence_MatchesTheModel()
    {
        var runs =
            from minimum in Gen.Choose(0, 4)
            from extra in Gen.Choose(1, 8)
            from low in Gen.Choose(0, 49)
            from high in Gen.Choose(50, 100)
            from steps in Gen.Choose(-1, 12).ListOf()
            select new Run(minimum, minimum + extra, low / 100.0, high / 100.0, [.. steps]);
        Prop.ForAll(runs.ToArbitrary(), Check).QuickCheckThrowOnFailure();
    }

    private static bool Check(Run run)
    {
        using var pool = new SlabPool(new SlabPoolOptions
        {
            Slab = new SlabOptions { Bytes = 4096 },
            MinimumSlabs = run.Minimum,
            MaximumSlabs = run.Maximum,
            LowWaterMark = run.Low,
            HighWaterMark = run.High,
        });
        var held = new List<Slab>();
        var total = run.Minimum;
        foreach (var step in run.Steps)
        {
            if (step < 6) // rent
            {
                var expected = held.Count < run.Maximum;
                if (pool.TryRent(out var slab) != expected)
                {
                    return false;
                }

                if (expected)
                {
                    held.Add(slab!);
                    total = Math.Max(total, held.Count);
                    total += total < run.Maximum && held.Count > run.High * total ? 1 : 0;
                }
            }
            else if (held.Count > 0) // return one of those held
            {
                var index = step % held.Count;
                pool.Return(held[index]);
                held.RemoveAt(index);
                var shrinks = total > run.Minimum && held.Count < run.Low * total && held.Count + 1 <= run.High * (total - 1);
                total -= shrinks ? 1 : 0;
            }

            if (pool.Total != total || pool.Rented != held.Count
                || total != run.Minimum + pool.Grown - pool.Shrunk
                || held.Exists(slab => slab.IsDisposed) || held.Distinct().Count() != held.Count)
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Run(int Minimum, int Maximum, double Low, double High, int[] Steps)
    {
        public override string ToString() =>
            $"minimum {Minimum}, maximum {Maximum}, low {Low}, high {High}, steps [{string.Join(", ", Steps)}]";
    }
}
