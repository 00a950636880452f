namespace Psyne.Flow.FSharp

open System
open System.Threading
open System.Threading.Tasks

[<Sealed>]
type RunningPipeline<'Result>(run: Run, result: unit -> 'Result) =
    let completion = TaskCompletionSource<'Result>(TaskCreationOptions.RunContinuationsAsynchronously)

    // On the pool: nobody's context may be needed by an end that it waits for.
    let ending =
        backgroundTask {
            match! run.WhenEnded() with
            | Completed ->
                try
                    completion.SetResult(result ())
                with fault ->
                    completion.SetException fault
            | Faulted faults -> completion.SetException faults
            | Canceled token -> completion.SetCanceled token
        }

    member _.Completion = completion.Task
    member _.Cancel() = run.Cancel(CancellationToken true)
    member _.Errors = run.Errors
    member _.Statistics = run.Statistics

    /// Tells the observer nothing any more, and cancels.
    member running.Unsubscribe() =
        run.Subscription.Dispose()
        running.Cancel()

    interface IDisposable with
        member running.Dispose() = running.Cancel()

    interface IAsyncDisposable with
        member running.DisposeAsync() =
            running.Cancel()
            ValueTask(completion.Task.ContinueWith((fun (ended: Task<'Result>) -> ended.Exception |> ignore), TaskContinuationOptions.ExecuteSynchronously))
