namespace Psyne.Flow.FSharp

open System.Threading.Tasks
open Psyne.Flow

/// <summary>
/// What can be done with the batches that <c>Flow.batch</c> and <c>Flow.window</c> make, beside <c>Flow.toChannel</c>. A batch is
/// given back when the function that it was given to is done; what a function keeps it retains (<c>batch.Retain 0</c>).
/// </summary>
/// <remarks>Functions are called one batch after another, on the thread pool. Allocates nothing per batch while there is room behind it.</remarks>
/// <example><code>
/// let means = readings |> Flow.batch 32 |> Batches.map mean
/// </code></example>
[<RequireQualifiedAccess>]
module Batches =

    /// <summary>Makes a message of each batch.</summary>
    val map: mapping: (OwnedLeaseBatch<'T> -> 'U) -> batches: BatchFlow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>As <c>map</c>: writes into the next slot.</summary>
    val mapWith: mapping: BatchMapping<'T, 'U> -> batches: BatchFlow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>The messages of the batches one by one again, as copies.</summary>
    val concat: batches: BatchFlow<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>Ends with a function for each batch.</summary>
    val iter: action: (OwnedLeaseBatch<'T> -> unit) -> batches: BatchFlow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>Ends with an asynchronous function for each batch, which is held until its task completes.</summary>
    val iterTask: action: (OwnedLeaseBatch<'T> -> Task<unit>) -> batches: BatchFlow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>Ends in a state, to which each batch is added. The state may be of any type.</summary>
    val fold: folder: ('State -> OwnedLeaseBatch<'T> -> 'State) -> state: 'State -> batches: BatchFlow<'T> -> Pipeline<'State> when 'T: unmanaged

    /// <summary>Copies of a batch's messages, oldest first. Allocates the array.</summary>
    /// <exception cref="T:Psyne.Flow.LeaseException">The batch was given back.</exception>
    val toArray: batch: OwnedLeaseBatch<'T> -> 'T[] when 'T: unmanaged
