/// Flows that are described wrong, that fail, that are cancelled, and whose messages nobody wants any more.
module Psyne.Flow.FSharp.Tests.Flows.FlowErrorTests

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

let private ten = [ 1..10 ]

let private numbers () = Flow.ofSeq ten

let private nothing<'a> : 'a = Unchecked.defaultof<'a>

/// What a function raises.
let private raised<'e when 'e :> exn> (code: unit -> unit) : 'e =
    try
        code ()
        failtestf "%s was expected, and nothing was raised" typeof<'e>.Name
    with
    | :? 'e as expected -> expected

let private failAt (bad: int) number =
    if number = bad then
        raise (InvalidDataException $"message {bad}")

    number

/// Each message succeeds at the third attempt.
let private failTwice () =
    let attempts = Dictionary<int, int>()

    fun number ->
        let attempt = attempts.GetValueOrDefault(number, 0) + 1
        attempts[number] <- attempt

        if attempt < 3 then
            raise (InvalidDataException $"attempt {attempt}")

        number

/// Values, and then a fault.
let private halfway =
    seq {
        yield! ten
        raise (InvalidDataException "half-way")
    }

let private endless () =
    seq {
        let mutable next = 0

        while true do
            yield next
            next <- next + 1
    }

// Types of their own, by which the blocks' channels of one test are found.
[<Struct>]
type Leaky = { mutable Number: int64; mutable A: Guid; mutable B: Guid; mutable C: Guid }

[<Struct>]
type LeakyToo = { mutable Numbers: int64; mutable X: Guid; mutable Y: Guid; mutable Z: Guid }

let private leaky number = { Number = int64 number; A = Guid.Empty; B = Guid.Empty; C = Guid.Empty }
let private leakyToo number = { Numbers = int64 number; X = Guid.Empty; Y = Guid.Empty; Z = Guid.Empty }

[<Tests>]
let descriptions =
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

[<Tests>]
let errors =
    testList "FlowErrors" [
        testTask "Fault_OfAFunction_EndsTheRun" {
            let stages: (string * (Flow<int> -> Pipeline<unit>)) list =
                let fails = failAt 5

                [ "map", Flow.map fails >> Flow.iter ignore
                  "mapInPlace", Flow.mapInPlace (SlabMutation(fun number -> number <- fails number)) >> Flow.iter ignore
                  "mapAsync", Flow.mapAsync (fun number -> task { return fails number }) >> Flow.iter ignore
                  "filter", Flow.filter (fun number -> fails number > 0) >> Flow.iter ignore
                  "choose", Flow.choose (fails >> ValueSome) >> Flow.iter ignore
                  "collect", Flow.collect (fun number -> seq { fails number }) >> Flow.iter ignore
                  "scan", Flow.scan (fun _ number -> fails number) 0 >> Flow.iter ignore
                  "tap", Flow.tap (fails >> ignore) >> Flow.iter ignore
                  "iter", Flow.iter (fails >> ignore)
                  "iterTask", Flow.iterTask (fun lease -> task { fails lease.Value |> ignore })
                  "fold", Flow.fold (fun () number -> fails number |> ignore) ()
                  "zip", fun flow -> Flow.zipWith (MessageZip(fun one _ output -> output <- fails one)) flow (numbers ()) |> Flow.iter ignore
                  "split", Flow.split (fun number -> fails number > 0) >> fun (one, other) -> Flow.merge [ one; other ] |> Flow.iter ignore
                  "Batches.map", Flow.batch 1 >> Batches.map (fun batch -> fails batch[0]) >> Flow.iter ignore
                  "Batches.iter", Flow.batch 1 >> Batches.iter (fun batch -> fails batch[0] |> ignore)
                  "Batches.iterTask", Flow.batch 1 >> Batches.iterTask (fun batch -> task { fails batch[0] |> ignore })
                  "Batches.fold", Flow.batch 1 >> Batches.fold (fun () batch -> fails batch[0] |> ignore) () ]

            for name, stage in stages do
                // An endless source: the run has to end it.
                let! (fault: exn option) = Flow.ofSeq (Seq.initInfinite id) |> stage |> Flow.run |> faultOf

                match fault with
                | Some(:? InvalidDataException as fault) -> Expect.equal fault.Message "message 5" name
                | other -> failtestf "%s: %A" name other
        }

        testTask "Skip_DropsTheMessage_AndCountsIt" {
            let fails = failAt 5
            let rest = List.except [ 5 ] ten

            let flows: (string * Flow<int>) list =
                [ "map", numbers () |> Flow.map fails |> Flow.skipOnError
                  "mapAsync", numbers () |> Flow.mapAsync (fun number -> task { return fails number }) |> Flow.skipOnError
                  "mapInPlace", numbers () |> Flow.mapInPlace (SlabMutation(fun number -> number <- fails number)) |> Flow.skipOnError
                  "filter", numbers () |> Flow.filter (fun number -> fails number > 0) |> Flow.skipOnError
                  "choose", numbers () |> Flow.choose (fails >> ValueSome) |> Flow.withParallelism 2 |> Flow.skipOnError
                  "collect", numbers () |> Flow.collect (fun number -> seq { fails number }) |> Flow.skipOnError
                  "scan", numbers () |> Flow.scan (fun _ number -> fails number) 0 |> Flow.skipOnError
                  "tap", numbers () |> Flow.tap (fails >> ignore) |> Flow.skipOnError
                  "zip", Flow.zipWith (MessageZip(fun one _ output -> output <- fails one)) (numbers ()) (numbers ()) |> Flow.skipOnError
                  "Batches.map", numbers () |> Flow.batch 1 |> Batches.map (fun batch -> fails batch[0]) |> Flow.skipOnError ]

            for name, flow in flows do
                let seen = ResizeArray()
                use running = flow |> Flow.runWith seen.Add
                do! running.Completion
                Expect.sequenceEqual seen rest name
                Expect.equal running.Errors 1L name

            use running = numbers () |> Flow.fold (fun sum number -> sum + fails number) 0 |> Flow.skipOnError |> Flow.run
            let! sum = running.Completion
            Expect.equal (sum, running.Errors) (50, 1L) "fold"
            let seen = ResizeArray()
            use running = numbers () |> Flow.batch 1 |> Batches.iter (fun batch -> seen.Add(fails batch[0])) |> Flow.skipOnError |> Flow.run
            do! running.Completion
            Expect.sequenceEqual seen rest "Batches.iter"
        }

        testTask "Retry_CallsAgain_BeforeItGivesUp" {
            let retry part = part |> Flow.retryOnError 2 TimeSpan.Zero
            Expect.equal (numbers () |> Flow.map (failTwice ()) |> retry |> listOf) ten "map"
            Expect.equal (numbers () |> Flow.batch 1 |> Batches.map (let tries = failTwice () in fun batch -> tries batch[0]) |> retry |> listOf) ten "Batches.map"
            let! (fault: exn option) = numbers () |> Flow.map (failTwice ()) |> Flow.retryOnError 1 TimeSpan.Zero |> Flow.iter ignore |> Flow.run |> faultOf
            Expect.equal (fault |> Option.map _.Message) (Some "attempt 2") "given up after the last"
            let skipped = numbers () |> Flow.map (failTwice ()) |> Flow.skipOnError |> Flow.retryOnError 1 (TimeSpan.FromTicks 1L) |> listOf
            Expect.equal skipped [] "and then skipped"
        }

        testTask "Retry_OfCollect_RepeatsNothing" {
            let tries = ref 0

            let several number =
                seq {
                    yield number
                    yield number + 1

                    if number = 5 then
                        tries.Value <- tries.Value + 1

                        if tries.Value < 3 then
                            raise (InvalidDataException())

                    yield number + 2
                }

            let collected = numbers () |> Flow.collect several |> Flow.retryOnError 2 TimeSpan.Zero |> listOf
            Expect.equal collected (List.collect (fun number -> [ number; number + 1; number + 2 ]) ten) "each once"
        }

        testTask "Retry_OfBatches_WaitsByNoThread" {
            let attempts = ref 0

            let fail (_: OwnedLeaseBatch<int>) : Task<unit> =
                task {
                    attempts.Value <- attempts.Value + 1

                    if attempts.Value < 3 then
                        raise (InvalidDataException())
                }

            use running = numbers () |> Flow.batch 10 |> Batches.iterTask fail |> Flow.retryOnError 5 (TimeSpan.FromMilliseconds 1.0) |> Flow.run
            do! running.Completion
            Expect.equal attempts.Value 3 "attempts"
        }

        testTask "DeadLetters_GetTheMessageAndItsError" {
            let letters = BufferBlock<DeadLetter<int>>()
            let dead part = part |> Flow.retryOnError 1 TimeSpan.Zero |> Flow.deadLetterOnError letters |> Flow.withName "a {strange} name"

            let flows: Flow<int> list =
                [ numbers () |> Flow.map (failAt 5) |> dead
                  numbers () |> Flow.mapAsync (fun number -> task { return failAt 5 number }) |> dead
                  numbers () |> Flow.tap (failAt 5 >> ignore) |> dead
                  numbers () |> Flow.filter (fun number -> failAt 5 number > 0) |> dead
                  numbers () |> Flow.scan (fun _ number -> failAt 5 number) 0 |> dead ]

            for flow in flows do
                Expect.equal (listOf flow) (List.except [ 5 ] ten) "the rest"
                use letter = letters.Receive()
                Expect.equal (letter.Message.Value, letter.Error.Message) (5, "message 5") "letter"

            do! (numbers () |> Flow.iter (failAt 5 >> ignore) |> dead |> Flow.run).Completion
            use letter = letters.Receive()
            Expect.equal letter.Message.Value 5 "iter"
            Expect.equal letters.Completion.IsCompleted false "the target is left open"
        }

        testTask "Canceled_OfAFunction_IsCounted_AndEndsNothing" {
            // As the blocks have it: an OperationCanceledException gives up its message.
            let give number = if number = 5 then raise (OperationCanceledException()) else number
            let seen = ResizeArray()
            use running = numbers () |> Flow.batch 1 |> Batches.map (fun batch -> give batch[0]) |> Flow.map give |> Flow.runWith seen.Add
            do! running.Completion
            Expect.sequenceEqual seen (List.except [ 5 ] ten) "the rest"
            Expect.equal running.Errors 1L "counted"
        }

        testTask "Fault_OfASource_ComesAfterItsMessages" {
            let seen = ResizeArray()
            use running = Flow.ofSeq halfway |> Flow.map id |> Flow.batch 3 |> Batches.concat |> Flow.runWith seen.Add
            let! (fault: exn option) = faultOf running
            Expect.equal (fault |> Option.map _.Message) (Some "half-way") "fault"
            Expect.sequenceEqual seen ten "what came before"
            use channel = Channel.spsc<int> Channel.defaults
            ten |> List.iter (fun number -> channel |> Channel.write number)
            channel |> Channel.fail (InvalidDataException "half-way")
            let seen = ResizeArray()
            use running = Flow.ofChannel channel |> Flow.map id |> Flow.runWith seen.Add
            let! (fault: exn option) = faultOf running
            Expect.equal (fault |> Option.map _.Message) (Some "half-way") "a channel's fault"
            Expect.sequenceEqual seen ten "what came before in the channel"
        }

        testTask "Fault_OfASource_IsRaisedToWhoReads" {
            let seen = ResizeArray()
            let fault = raised<InvalidDataException> (fun () -> Flow.ofSeq halfway |> Flow.toSeq |> Seq.iter seen.Add)
            Expect.equal fault.Message "half-way" "toSeq"
            Expect.sequenceEqual seen ten "before"
            let streamed = ResizeArray()

            let read () =
                task {
                    use messages = (Flow.ofSeq halfway |> Flow.toTaskSeq).GetAsyncEnumerator()

                    while! messages.MoveNextAsync() do
                        streamed.Add messages.Current
                }

            let reading = read ()
            let! _ = Task.WhenAny(reading :> Task)
            Expect.isTrue (reading.IsFaulted && (nonNull reading.Exception).InnerException :? InvalidDataException) "toTaskSeq"
            Expect.sequenceEqual streamed ten "before"
            let observed = ResizeArray()
            let error = TaskCompletionSource<exn>()

            let observer =
                { new IObserver<int> with
                    member _.OnNext value = observed.Add value
                    member _.OnError fault = error.SetResult fault
                    member _.OnCompleted() = error.SetException(InvalidOperationException "completed") }

            use _ = (Flow.ofSeq halfway |> Flow.observe).Subscribe observer
            let! (fault: exn) = error.Task
            Expect.equal fault.Message "half-way" "observe"
            Expect.sequenceEqual observed ten "before"
        }

        testTask "Observers_AreToldOfFaults" {
            let ends: (string * (IObserver<int> -> unit)) list =
                [ "observe", fun observer -> (numbers () |> Flow.map (failAt 5) |> Flow.observe).Subscribe observer |> ignore
                  "tap", fun observer -> numbers () |> Flow.map (failAt 5) |> Flow.tapObserver observer |> Flow.runWith ignore |> ignore ]

            for name, start in ends do
                let error = TaskCompletionSource<exn>()

                start
                    { new IObserver<int> with
                        member _.OnNext _ = ()
                        member _.OnError fault = error.SetResult fault
                        member _.OnCompleted() = error.SetException(InvalidOperationException "completed") }

                let! (fault: exn) = error.Task
                Expect.equal fault.Message "message 5" name
        }

        testTask "ToChannel_EndsTheChannelAsTheRunEnds" {
            use faulted = Channel.spsc<int> Channel.defaults
            let! _ = numbers () |> Flow.map (failAt 5) |> Flow.toChannel faulted |> Flow.run |> faultOf
            Expect.throwsT<InvalidDataException> (fun () -> faulted |> Channel.iter ignore) "fault"
            use canceled = Channel.spsc<int> Channel.defaults
            use running = Flow.ofSeq (endless ()) |> Flow.toChannel canceled |> Flow.run
            Channel.read canceled |> ignore
            running.Cancel()
            let! (fault: exn option) = faultOf running
            Expect.isTrue (fault.Value :? OperationCanceledException) "cancelled"
            Expect.throwsT<OperationCanceledException> (fun () -> canceled |> Channel.iter ignore) "cancelled"
        }

        testTask "ToChannel_ClosedByAnother_IsAFault" {
            use target = Channel.defaults |> Channel.withCapacity 2 |> Channel.spsc<int>
            Channel.complete target

            for batched in [ false; true ] do
                let flow = Flow.ofSeq (endless ())
                let pipeline = if batched then flow |> Flow.batch 2 |> Flow.toChannel target else flow |> Flow.toChannel target
                let! (fault: exn option) = pipeline |> Flow.run |> faultOf
                Expect.isTrue (fault.Value :? SlabChannelClosedException) "fault"
        }

        testTask "ToChannel_WhoseWriterIsTaken_UsesNoSourceUp" {
            use source = channelOf ten
            use target = Channel.spsc<int> Channel.defaults
            let writer = target.OpenWriter()
            let pipeline = Flow.ofChannel source |> Flow.toChannel target
            Expect.throwsT<ChannelRoleException> (fun () -> Flow.run pipeline |> ignore) "the one write end is open"
            writer.Dispose()
            do! (Flow.run pipeline).Completion
            Expect.equal (target |> Channel.fold (+) 0) 55 "afterwards"
        }
    ]

[<Tests>]
let ends =
    testList "FlowEnds" [
        testTask "Token_CancelledFromTheStart_TouchesNoSource" {
            use channel = channelOf ten
            use target = Channel.spsc<int> Channel.defaults
            let token = CancellationToken true
            let enumerated = ref false
            let numbers = Flow.ofSeq (seq { enumerated.Value <- true; 1 })

            let pipeline =
                Flow.merge [ Flow.ofChannel channel; numbers ] |> Flow.withCancellation token |> Flow.map id |> Flow.toChannel target

            use running = Flow.run pipeline
            let! (fault: exn option) = faultOf running
            Expect.isTrue (fault.Value :? OperationCanceledException && running.Completion.IsCanceled) "cancelled"
            Expect.isFalse enumerated.Value "not enumerated"
            Expect.throwsT<OperationCanceledException> (fun () -> target |> Channel.iter ignore) "the target knows"
            Expect.equal (Flow.ofChannel channel |> listOf) ten "the channel is as it was"
        }

        testTask "Token_CancelledLater_EndsTheRun" {
            use source = new CancellationTokenSource()
            let first = TaskCompletionSource()

            use running =
                Flow.ofSeq (endless ())
                |> Flow.map id
                |> Flow.iter (fun _ -> first.TrySetResult() |> ignore)
                |> Flow.withCancellation source.Token
                |> Flow.run

            do! first.Task
            source.Cancel()
            let! (fault: exn option) = faultOf running
            Expect.equal (fault.Value :?> OperationCanceledException).CancellationToken source.Token "the token"
        }

        testTask "Disposed_IsCancelled_AndAfterTheEndNothing" {
            let running = Flow.ofSeq (endless ()) |> Flow.runWith ignore
            do! (running :> IAsyncDisposable).DisposeAsync().AsTask()
            Expect.isTrue running.Completion.IsCanceled "cancelled"
            let ended = numbers () |> Flow.fold (+) 0 |> Flow.run
            let! sum = ended.Completion
            ended.Cancel()
            (ended :> IDisposable).Dispose()
            do! (ended :> IAsyncDisposable).DisposeAsync().AsTask()
            Expect.equal (sum, ended.Completion.Result) (55, 55) "the result stays"
        }

        testTask "AsyncStream_IsToldToStop" {
            let stopped = TaskCompletionSource()

            let stream =
                { new IAsyncEnumerable<int> with
                    member _.GetAsyncEnumerator token =
                        { new IAsyncEnumerator<int> with
                            member _.Current = 1

                            member _.MoveNextAsync() =
                                ValueTask<bool>(
                                    task {
                                        do! Task.Delay(Timeout.Infinite, token)
                                        return true
                                    }
                                )
                          interface IAsyncDisposable with
                              member _.DisposeAsync() =
                                  stopped.SetResult()
                                  ValueTask() } }

            let running = Flow.ofAsyncSeq stream |> Flow.runWith ignore
            running.Cancel()
            do! stopped.Task
            let! (fault: exn option) = faultOf running
            Expect.isTrue (fault.Value :? OperationCanceledException) "cancelled"
        }

        testTask "ToSeq_StoppedEarly_GivesEverySlotBack" {
            use channel = Channel.defaults |> Channel.withCapacity 64 |> Channel.mpmc<Leaky>
            use stop = new CancellationTokenSource()

            let writing =
                Task.Run(fun () ->
                    try
                        while true do
                            let message = leaky 1
                            channel.Writer.Publish(&message, stop.Token)
                    with :? OperationCanceledException -> ())

            let started, disposed = ref false, ref false

            let other =
                seq {
                    try
                        started.Value <- true

                        while true do
                            yield leaky 2
                    finally
                        disposed.Value <- true
                }

            let several =
                Flow.merge [ Flow.ofChannel channel |> Flow.map id; Flow.ofSeq other ]
                |> Flow.batch 3
                |> Batches.concat
                |> Flow.window 4 2
                |> Batches.map (fun window -> window[0])

            let taken = several |> Flow.toSeq |> Seq.take 5 |> Seq.length
            stop.Cancel()
            do! writing
            Expect.equal taken 5 "taken"
            Expect.equal disposed.Value started.Value "the sequence is disposed"
            Expect.equal (Channel.statistics channel).HeldLeases 0L "leases of the source"
            Expect.equal (channelsOf<Leaky> () |> List.filter (fun live -> live.Name <> channel.Name)) [] "the blocks' memory is given back"
            Expect.equal (leasesOf<Leaky> ()) 0L "leases"
        }

        testTask "ToTaskSeq_StoppedEarly_GivesEverySlotBack" {
            use channel = channelOf (List.map leakyToo [ 1..500 ])
            let branches = Flow.ofChannel channel |> Flow.broadcast 2
            let joined = Flow.zip branches[0] (branches[1] |> Flow.mapAsync (fun message -> task { return message }) |> Flow.withParallelism 2)

            let take () =
                task {
                    use messages = (Flow.toTaskSeq joined).GetAsyncEnumerator()
                    let! first = messages.MoveNextAsync()
                    let! second = messages.MoveNextAsync()
                    return first && second
                }

            let! taken = take ()
            Expect.isTrue taken "two"
            Expect.equal (Channel.statistics channel).HeldLeases 0L "leases of the source"
            Expect.equal (channelsOf<LeakyToo> () |> List.filter (fun live -> live.Name <> channel.Name)) [] "the blocks' memory is given back"
        }

        testTask "ToTaskSeq_ItsToken_EndsTheRun" {
            use stop = new CancellationTokenSource()

            let read () =
                task {
                    use messages = (Flow.ofSeq (endless ()) |> Flow.toTaskSeq).GetAsyncEnumerator stop.Token
                    let mutable count = 0

                    while! messages.MoveNextAsync() do
                        count <- count + 1

                        if count = 100 then
                            stop.Cancel()
                }

            let reading = read ()
            let! _ = Task.WhenAny(reading :> Task)
            Expect.isTrue reading.IsCanceled "cancelled"
        }
    ]
