/// Flows whose functions, sources or targets fail.
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

/// Each message succeeds at the third attempt.
let private failTwice () =
    let attempts = Dictionary<int, int>()

    fun number ->
        let attempt = attempts.GetValueOrDefault(number, 0) + 1
        attempts[number] <- attempt

        if attempt < 3 then
            raise (InvalidDataException $"attempt {attempt}")

        number

[<Tests>]
let tests =
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
            let received = [ for struct (stage, counts) in running.Statistics -> stage, counts.Received ]
            let expected = [ for struct (stage, _) in running.Statistics -> stage, int64 ten.Length ]
            Expect.equal received expected "what each stage got"
            Expect.isTrue (received |> List.exists (fun (stage, _) -> stage = "fold")) "the fold among them"
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
            let tries = failTwice ()
            let batched = numbers () |> Flow.batch 1 |> Batches.map (fun batch -> tries batch[0]) |> Flow.retryOnError 1 TimeSpan.Zero
            let! (fault: exn option) = batched |> Flow.iter ignore |> Flow.run |> faultOf
            Expect.equal (fault |> Option.map _.Message) (Some "attempt 2") "batches, too"
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

        testTask "Fault_OfASource_EndsTheOthers" {
            use channel = Channel.spsc<int> Channel.defaults
            let block = BufferBlock<Lease<int>>()
            let fails = TaskCompletionSource()

            let failing =
                seq {
                    yield! halfway |> Seq.truncate 10
                    fails.Task.Wait()
                    raise (InvalidDataException "half-way")
                }

            let seen = System.Collections.Concurrent.ConcurrentBag()

            let see number =
                seen.Add number

                if seen.Count = 5000 then
                    fails.SetResult()

            let others = [ Flow.ofSeq (endless ()); Flow.ofChannel channel; Flow.ofBlock block; Flow.ofAsyncSeq (Flow.ofSeq (endless ()) |> Flow.toTaskSeq) ]
            use running = Flow.merge ((Flow.ofSeq failing |> Flow.map (fun number -> -number)) :: others) |> Flow.runWith see
            let! (fault: exn option) = faultOf running
            Expect.equal (fault |> Option.map _.Message) (Some "half-way") "fault"
            Expect.equal (seen |> Seq.filter (fun number -> number < 0) |> Seq.length) 10 "what came before it"
            Expect.isFalse block.Completion.IsCompleted "a block that isn't ours is left as it is"
            channel |> Channel.write 7
            Expect.equal (Channel.tryRead channel) (ValueSome 7) "a channel, too"
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
