namespace Psyne.Flow.FSharp

open System
open System.Threading.Tasks
open Psyne.Flow.Diagnostics

/// <summary>A pipeline that runs: its end, and the means to stop it.</summary>
/// <remarks>
/// Thread-safe. <c>Dispose</c> cancels and doesn't wait; <c>DisposeAsync</c> cancels and waits until every block has ended
/// and every slot is given back, and raises nothing.
/// </remarks>
/// <example><code>
/// use running = pipeline |> Flow.run
/// let! sum = running.Completion
/// </code></example>
[<Sealed>]
type RunningPipeline<'Result> =
    interface IDisposable
    interface IAsyncDisposable

    internal new: run: Run * result: (unit -> 'Result) -> RunningPipeline<'Result>

    /// <summary>
    /// What the pipeline makes, when every block has ended and every slot was given back. Faults with what a function, a
    /// source or a target raised; is cancelled when the pipeline was.
    /// </summary>
    member Completion: Task<'Result>

    /// <summary>Stops the pipeline, unless it has ended: blocks drop what they hold, and sources are read no more. Doesn't block.</summary>
    member Cancel: unit -> unit

    member internal Unsubscribe: unit -> unit

    /// <summary>Messages that were given up because a function raised, and that didn't end the pipeline.</summary>
    member Errors: int64

    /// <summary>
    /// What the blocks of the stages tell, each with its stage's name: messages that came and left, that wait, how often those
    /// before it waited for room, bytes allocated. A stage that is made of several blocks comes as often; one that reads
    /// batches or pairs by itself doesn't. Allocates; doesn't block.
    /// </summary>
    member Statistics: struct (string * BlockStatistics) list
