/// Flows that are cancelled, and whose messages nobody wants any more.
module Psyne.Flow.FSharp.Tests.Flows.FlowEndingTests

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

// Types of their own, by which the blocks' channels of one test are found.
[<Struct>]
type Leaky = { mutable Number: int64; mutable A: Guid; mutable B: Guid; mutable C: Guid }

[<Struct>]
type LeakyToo = { mutable Numbers: int64; mutable X: Guid; mutable Y: Guid; mutable Z: Guid }

let private leaky number = { Number = int64 number; A = Guid.Empty; B = Guid.Empty; C = Guid.Empty }
let private leakyToo number = { Numbers = int64 number; X = Guid.Empty; Y = Guid.Empty; Z = Guid.Empty }

[<Tests>]
let tests =
    testList "FlowEnds" [
        testTask "Token_CancelledFromTheStart_TouchesNoSource" {
            use channel = channelOf ten
            use target = Channel.spsc<int> Channel.defaults
            let token = CancellationToken true
            let enumerated = ref false

            // Called when an enumerator is asked for.
            let numbers =
                Flow.ofSeq (
                    Seq.delay (fun () ->
                        enumerated.Value <- true
                        [ 1 ])
                )


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

        testTask "Run_NeedsNoContext" {
            // A thread that waits for the end, and whose context would run nothing meanwhile.
            let code () =
                SynchronizationContext.SetSynchronizationContext(
                    { new SynchronizationContext() with
                        member _.Post(_, _) = () }
                )

                let sum = Flow.ofSeq ten |> Flow.mapAsync (fun number -> task { return number }) |> Flow.fold (+) 0 |> Flow.run |> Flow.wait
                let taken = Flow.ofSeq (endless ()) |> Flow.toSeq |> Seq.take 3 |> List.ofSeq
                Expect.equal (sum, taken) (55, [ 0; 1; 2 ]) "run and read"

            do! Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        }
    ]
