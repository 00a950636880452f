namespace Psyne.Flow.FSharp

open System
open System.Collections
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// A run whose messages somebody takes one by one, from a channel that it fills. Disposing it cancels the run.
[<Sealed>]
type internal ReadRun<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>(flow: Flow<'T>, kind, token: CancellationToken) =
    let channel = SlabChannel.CreateSpsc<'T>(flow.Stage.Options.ChannelOptions(sizeof<'T>, kind))

    let running =
        try
            let pipeline = Ends.toWriter kind true (fun () -> channel.Writer) flow
            let cancelable = pipeline.Changed(Allows.Nothing, "", (fun options -> { options with Tokens = token :: options.Tokens }))
            Ends.run cancelable
        with _ ->
            channel.Dispose()
            reraise ()

    let reader = channel.Reader
    let mutable current = Unchecked.defaultof<'T>
    let mutable taken = true // whether current is the message that the last wait was for

    /// Takes a message that is there.
    member _.TryTake() =
        let mutable lease = Unchecked.defaultof<Lease<'T>>

        if reader.TryTake &lease then
            current <- lease.Value
            lease.Dispose()
            taken <- true
            true
        else
            false

    /// The message that was waited for, which is taken when it is asked for, or skipped.
    member run.Settle() =
        if not taken then
            run.TryTake() |> ignore
            taken <- true

    member run.Current =
        run.Settle()
        current

    member run.MoveNext() =
        run.TryTake() || (reader.WaitToTake Timeout.InfiniteTimeSpan && run.TryTake())

    member run.MoveNextAsync() : ValueTask<bool> =
        run.Settle()

        if run.TryTake() then
            ValueTask<bool> true
        else
            taken <- false
            reader.WaitToTakeAsync()

    /// Cancels, and gives the channel back when the run has ended.
    member _.DisposeAsync() : ValueTask =
        ValueTask(
            backgroundTask {
                do! (running :> IAsyncDisposable).DisposeAsync()
                channel.Dispose()
            }
        )

/// The messages of a flow as a sequence: each enumeration is a run, on the thread that enumerates.
[<Sealed>]
type internal FlowSequence<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>(flow: Flow<'T>) =
    let enumerate () : IEnumerator<'T> =
        let mutable run: ReadRun<'T> | null = null

        { new IEnumerator<'T> with
            member _.Current = (nonNull run).Current
          interface IEnumerator with
              member _.Current = box (nonNull run).Current

              member _.MoveNext() =
                  match run with
                  | null ->
                      let begun = ReadRun<'T>(flow, "toSeq", CancellationToken.None)
                      run <- begun
                      begun.MoveNext()
                  | running -> running.MoveNext()

              member _.Reset() = raise (NotSupportedException "A flow's messages are enumerated once; ask for another enumerator.")
          interface IDisposable with
              member _.Dispose() =
                  match run with
                  | null -> ()
                  | running -> running.DisposeAsync().AsTask().Wait() }

    interface IEnumerable<'T> with
        member _.GetEnumerator() : IEnumerator<'T> = enumerate ()
        member _.GetEnumerator() : IEnumerator = enumerate () :> IEnumerator

/// The messages of a flow as an async stream: each enumeration is a run.
[<Sealed>]
type internal FlowStream<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>(flow: Flow<'T>) =
    interface IAsyncEnumerable<'T> with
        member _.GetAsyncEnumerator token =
            let mutable run: ReadRun<'T> | null = null

            { new IAsyncEnumerator<'T> with
                member _.Current = (nonNull run).Current

                member _.MoveNextAsync() =
                    match run with
                    | null ->
                        let begun = ReadRun<'T>(flow, "toTaskSeq", token)
                        run <- begun
                        begun.MoveNextAsync()
                    | running -> running.MoveNextAsync()
              interface IAsyncDisposable with
                  member _.DisposeAsync() =
                      match run with
                      | null -> ValueTask()
                      | running -> running.DisposeAsync() }

/// The messages of a flow for observers: each subscription is a run.
[<Sealed>]
type internal FlowObservable<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>(flow: Flow<'T>) =

    /// The observer, told of the run's end: a source's fault, which the last block knows nothing of, is noted by then.
    let telling (run: Run) (observer: IObserver<'T>) =
        let rec root (fault: exn) =
            match fault with
            | :? AggregateException as many -> root many.InnerExceptions[0]
            | one -> one

        { new IObserver<'T> with
            member _.OnNext value = observer.OnNext value

            member _.OnError fault =
                match run.Outcome with
                | Faulted faults -> observer.OnError faults.Head // where the last block was cancelled for it
                | _ -> observer.OnError(root fault)

            member _.OnCompleted() =
                match run.Outcome with
                | Completed -> observer.OnCompleted()
                | Faulted faults -> observer.OnError faults.Head
                | Canceled token -> observer.OnError(OperationCanceledException token) }

    interface IObservable<'T> with
        member _.Subscribe observer =
            Checks.notNull "observer" observer

            let info =
                { Info.make "observe" typeof<'T> with
                    Shape = StageShape.Ends
                    Inputs = [ flow.Stage ] }

            let observed =
                EndStage<IDisposable>(info, StageOptions.Default, fun options run ->
                    let last = SlabBufferBlock<'T>(options.ForBlock("observe", run.Token))
                    run.Watch last
                    let subscription = SlabBlockObservables.AsObservable(last).Subscribe(telling run observer)
                    run.Sink(last.Completion, ignore)
                    run.Subscription <- subscription
                    (flow.Stage.Connect run).Link last
                    fun () -> subscription)

            let running = Ends.run (Pipeline<IDisposable>.Of observed)
            running.Completion.ContinueWith(fun (ended: Task<IDisposable>) -> ended.Exception |> ignore) |> ignore // the observer is told

            { new IDisposable with
                member _.Dispose() = running.Unsubscribe() }
