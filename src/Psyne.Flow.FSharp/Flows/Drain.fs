namespace Psyne.Flow.FSharp

open System
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// Handles one after another what a block gives that no block takes in: batches and pairs. It is linked to the block and
/// postpones what it is offered: an offer only says that there is something to receive. It runs on the thread pool, never
/// twice at once, and holds no thread while a handler waits. Waiting for room allocates nothing; handlers that are
/// asynchronous, and retries, do.
[<AbstractClass>]
type internal Drain<'M>(run: Run, source: IReceivableSourceBlock<'M>, options: StageOptions) =
    let completion = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    let mutable onHandled = Unchecked.defaultof<Action>
    let mutable onRoom = Unchecked.defaultof<Action>
    let mutable room = Unchecked.defaultof<Runtime.CompilerServices.ValueTaskAwaiter<bool>>
    let mutable held = Unchecked.defaultof<'M> // the message that waits for room
    let mutable holds = false
    let mutable waiting = Unchecked.defaultof<ValueTask>
    let mutable waits = 0 // whether a handler does
    let mutable closed = 0
    let mutable state = 0 // idle, running, asked
    let mutable errors = 0L

    /// Handles a message, which stays this object's: true, or false where there is no room at present.
    abstract Handle: message: 'M -> ValueTask<bool>

    /// Waits for room. False where there never will be any.
    abstract WaitForRoom: token: CancellationToken -> ValueTask<bool>

    /// Gives the message back.
    abstract Free: message: 'M -> unit

    /// Everything was handled.
    abstract OnEnded: unit -> unit
    default _.OnEnded() = ()

    member _.Completion = completion.Task

    /// Has the block's messages handled, and the run know of it.
    member drain.Start() =
        onHandled <- Action drain.OnHandled
        onRoom <- Action drain.OnRoom
        run.CountErrors(fun () -> Volatile.Read &errors)
        run.Await completion.Task
        source.LinkTo(drain, propagate) |> ignore

    /// Whether the run goes on after this fault.
    member private _.Survives(fault: exn) =
        if fault :? OperationCanceledException || options.OnError <> OnError.Fault then
            Interlocked.Increment &errors |> ignore
        else
            run.Fail fault

    member private drain.Delay(failures: int) =
        let ticks = min TimeSpan.TicksPerDay (options.RetryDelay.Ticks <<< min failures 20)
        Task.Delay(TimeSpan.FromTicks ticks, options.Clock, run.Token)

    /// From the first wait or fault on: until the message is handled or given up.
    member private drain.Persist(message: 'M, first: ValueTask<bool>) : Task =
        task {
            let mutable attempt = first
            let mutable failures = 0
            let mutable more = true

            while more do
                try
                    let! handled = attempt

                    if handled then
                        more <- false
                    else
                        let! any = drain.WaitForRoom run.Token

                        if any then
                            attempt <- drain.Try message
                        else
                            raise (drain.Closed())
                with fault ->
                    if run.IsStopped && fault :? OperationCanceledException then
                        more <- false
                    elif failures < options.Retries && not run.IsStopped then
                        failures <- failures + 1
                        attempt <- drain.After(message, failures - 1)
                    else
                        drain.Survives fault
                        more <- false
        }

    member private drain.After(message: 'M, failures: int) : ValueTask<bool> =
        ValueTask<bool>(
            task {
                do! drain.Delay failures
                return! drain.Try message
            }
        )

    /// A fault of the handler's is one of the task's, thrown or not.
    member private drain.Try(message: 'M) : ValueTask<bool> =
        try
            drain.Handle message
        with fault ->
            ValueTask<bool>(Task.FromException<bool> fault)

    /// Handles one message, or has the rest done when there is room, or when its handler is done.
    member private drain.Process(message: 'M) =
        let mutable attempt = drain.Try message
        let mutable more = true

        while more do
            if not attempt.IsCompletedSuccessfully then
                more <- false
                drain.PersistWith(message, attempt)
            elif attempt.Result then
                more <- false
                drain.Free message
            else
                room <- (drain.WaitForRoom run.Token).GetAwaiter()

                if room.IsCompleted then
                    attempt <- drain.AfterRoom message
                else
                    more <- false
                    held <- message
                    holds <- true
                    Volatile.Write(&waits, 1)
                    room.UnsafeOnCompleted onRoom

    /// The next attempt, after a wait for room; a failed one where there never will be any.
    member private drain.AfterRoom(message: 'M) : ValueTask<bool> =
        try
            if room.GetResult() then
                drain.Try message
            else
                ValueTask<bool>(Task.FromException<bool>(drain.Closed()))
        with fault ->
            ValueTask<bool>(Task.FromException<bool> fault)

    member private _.Closed() =
        SlabChannelClosedException $"The channel that '{options.Name}' writes to was closed before the flow had ended."

    member private drain.PersistWith(message: 'M, attempt: ValueTask<bool>) =
        let rest =
            task {
                try
                    do! drain.Persist(message, attempt)
                finally
                    drain.Free message
            }

        waiting <- ValueTask rest
        Volatile.Write(&waits, 1)
        waiting.GetAwaiter().UnsafeOnCompleted onHandled

    member private drain.OnRoom() =
        Volatile.Write(&waits, 0)
        drain.Request()

    /// Goes on with the message that waited for room.
    member private drain.GoOn() =
        let message = held
        holds <- false
        held <- Unchecked.defaultof<'M>
        let attempt = drain.AfterRoom message

        if attempt.IsCompletedSuccessfully && attempt.Result then
            drain.Free message
        elif attempt.IsCompletedSuccessfully then
            drain.Process message // somebody else took the room
        else
            drain.PersistWith(message, attempt)

    member private drain.OnHandled() =
        try
            waiting.GetAwaiter().GetResult()
        with fault ->
            run.Fail fault

        Volatile.Write(&waits, 0)
        drain.Request()

    member private drain.Request() =
        if Interlocked.Exchange(&state, 2) = 0 then
            ThreadPool.UnsafeQueueUserWorkItem(drain, false) |> ignore

    member private drain.Go() =
        let mutable message = Unchecked.defaultof<'M>

        if Volatile.Read &waits = 0 then
            // Read before the last look: what came before the end is seen by it.
            let last = Volatile.Read &closed = 1

            if holds then
                drain.GoOn()

            // One that waits for room goes first, even if there is some by now: its turn was asked for.
            while Volatile.Read &waits = 0 && not holds && source.TryReceive(null, &message) do
                drain.Process message

            if last && Volatile.Read &waits = 0 && not holds && not completion.Task.IsCompleted then
                try
                    drain.OnEnded()
                finally
                    completion.TrySetResult() |> ignore

    interface IThreadPoolWorkItem with
        member drain.Execute() =
            Interlocked.Exchange(&state, 1) |> ignore

            try
                drain.Go()
            with fault ->
                run.Fail fault

            if Interlocked.CompareExchange(&state, 0, 1) <> 1 then
                ThreadPool.UnsafeQueueUserWorkItem(drain, false) |> ignore

    interface ITargetBlock<'M> with
        member drain.OfferMessage(_, _, source, _) =
            if isNull source then
                DataflowMessageStatus.Declined
            else
                drain.Request()
                DataflowMessageStatus.Postponed

        member _.Completion = completion.Task

        member drain.Complete() =
            Volatile.Write(&closed, 1)
            drain.Request()

        member drain.Fault fault =
            run.Fail fault
            Volatile.Write(&closed, 1)
            drain.Request()
