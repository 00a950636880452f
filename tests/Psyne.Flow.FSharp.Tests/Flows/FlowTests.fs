/// What the stages and ends of flows do, beyond what the properties say.
module Psyne.Flow.FSharp.Tests.Flows.FlowTests

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp
open Psyne.Flow.FSharp.Tests.Flows.FlowCommon

/// Runs a function for each message; the task ends with the source.
let private observer (next: 'T -> unit) =
    let ended = TaskCompletionSource()

    let calls =
        { new IObserver<'T> with
            member _.OnNext value = next value
            member _.OnError error = ended.SetException error
            member _.OnCompleted() = ended.SetResult() }

    calls, ended.Task

/// The values of a list as an async stream that awaits before each.
let private streamOf (values: 'T list) =
    { new IAsyncEnumerable<'T> with
        member _.GetAsyncEnumerator token =
            let mutable rest = values
            let mutable current = Unchecked.defaultof<'T>

            let next () =
                match rest with
                | first :: others ->
                    current <- first
                    rest <- others
                    true
                | [] -> false

            { new IAsyncEnumerator<'T> with
                member _.Current = current

                member _.MoveNextAsync() =
                    ValueTask<bool>(
                        task {
                            do! Task.Yield()
                            token.ThrowIfCancellationRequested()
                            return next ()
                        }
                    )
              interface IAsyncDisposable with
                  member _.DisposeAsync() = ValueTask() } }

let private gather (stream: IAsyncEnumerable<'T>) =
    task {
        let seen = ResizeArray()
        use messages = stream.GetAsyncEnumerator()

        while! messages.MoveNextAsync() do
            seen.Add messages.Current

        return List.ofSeq seen
    }

let private countUnread (stream: IAsyncEnumerable<'T>) =
    task {
        let mutable count = 0
        use messages = stream.GetAsyncEnumerator()

        while! messages.MoveNextAsync() do
            count <- count + 1

        return count
    }

[<Tests>]
let tests =
    testList "Flow" [
        testTask "Example_OfTheDesign_Runs" {
            use images = channelOf [ 1..100 ]
            use target = Channel.spsc<float> Channel.defaults
            let decode (image: int) = float image
            let normalise = SlabMutation<float>(fun feature -> feature <- feature / 2.0)

            let features =
                Flow.ofChannel images |> Flow.map decode |> Flow.mapInPlace normalise |> Flow.batch 32 |> Flow.toChannel target

            use running = Flow.run features
            do! running.Completion
            Expect.equal (target |> Channel.fold (+) 0.0) 2525.0 "sum"
        }

        testTask "Values_AreNotRun_UntilTheyAre" {
            let enumerated = ref 0

            let numbers =
                seq {
                    enumerated.Value <- enumerated.Value + 1
                    yield! ten
                }

            let calls = ref 0

            let pipeline =
                Flow.ofSeq numbers
                |> Flow.tap (fun _ -> calls.Value <- calls.Value + 1)
                |> Flow.fold (+) 0

            let drawn = Flow.toMermaid pipeline + Flow.toDot pipeline
            Expect.isTrue (drawn.Length > 0) "drawn"
            Expect.equal (enumerated.Value, calls.Value) (0, 0) "before"

            for run in 1..2 do
                let! sum = (Flow.run pipeline).Completion
                Expect.equal sum 55 "sum"
                Expect.equal (enumerated.Value, calls.Value) (run, 10 * run) "after"
        }

        testTask "State_IsEachRunsOwn" {
            let flow = Flow.ofSeq ten |> Flow.scan (+) 0 |> Flow.collect (fun sum -> seq { sum }) |> Flow.window 2 2 |> Batches.concat
            Expect.equal (listOf flow) (listOf flow) "twice the same"
            Expect.equal (listOf flow |> List.last) 55 "sum"
        }

        testTask "Sources_OfStreamsAndBlocks_AreRead" {
            Expect.equal (Flow.ofAsyncSeq (streamOf ten) |> listOf) ten "stream"
            use channel = channelOf ten
            let block = channel.Reader.AsSourceBlock()
            Expect.equal (Flow.ofBlock block |> listOf) ten "block"
            use other = channelOf ten
            Expect.equal (Flow.ofReader other.Reader |> listOf) ten "reader"
        }

        testTask "ToTaskSeq_GivesEveryMessage_AndSkipsWhatIsNotLookedAt" {
            let! all = Flow.ofSeq [ 1..3000 ] |> Flow.toTaskSeq |> gather
            Expect.equal all [ 1..3000 ] "all"
            let! count = Flow.ofSeq ten |> Flow.toTaskSeq |> countUnread
            Expect.equal count 10 "unread"
        }

        testTask "Observe_GivesEveryMessage_ToEachSubscriptionsOwnRun" {
            let flow = Flow.ofSeq ten |> Flow.map (fun number -> number * 2)

            for _ in 1..2 do
                let seen = ResizeArray()
                let calls, ended = observer seen.Add
                use _ = (Flow.observe flow).Subscribe calls
                do! ended
                Expect.sequenceEqual seen (List.map (fun number -> number * 2) ten) "seen"
        }

        testTask "Observe_Disposed_IsToldNoMore" {
            let first = TaskCompletionSource()
            let stopped = TaskCompletionSource()
            let seen = ref 0

            let endless =
                seq {
                    try
                        while true do
                            1
                    finally
                        stopped.SetResult()
                }

            let calls, _ =
                observer (fun _ ->
                    Interlocked.Increment seen |> ignore
                    first.TrySetResult() |> ignore)

            let subscription = (Flow.ofSeq endless |> Flow.observe).Subscribe calls
            do! first.Task
            subscription.Dispose()
            do! stopped.Task
            Expect.isTrue (seen.Value > 0) "some"
        }

        testTask "Taps_SeeWhatPasses" {
            let copies, references, observed = ResizeArray(), ResizeArray(), ResizeArray()
            let calls, ended = observer observed.Add

            let passed =
                Flow.ofSeq ten
                |> Flow.tap copies.Add
                |> Flow.tapWith (MessageHandler(fun message -> references.Add message))
                |> Flow.tapObserver calls
                |> listOf

            do! ended
            Expect.equal passed ten "passed"
            Expect.equal (List.ofSeq copies, List.ofSeq references, List.ofSeq observed) (ten, ten, ten) "seen"
        }

        testTask "WithForms_TakeReferences" {
            let sums =
                Flow.ofSeq ten
                |> Flow.mapWith (SlabTransform(fun input output -> output <- int64 input))
                |> Flow.scanWith (MessageFolder(fun sum message -> sum + message)) 0L
                |> listOf

            Expect.equal sums (List.tail (List.scan (+) 0L (List.map int64 ten))) "sums"

            let! folded = (Flow.ofSeq ten |> Flow.foldWith (MessageFolder(fun sum message -> sum + message)) 0 |> Flow.run).Completion
            Expect.equal folded 55 "fold"
            let mutable seen = 0
            let add = MessageHandler<int>(fun message -> Interlocked.Add(&seen, message) |> ignore)
            do! (Flow.ofSeq ten |> Flow.iterWith add |> Flow.run).Completion
            Expect.equal seen 55 "iter"

            let mapped =
                Flow.ofSeq ten
                |> Flow.mapAsyncWith (Func<_, _, _>(fun (input: Lease<int>) (output: OutputSlot<int>) ->
                    output.Value <- input.Value + 1
                    ValueTask()))
                |> listOf

            Expect.equal mapped [ 2..11 ] "async"

            let products =
                Flow.zipWith (MessageZip(fun first second output -> output <- first * second)) (Flow.ofSeq ten) (Flow.ofSeq ten) |> listOf

            Expect.equal products [ for number in ten -> number * number ] "zip"
        }

        testTask "IterTask_AwaitsEachMessage" {
            let seen = ResizeArray()

            let store (lease: Lease<int>) =
                task {
                    do! Task.Yield()
                    seen.Add lease.Value
                }

            do! (Flow.ofSeq ten |> Flow.iterTask store |> Flow.run).Completion
            Expect.sequenceEqual seen ten "in order"
        }

        testTask "MapAsync_Parallel_HasSoManyUnderWay" {
            let degree = 4
            let all = TaskCompletionSource()
            let underWay = ref 0

            let meet number =
                task {
                    if Interlocked.Increment underWay = degree then
                        all.SetResult()

                    do! all.Task
                    return number
                }

            let mapped = Flow.ofSeq [ 1..degree ] |> Flow.mapAsync meet |> Flow.withParallelism degree |> listOf
            Expect.equal mapped [ 1..degree ] "each waited for the others"
        }

        testTask "MapAsync_Unordered_GoesOnAsItComes" {
            let first = TaskCompletionSource<int>()
            let mapping number = if number = 1 then first.Task else Task.FromResult number
            let seen = ResizeArray()

            let see number =
                seen.Add number

                if number = 3 then
                    first.SetResult 1

            do! (Flow.ofSeq [ 1..3 ] |> Flow.mapAsync mapping |> Flow.withParallelism 2 |> Flow.unordered |> Flow.runWith see).Completion
            Expect.sequenceEqual seen [ 2; 3; 1 ] "as they came"
        }

        testTask "ToWriter_LeavesTheChannelOpen" {
            use target = Channel.mpsc<int> Channel.defaults
            do! (Flow.ofSeq [ 1..3 ] |> Flow.toWriter target.Writer |> Flow.run).Completion
            do! (Flow.ofSeq [ 4..6 ] |> Flow.batch 2 |> Flow.toWriter target.Writer |> Flow.run).Completion
            Expect.isFalse (Channel.statistics target).IsClosed "open"
            Channel.complete target
            Expect.equal (target |> Channel.fold (fun seen number -> number :: seen) [] |> List.rev) [ 1..6 ] "written"
        }

        testTask "ToBlock_CompletesTheBlock" {
            let sum = ref 0
            let target = SlabActionBlock<int>(MessageHandler(fun number -> sum.Value <- sum.Value + number))
            do! (Flow.ofSeq ten |> Flow.toBlock target |> Flow.run).Completion
            do! target.Completion
            Expect.equal sum.Value 55 "sum"
            let stock = BufferBlock<Lease<int>>()
            do! (Flow.ofSeq [ 7 ] |> Flow.toBlock stock |> Flow.run).Completion
            use lease = stock.Receive()
            Expect.equal lease.Value 7 "a stock block"
        }

        testCase "Options_AreTheBlocks" (fun () ->
            let letters = BufferBlock<DeadLetter<int>>()
            use stop = new CancellationTokenSource()

            let stage =
                (Flow.ofSeq ten
                 |> Flow.map id
                 |> Flow.withName "a {strange} name"
                 |> Flow.withCapacity 5
                 |> Flow.withBytes 64L
                 |> Flow.withSizeFactor 2
                 |> Flow.withParallelism 3
                 |> Flow.unordered
                 |> Flow.retryOnError 4 (TimeSpan.FromSeconds 1.0)
                 |> Flow.deadLetterOnError letters)
                    .Stage

            let options = stage.Options.ForBlock("map", stop.Token)
            Expect.equal (options.BoundedCapacity, options.BoundedBytes, options.SizeFactor) (5, 64L, 2) "bounds"
            Expect.equal (options.MaxDegreeOfParallelism, options.EnsureOrdered, options.CancellationToken) (3, false, stop.Token) "parallelism"
            Expect.equal (string options.OnError) (string (BlockErrorPolicy.DeadLetter.After(4, TimeSpan.FromSeconds 1.0))) "errors"
            let named = SlabBufferBlock<int>(options)
            Expect.equal (string named) "a {strange} name" "the name"
            let defaults = (Flow.ofSeq ten |> Flow.map id).Stage.Options.ForBlock("map", CancellationToken.None)
            Expect.equal (defaults.BoundedCapacity, defaults.BoundedBytes, defaults.SizeFactor) (1024, -1L, 0) "default bounds"
            Expect.equal (defaults.MaxDegreeOfParallelism, defaults.EnsureOrdered) (1, true) "default parallelism"
            Expect.equal (defaults.OnError, defaults.NameFormat) (BlockErrorPolicy.Fault, "map") "default errors and name"
            let skipped = (Flow.ofSeq ten |> Flow.map id |> Flow.skipOnError).Stage.Options.ForBlock("map", CancellationToken.None)
            Expect.equal skipped.OnError BlockErrorPolicy.Skip "skip")

        testCase "Options_OfAChannelOfItsOwn_AreTheSmallestBound" (fun () ->
            let channelOf (flow: Flow<'T>) = (flow.Stage.Options.ChannelOptions(sizeof<'T>, "kind")).Capacity
            let numbers = Flow.ofSeq ten
            Expect.equal (channelOf numbers) 1024 "the default"
            Expect.equal (channelOf (numbers |> Flow.withCapacity 7)) 7 "messages"
            Expect.equal (channelOf (numbers |> Flow.withBytes 64L)) 16 "bytes"
            Expect.equal (channelOf (numbers |> Flow.withBytes 3L)) 1 "one message is always let in"
            let options = (Flow.ofSeq [ large 1 ]).Stage.Options
            Expect.equal (options.ChannelOptions(1 <<< 20, "kind")).Capacity 32 "32 MiB of large messages"
            Expect.equal (options.ChannelOptions(1 <<< 24, "kind")).Capacity 16 "16 at the least")

        testTask "LargeMessages_PassOneByOne_WhereMemoryIsShort" {
            // 64 slots of 32 MiB at the least: larger than what the stages hold by default.
            let flow = Flow.ofSeq (List.map large [ 1..2000 ]) |> Flow.map id |> Flow.withBytes 200L |> Flow.batch 3 |> Batches.concat |> Flow.withCapacity 1
            Expect.equal (listOf flow |> List.map _.Id) [ 1L .. 2000L ] "all"
        }
    ]
