namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// How a run ended, or a part of it.
type internal Outcome =
    | Completed
    | Faulted of exn list
    | Canceled of CancellationToken

/// Sources that can be read once: who claims one keeps it.
module internal SingleUse =
    let private claimed = ConditionalWeakTable<obj, obj>()

    let tryClaim key = claimed.TryAdd(key, key)
    let release (key: obj) = claimed.Remove key |> ignore

/// One run of a pipeline: its blocks, its end, and what went wrong.
/// Thread-safe; the lock guards what is noted, and nothing is called under it.
[<Sealed; AllowNullLiteral>]
type internal Run() =
    let gate = Lock()
    let stop = new CancellationTokenSource()
    let sources = CancellationTokenSource.CreateLinkedTokenSource stop.Token
    let faults = List<exn>()
    let watched = List<Task>()
    let awaited = List<Task>()
    let sinks = List<Task>()
    let starts = List<unit -> unit>()
    let resources = List<IDisposable>()
    let errors = List<unit -> int64>()
    let blocks = List<SlabBlock>()
    let shared = Dictionary<obj, obj>(HashIdentity.Reference)
    let mutable canceled = ValueNone
    let mutable ended = false

    let record (fault: exn) =
        let found =
            match fault with
            | :? AggregateException as many -> List.ofSeq (many.Flatten().InnerExceptions)
            | one -> [ one ]

        lock gate (fun () ->
            for one in found do
                if not (faults.Exists(fun other -> obj.ReferenceEquals(other, one))) then
                    faults.Add one)

    let recordFrom (task: Task) =
        match task.Exception with
        | null -> false
        | fault ->
            record fault
            true

    /// The token that all blocks of the run have.
    member _.Token = stop.Token

    member _.IsStopped = stop.IsCancellationRequested

    /// A fault that ends everything: what is inside is dropped.
    member _.Fail(fault: exn) =
        record fault
        stop.Cancel()

    /// Cancelled when sources are read no more, though what they gave may still be handled.
    member _.SourceToken = sources.Token

    /// A source's fault: the other sources end, and what they all gave is still handled.
    member _.Note(fault: exn) =
        record fault
        sources.Cancel()

    /// Cancels, unless the run has ended.
    member _.Cancel(token: CancellationToken) =
        let first =
            lock gate (fun () ->
                if ended || canceled.IsSome then
                    false
                else
                    canceled <- ValueSome token
                    true)

        if first then
            stop.Cancel()

    /// Has a block's statistics shown, where it tells of them.
    member _.Show(block: IDataflowBlock) =
        match block with
        | :? SlabBlock as own -> lock gate (fun () -> blocks.Add own)
        | _ -> ()

    /// What the blocks tell, each with its stage's name.
    member _.Statistics =
        [ for block in lock gate (fun () -> blocks.ToArray()) -> struct (string block, block.Statistics) ]

    /// Has the run end with the block, and fail with it.
    member run.Watch(block: IDataflowBlock) =
        run.Show block
        watched.Add block.Completion

        block.Completion.ContinueWith(
            (fun (task: Task) ->
                if recordFrom task then
                    stop.Cancel()),
            TaskContinuationOptions.ExecuteSynchronously
        )
        |> ignore

    /// Has the run's end wait for something that tells of its faults itself.
    member _.Await(task: Task) = lock gate (fun () -> awaited.Add task)

    /// Has something started when everything is linked.
    member _.OnStart(start: unit -> unit) = starts.Add start

    /// Has something disposed at the end.
    member _.Own(resource: IDisposable) = lock gate (fun () -> resources.Add resource)

    member _.CountErrors(count: unit -> int64) = errors.Add count

    /// Messages that were given up.
    member _.Errors = Seq.sumBy (fun count -> count ()) errors

    /// What several flows of the run share, made once.
    member _.Shared(key: obj, make: unit -> 'a) : 'a =
        match shared.TryGetValue key with
        | true, made -> unbox<'a> made
        | _ ->
            let made = make ()
            shared.Add(key, made)
            made

    /// How things stand: what a sink tells its target.
    member _.Outcome =
        lock gate (fun () ->
            if faults.Count > 0 then Faulted(List.ofSeq faults)
            else
                match canceled with
                | ValueSome token -> Canceled token
                | ValueNone -> Completed)

    /// An observer's, where the run is for one.
    member val Subscription: IDisposable = { new IDisposable with member _.Dispose() = () } with get, set

    /// Has something called when a block has ended; the run's end waits for it.
    member run.Tell(completion: Task, tell: Outcome -> unit) =
        let telling =
            task {
                do! completion.ConfigureAwait ConfigureAwaitOptions.SuppressThrowing

                try
                    tell run.Outcome
                with fault ->
                    record fault
            }

        run.Await telling

    /// A sink: when all of them have ended the run has. What is given is told of the outcome first.
    member run.Sink(completion: Task, onEnded: Outcome -> unit) =
        let ending =
            task {
                do! completion.ConfigureAwait ConfigureAwaitOptions.SuppressThrowing
                recordFrom completion |> ignore

                try
                    onEnded run.Outcome
                with fault ->
                    record fault
            }

        sinks.Add ending

    /// Starts the sources, unless the run was cancelled before.
    member run.Start() =
        if not run.IsStopped then
            try
                for start in starts do
                    start ()
            with fault ->
                run.Fail fault

    /// What could not be started gives back what it has.
    member _.Abandon() =
        stop.Cancel()

        for resource in resources do
            resource.Dispose()

    member run.WhenEnded() : Task<Outcome> =
        task {
            do! (Task.WhenAll sinks).ConfigureAwait ConfigureAwaitOptions.SuppressThrowing
            // What has nothing to do any more: sources whose messages nobody takes.
            lock gate (fun () -> ended <- true)
            stop.Cancel()
            do! (Task.WhenAll watched).ConfigureAwait ConfigureAwaitOptions.SuppressThrowing
            let others = lock gate (fun () -> awaited.ToArray())
            do! (Task.WhenAll others).ConfigureAwait ConfigureAwaitOptions.SuppressThrowing

            for task in watched do
                recordFrom task |> ignore

            for resource in lock gate (fun () -> resources.ToArray()) do
                resource.Dispose()

            return run.Outcome
        }
