/// Slabs and pools of slabs, as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.MemoryTests

open System
open Expecto
open Psyne.Flow

[<Tests>]
let tests =
    testList "CoreFromFSharp.Memory" [
        testCase "Slab_IsAllocated" (fun () ->
            let options = SlabOptions(Backing = SlabBacking.Native, Bytes = Nullable 4096L, HugePages = false)
            Expect.equal (options.Backing, options.Bytes, options.SizeFactor, options.HugePages) (SlabBacking.Native, Nullable 4096L, Nullable(), false) "options"
            use slab = Slab.Allocate options
            slab.AsSpan(0L, 8).Fill 1uy
            Expect.equal (slab.Length, slab.Backing, slab.Pages, slab.IsDisposed) (4096L, SlabBacking.Native, SlabPages.Normal, false) "slab"
            Expect.isTrue (slab.Id > 0L && slab.CommittedBytes <> 0L) "id, bytes"
            use large = Slab.Allocate(SlabOptions(SizeFactor = Nullable 0))
            Expect.equal large.Length SlabOptions.UnitBytes "a unit")

        testCase "SlabPool_RentsAndTakesBack" (fun () ->
            let options =
                SlabPoolOptions(
                    Slab = SlabOptions(Bytes = Nullable 4096L),
                    MinimumSlabs = 1,
                    MaximumSlabs = 2,
                    HighWaterMark = 0.9,
                    LowWaterMark = 0.1
                )

            Expect.equal (options.Slab.Bytes, options.MinimumSlabs, options.MaximumSlabs) (Nullable 4096L, 1, 2) "options"
            Expect.equal (options.HighWaterMark, options.LowWaterMark) (0.9, 0.1) "water marks"
            use pool = new SlabPool(options)
            let first = pool.Rent()
            let rented, second = pool.TryRent()
            Expect.equal (rented, pool.Rented, pool.Total) (true, 2, 2) "rented"
            Expect.throwsT<InvalidOperationException> (fun () -> pool.Rent() |> ignore) "exhausted"
            pool.Return first
            pool.Return(nonNull second)
            Expect.isTrue (pool.Grown >= 1L && pool.Shrunk >= 0L) "counts")
    ]
