/// Flows that come together and part, batches, and rates.
module Psyne.Flow.FSharp.Tests.Flows.FlowGroupTests

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp
open Psyne.Flow.FSharp.Tests.Flows.FlowCommon

[<Tests>]
let tests =
    testList "FlowGroups" [
        testTask "Diamond_OfBranches_IsMergedAgain" {
            let branches = Flow.ofSeq ten |> Flow.broadcast 2
            let doubled = branches[0] |> Flow.map (fun number -> number * 2)
            let merged = Flow.merge [ doubled; branches[1] ] |> listOf
            Expect.equal (List.sort merged) (List.sort (ten @ List.map (fun number -> number * 2) ten)) "merged"
            let branches = Flow.ofSeq ten |> Flow.broadcast 2
            let pairs = Flow.zip branches[0] (branches[1] |> Flow.map (fun number -> number * 2)) |> listOf
            Expect.equal pairs [ for number in ten -> struct (number, 2 * number) ] "zipped"
        }

        testTask "Zip_ShorterSideEnds_OtherBranchesGoOn" {
            // The branch that is zipped with one message must not hold up the other, however small the queues are.
            let branches = Flow.ofSeq [ 1..5000 ] |> Flow.broadcast 2
            let zipped = Flow.zip (Flow.ofSeq [ 7 ]) (branches[0] |> Flow.map id |> Flow.withCapacity 1) |> Flow.fold (fun pairs pair -> pair :: pairs) []
            let counted = branches[1] |> Flow.withCapacity 1 |> Flow.fold (fun count _ -> count + 1) 0
            let! pairs, count = (Flow.both zipped counted |> Flow.run).Completion
            Expect.equal pairs [ struct (7, 1) ] "pairs"
            Expect.equal count 5000 "the other branch"
        }

        testTask "Zip_WithAnEndlessSide_Ends" {
            let endless = Seq.initInfinite id
            let zipped = Flow.zip (Flow.ofSeq [ 1..3 ]) (Flow.ofSeq endless) |> listOf
            Expect.equal zipped [ struct (1, 0); struct (2, 1); struct (3, 2) ] "pairs"
        }

        testTask "Split_CallsItsFunctionOnceAMessage" {
            let calls = ref 0

            let small number =
                Interlocked.Increment calls |> ignore
                number <= 3

            let few, many = Flow.ofSeq ten |> Flow.split small
            let! seen = (Flow.all [ few |> Flow.fold (+) 0; many |> Flow.fold (+) 0 ] |> Flow.run).Completion
            Expect.equal seen [ 6; 49 ] "sums"
            Expect.equal calls.Value 10 "calls"
        }

        testTask "BatchBytes_BoundsTheBytes" {
            let sizes = Flow.ofSeq [ for number in 1..10 -> int64 number ] |> Flow.batchBytes 24L 100 |> listsOf |> List.map List.length
            Expect.equal sizes [ 3; 3; 3; 1 ] "three of eight bytes"
        }

        testTask "BatchWithin_SendsWhatHasWaited" {
            let clock = ManualClock()
            use channel = Channel.spsc<int> Channel.defaults
            let batches = Channel.spsc<int> Channel.defaults

            use running =
                Flow.ofChannel channel
                |> Flow.batchWithin (TimeSpan.FromSeconds 1.0) 100
                |> Flow.withTimeProvider clock
                |> Batches.map _.Count
                |> Flow.toChannel batches
                |> Flow.run

            channel |> Channel.write 1
            do! clock.TimerSet()
            Expect.equal (Channel.tryRead batches) ValueNone "nothing is due"
            clock.Advance(TimeSpan.FromSeconds 1.0)
            Expect.equal (Channel.read batches) 1 "sent when it was due"
            Channel.complete channel
            do! running.Completion
        }

        testTask "Throttle_LimitsTheRate_AndLosesNothing" {
            let clock = ManualClock()
            let seen = ResizeArray()
            use arrived = new SemaphoreSlim 0

            let see number =
                lock seen (fun () -> seen.Add number)
                arrived.Release() |> ignore

            use running =
                Flow.ofSeq [ 1..5 ]
                |> Flow.throttle 2 (TimeSpan.FromSeconds 1.0)
                |> Flow.withTimeProvider clock
                |> Flow.runWith see

            for expected in [ [ 1; 2 ]; [ 1; 2; 3; 4 ] ] do
                do! arrived.WaitAsync()
                do! arrived.WaitAsync()
                do! clock.TimerSet() // the next one waits
                Expect.sequenceEqual (lock seen (fun () -> List.ofSeq seen)) expected "so many in a second"
                clock.Advance(TimeSpan.FromSeconds 0.999)
                Expect.sequenceEqual (lock seen (fun () -> List.ofSeq seen)) expected "not before"
                clock.Advance(TimeSpan.FromSeconds 0.001)

            do! running.Completion
            Expect.sequenceEqual seen [ 1..5 ] "all"
        }

        testTask "Batches_AreMappedFoldedAndWalked" {
            let batched = Flow.ofSeq ten |> Flow.batch 4
            let sum (batch: OwnedLeaseBatch<int>) = Array.sum (Batches.toArray batch)
            Expect.equal (batched |> Batches.map sum |> listOf) [ 10; 26; 19 ] "map"
            let first = BatchMapping<int, int>(fun batch output -> output <- batch[0])
            Expect.equal (batched |> Batches.mapWith first |> listOf) [ 1; 5; 9 ] "mapWith"
            let seen = ResizeArray()
            do! (batched |> Batches.iter (fun batch -> seen.Add batch.Count) |> Flow.run).Completion
            Expect.sequenceEqual seen [ 4; 4; 2 ] "iter"
            let later = ResizeArray()

            let store (batch: OwnedLeaseBatch<int>) =
                task {
                    do! Task.Yield()
                    later.Add(sum batch)
                }

            do! (batched |> Batches.iterTask store |> Flow.run).Completion
            Expect.sequenceEqual later [ 10; 26; 19 ] "iterTask"
            let! total = (batched |> Batches.fold (fun total batch -> total + sum batch) 0 |> Flow.run).Completion
            Expect.equal total 55 "fold"
        }
    ]
