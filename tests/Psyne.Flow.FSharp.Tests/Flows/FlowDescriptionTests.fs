/// Flows that are described wrong, or can't be run as they are.
module Psyne.Flow.FSharp.Tests.Flows.FlowDescriptionTests

open System
open System.Collections.Generic
open System.IO
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp
open Psyne.Flow.FSharp.Tests.Flows.FlowCommon

let private nothing<'a> : 'a = Unchecked.defaultof<'a>

let private nullObserver () =
    { new IObserver<int> with
        member _.OnNext _ = ()
        member _.OnError _ = ()
        member _.OnCompleted() = () }

[<Tests>]
let tests =
    testList "FlowDescription" [
        testCase "Null_IsRefused" (fun () ->
            let refused name (code: unit -> unit) =
                Expect.equal (raised<ArgumentNullException> code).ParamName name "parameter"

            refused "channel" (fun () -> Flow.ofChannel<int> nothing |> ignore)
            refused "reader" (fun () -> Flow.ofReader<int> nothing |> ignore)
            refused "values" (fun () -> Flow.ofSeq<int> nothing |> ignore)
            refused "values" (fun () -> Flow.ofAsyncSeq<int> nothing |> ignore)
            refused "block" (fun () -> Flow.ofBlock<int> nothing |> ignore)
            refused "mapping" (fun () -> numbers () |> Flow.map nothing<int -> int> |> ignore)
            refused "mapping" (fun () -> numbers () |> Flow.mapWith nothing<SlabTransform<int, int>> |> ignore)
            refused "mapping" (fun () -> numbers () |> Flow.mapAsync nothing<int -> Task<int>> |> ignore)
            refused "mapping" (fun () -> numbers () |> Flow.mapAsyncWith nothing<Func<Lease<int>, OutputSlot<int>, ValueTask>> |> ignore)
            refused "mutation" (fun () -> numbers () |> Flow.mapInPlace nothing |> ignore)
            refused "predicate" (fun () -> numbers () |> Flow.filter nothing |> ignore)
            refused "predicate" (fun () -> numbers () |> Flow.split nothing |> ignore)
            refused "chooser" (fun () -> numbers () |> Flow.choose nothing<int -> int voption> |> ignore)
            refused "collector" (fun () -> numbers () |> Flow.collect nothing<int -> seq<int>> |> ignore)
            refused "expansion" (fun () -> numbers () |> Flow.collectWith nothing<SlabExpansion<int, int>> |> ignore)
            refused "folder" (fun () -> numbers () |> Flow.scan nothing 0 |> ignore)
            refused "folder" (fun () -> numbers () |> Flow.scanWith nothing 0 |> ignore)
            refused "folder" (fun () -> numbers () |> Flow.fold nothing 0 |> ignore)
            refused "folder" (fun () -> numbers () |> Flow.foldWith nothing 0 |> ignore)
            refused "action" (fun () -> numbers () |> Flow.tap nothing |> ignore)
            refused "action" (fun () -> numbers () |> Flow.tapWith nothing |> ignore)
            refused "observer" (fun () -> numbers () |> Flow.tapObserver nothing |> ignore)
            refused "observer" (fun () -> (numbers () |> Flow.observe).Subscribe nothing<IObserver<int>> |> ignore)
            refused "action" (fun () -> numbers () |> Flow.iter nothing |> ignore)
            refused "action" (fun () -> numbers () |> Flow.iterWith nothing |> ignore)
            refused "action" (fun () -> numbers () |> Flow.iterTask nothing |> ignore)
            refused "target" (fun () -> numbers () |> Flow.toChannel nothing |> ignore)
            refused "target" (fun () -> numbers () |> Flow.toWriter nothing |> ignore)
            refused "target" (fun () -> numbers () |> Flow.toBlock nothing |> ignore)
            refused "flows" (fun () -> Flow.merge nothing<Flow<int> list> |> ignore)
            refused "zip" (fun () -> Flow.zipWith nothing<MessageZip<int, int, int>> (numbers ()) (numbers ()) |> ignore)
            refused "name" (fun () -> numbers () |> Flow.withName nothing |> ignore)
            refused "clock" (fun () -> numbers () |> Flow.throttle 1 (TimeSpan.FromSeconds 1.0) |> Flow.withTimeProvider nothing |> ignore)
            refused "letters" (fun () -> numbers () |> Flow.map id |> Flow.deadLetterOnError nothing<ITargetBlock<DeadLetter<int>>> |> ignore)
            refused "pipelines" (fun () -> Flow.all nothing<Pipeline<int> list> |> ignore)
            refused "mapping" (fun () -> numbers () |> Flow.batch 2 |> Batches.map nothing<OwnedLeaseBatch<int> -> int> |> ignore)
            refused "mapping" (fun () -> numbers () |> Flow.batch 2 |> Batches.mapWith nothing<BatchMapping<int, int>> |> ignore)
            refused "action" (fun () -> numbers () |> Flow.batch 2 |> Batches.iter nothing |> ignore)
            refused "action" (fun () -> numbers () |> Flow.batch 2 |> Batches.iterTask nothing |> ignore)
            refused "folder" (fun () -> numbers () |> Flow.batch 2 |> Batches.fold nothing 0 |> ignore))

        testCase "Numbers_OutsideTheirBounds_AreRefused_WithTheValue" (fun () ->
            let refused name (value: obj) (code: unit -> unit) =
                let error = raised<ArgumentOutOfRangeException> code
                Expect.equal (error.ParamName, error.ActualValue) (name, value) "parameter and value"
                Expect.isTrue (error.Message.Contains(string value)) "the value in the text"

            let second = TimeSpan.FromSeconds 1.0

            for bad in [ 0; -1 ] do
                refused "count" bad (fun () -> numbers () |> Flow.batch bad |> ignore)
                refused "count" bad (fun () -> numbers () |> Flow.batchBytes 1L bad |> ignore)
                refused "count" bad (fun () -> numbers () |> Flow.batchWithin second bad |> ignore)
                refused "size" bad (fun () -> numbers () |> Flow.window bad 1 |> ignore)
                refused "step" (int64 bad) (fun () -> numbers () |> Flow.window 1 bad |> ignore)
                refused "count" bad (fun () -> numbers () |> Flow.broadcast bad |> ignore)
                refused "messages" bad (fun () -> numbers () |> Flow.throttle bad second |> ignore)
                refused "messages" (int64 bad) (fun () -> numbers () |> Flow.withCapacity bad |> ignore)
                refused "bytes" (int64 bad) (fun () -> numbers () |> Flow.withBytes (int64 bad) |> ignore)
                refused "bytes" (int64 bad) (fun () -> numbers () |> Flow.batchBytes (int64 bad) 1 |> ignore)
                refused "degree" (int64 bad) (fun () -> numbers () |> Flow.map id |> Flow.withParallelism bad |> ignore)
                refused "retries" (int64 bad) (fun () -> numbers () |> Flow.map id |> Flow.retryOnError bad second |> ignore)

            for bad in [ TimeSpan.Zero; -second; TimeSpan.FromDays 25.0 ] do
                refused "per" bad (fun () -> numbers () |> Flow.throttle 1 bad |> ignore)
                refused "delay" bad (fun () -> numbers () |> Flow.batchWithin bad 1 |> ignore)

            for bad in [ -second; TimeSpan.FromDays 1.5 ] do
                refused "delay" bad (fun () -> numbers () |> Flow.map id |> Flow.retryOnError 1 bad |> ignore)

            refused "count" 32769 (fun () -> numbers () |> Flow.batch 32769 |> ignore)
            refused "size" 32769 (fun () -> numbers () |> Flow.window 32769 1 |> ignore)
            refused "count" 1025 (fun () -> numbers () |> Flow.broadcast 1025 |> ignore)
            refused "factor" -1 (fun () -> numbers () |> Flow.withSizeFactor -1 |> ignore)
            refused "factor" 1024 (fun () -> numbers () |> Flow.withSizeFactor 1024 |> ignore)
            refused "flows" 0L (fun () -> Flow.merge<int> [] |> ignore)
            refused "pipelines" 0L (fun () -> Flow.all<int> [] |> ignore)
            refused "messages" 7 (fun () -> numbers () |> Flow.batch 8 |> Flow.withCapacity 7 |> ignore))

        testCase "LargestCounts_AreAllowed" (fun () ->
            let many = [ 1..40000 ]
            let sizes = Flow.ofSeq many |> Flow.batch 32768 |> Flow.withName "large" |> listsOf |> List.map List.length
            Expect.equal sizes [ 32768; 7232 ] "batches"
            Expect.equal (Flow.ofSeq many |> Flow.window 32768 4000 |> listsOf |> List.map List.head) [ 1; 4001 ] "windows")

        testCase "Options_ThatMeanNothing_AreRefused" (fun () ->
            let refused stage (code: unit -> unit) =
                Expect.equal (raised<FlowException> code).Stage stage "stage"

            let clock = ManualClock()
            refused "scan" (fun () -> numbers () |> Flow.scan (+) 0 |> Flow.withParallelism 2 |> ignore)
            refused "collect" (fun () -> numbers () |> Flow.collect (fun number -> [ number ]) |> Flow.unordered |> ignore)
            refused "tap" (fun () -> numbers () |> Flow.tapObserver (nullObserver ()) |> Flow.withParallelism 2 |> ignore)
            refused "fold" (fun () -> numbers () |> Flow.fold (+) 0 |> Flow.withParallelism 2 |> ignore)
            refused "map" (fun () -> numbers () |> Flow.map id |> Flow.withTimeProvider clock |> ignore)
            refused "batch" (fun () -> numbers () |> Flow.batch 2 |> Flow.skipOnError |> ignore)
            refused "batch" (fun () -> numbers () |> Flow.batch 2 |> Flow.withBytes 100L |> ignore)
            refused "batch" (fun () -> numbers () |> Flow.batch 2 |> Flow.withTimeProvider clock |> ignore)
            refused "merge" (fun () -> Flow.merge [ numbers () ] |> Flow.retryOnError 1 TimeSpan.Zero |> ignore)
            refused "throttle" (fun () -> numbers () |> Flow.throttle 1 (TimeSpan.FromDays 1.0) |> Flow.faultOnError |> ignore)
            refused "mine" (fun () -> numbers () |> Flow.withName "mine" |> Flow.skipOnError |> ignore)
            refused "ofBlock" (fun () -> Flow.ofBlock (BufferBlock<Lease<int>>()) |> Flow.withCapacity 3 |> ignore)
            refused "zip" (fun () -> Flow.zip (numbers ()) (numbers ()) |> Flow.deadLetterOnError (BufferBlock<DeadLetter<int>>()) |> ignore))

        testCase "DeadLetters_OfAnotherType_AreRefused" (fun () ->
            let letters = BufferBlock<DeadLetter<int64>>()
            let error = raised<ArgumentException> (fun () -> numbers () |> Flow.map id |> Flow.deadLetterOnError letters |> ignore)
            Expect.equal error.ParamName "letters" "parameter"
            Expect.isTrue (error.Message.Contains "Int32" && error.Message.Contains "Int64") "both types")

        testCase "SingleUseSource_RunTwice_IsRefused" (fun () ->
            use channel = channelOf ten
            let flow = Flow.ofChannel channel
            Expect.equal (listOf flow) ten "the first run"
            let refused (code: unit -> unit) = (raised<FlowException> code).Stage
            Expect.equal (refused (fun () -> listOf flow |> ignore)) "ofChannel" "again"
            Expect.equal (refused (fun () -> Flow.ofReader channel.Reader |> listOf |> ignore)) "ofReader" "the same end"
            Expect.equal (refused (fun () -> flow |> Flow.toSeq |> Seq.length |> ignore)) "ofChannel" "as a sequence"
            let block = BufferBlock<Lease<int>>()
            let two = Flow.merge [ Flow.ofBlock block; Flow.ofBlock block |> Flow.withName "twice" ]
            Expect.equal (refused (fun () -> listOf two |> ignore)) "twice" "twice in one pipeline"
            block.Complete()
            Expect.equal (Flow.ofBlock block |> listOf) [] "what was refused used nothing up")

        testCase "Branches_ThatLeadNowhere_AreRefused" (fun () ->
            let refused (code: unit -> unit) =
                let error = raised<FlowException> code
                error.Stage, error.Message

            let calls = ref 0
            let counted = Flow.ofSeq (seq { calls.Value <- 1; 1 })
            let evens, odds = counted |> Flow.split (fun number -> number % 2 = 0)
            let stage, text = refused (fun () -> listOf evens |> ignore)
            Expect.equal stage "split" "stage"
            Expect.isTrue (text.Contains "Branch 2 of 2" && text.Contains "leads nowhere") text
            let _, text = refused (fun () -> Flow.merge [ evens; odds; odds ] |> listOf |> ignore)
            Expect.isTrue (text.Contains "Branch 2 of 2" && text.Contains "used 2 times") text
            let branches = counted |> Flow.broadcast 3
            let stage, text = refused (fun () -> Flow.all [ Flow.iter ignore branches[0]; Flow.iter ignore branches[2] ] |> finish |> ignore)
            Expect.equal stage "broadcast" "stage"
            Expect.isTrue (text.Contains "Branch 2 of 3") text
            Expect.equal calls.Value 0 "nothing was read")
    ]
