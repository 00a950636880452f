namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Psyne.Flow

/// <summary>
/// Reads from one end of a channel. Where a channel has several consumers (competing, or each of a broadcast), each opens
/// an end with <see cref="M:Psyne.Flow.FSharp.Channel.openReader``1"/>; the functions of Channel read from the channel's first.
/// </summary>
/// <remarks>
/// On a channel with one consumer and on an end of a broadcast, one thread at a time; where consumers compete, any number.
/// Once the channel is closed and empty, every function that waits raises the fault that it was failed with, if it was.
/// </remarks>
[<RequireQualifiedAccess>]
module Reader =

    /// <summary>Takes the next message if there is one now. The lease is the caller's to dispose. Doesn't block.</summary>
    val tryTake: reader: SlabReader<'T> -> Lease<'T> voption when 'T: unmanaged

    /// <summary>Takes the next message, waiting for it. The lease is the caller's to dispose.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is closed and empty.</exception>
    val take: reader: SlabReader<'T> -> Lease<'T> when 'T: unmanaged

    /// <summary>Takes the next message, waiting up to a timeout. The lease is the caller's to dispose.</summary>
    val takeWithin: timeout: TimeSpan -> reader: SlabReader<'T> -> Result<Lease<'T>, NotRead> when 'T: unmanaged

    /// <summary>Copies the next message out if there is one now, and gives its slot back. Doesn't block.</summary>
    val tryRead: reader: SlabReader<'T> -> 'T voption when 'T: unmanaged

    /// <summary>Copies the next message out, waiting for it, and gives its slot back.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is closed and empty.</exception>
    val read: reader: SlabReader<'T> -> 'T when 'T: unmanaged

    /// <summary>Copies the next message out, waiting up to a timeout, and gives its slot back.</summary>
    val readWithin: timeout: TimeSpan -> reader: SlabReader<'T> -> Result<'T, NotRead> when 'T: unmanaged

    /// <summary>Waits for the next message, has it read where it lies, and gives its slot back, also when an exception flies.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is closed and empty.</exception>
    val useMessage: read: MessageReader<'T, 'Result> -> reader: SlabReader<'T> -> 'Result when 'T: unmanaged

    /// <summary>Does something with a copy of each message until the channel is closed and empty. Holds the thread meanwhile.</summary>
    val iter: action: ('T -> unit) -> reader: SlabReader<'T> -> unit when 'T: unmanaged

    /// <summary>As <c>iter</c>, by reference: nothing is copied.</summary>
    val iterWith: handle: MessageHandler<'T> -> reader: SlabReader<'T> -> unit when 'T: unmanaged

    /// <summary>Adds a copy of each message to a state until the channel is closed and empty. Holds the thread meanwhile.</summary>
    val fold: folder: ('State -> 'T -> 'State) -> state: 'State -> reader: SlabReader<'T> -> 'State when 'T: unmanaged

    /// <summary>As <c>fold</c>, by reference: nothing is copied.</summary>
    val foldWith:
        folder: MessageFolder<'State, 'T> -> state: 'State -> reader: SlabReader<'T> -> 'State when 'T: unmanaged

    /// <summary>
    /// Does something asynchronous with each message, one after another, until the channel is closed and empty. Waits
    /// without holding a thread. The lease is held until the action's task completes, and is disposed then.
    /// </summary>
    val iterTask:
        cancellationToken: CancellationToken ->
        action: (Lease<'T> -> Task<unit>) ->
        reader: SlabReader<'T> ->
            Task<unit>
            when 'T: unmanaged

    /// <summary>
    /// The messages one after another, for a loop that disposes each lease: waits for each, and ends when the channel is
    /// closed and empty. Holds the thread meanwhile; allocates nothing.
    /// </summary>
    /// <example><code>
    /// for lease in Reader.takeAll reader do
    ///     use lease = lease
    ///     printfn $"{lease.Value}"
    /// </code></example>
    val takeAll: reader: SlabReader<'T> -> LeaseSequence<Lease<'T>> when 'T: unmanaged

    /// <summary>The messages as an async stream, for taskSeq and the like. Each lease is the caller's to dispose.</summary>
    val readAll: reader: SlabReader<'T> -> IAsyncEnumerable<Lease<'T>> when 'T: unmanaged

    /// <summary>Has each message handled, by reference into the slab, on a thread of its own until the channel ends.</summary>
    /// <returns>The running listener; its Completion faults with what the handler raises. Disposing it stops it.</returns>
    val listen: handle: MessageHandler<'T> -> reader: SlabReader<'T> -> ChannelListener when 'T: unmanaged

    /// <summary>As <c>listen</c>, where the options say: on the thread pool, say, or on a pool of one's own.</summary>
    val listenOn:
        options: ListenerOptions -> handle: MessageHandler<'T> -> reader: SlabReader<'T> -> ChannelListener
            when 'T: unmanaged
