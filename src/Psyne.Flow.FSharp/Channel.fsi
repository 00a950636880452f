namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Psyne.Flow
open Psyne.Flow.Diagnostics

/// <summary>
/// Channels on slabs: made from options, written to and read from, data last. A message is a struct without references;
/// it is built in its slot and read where it lies.
/// </summary>
/// <remarks>
/// Writing uses the channel's first write end, which any number of threads may share where the mode has several producers.
/// Reading uses its first read end; other consumers open theirs with <c>openReader</c> and read with the functions of
/// <see cref="T:Psyne.Flow.FSharp.Reader"/>. A broadcast channel shows an end what is published after it was opened.
/// </remarks>
/// <example><code>
/// use readings = Channel.defaults |> Channel.withCapacity 4096 |> Channel.dropOldest |> Channel.spsc&lt;float&gt;
/// readings |> Channel.write 21.5
/// Channel.complete readings
/// let sum = readings |> Channel.fold (+) 0.0
/// </code></example>
[<RequireQualifiedAccess>]
module Channel =

    /// <summary>The options that a channel has unless others are given: 1024 slots, full channels wait, native memory.</summary>
    val defaults: SlabChannelOptions

    /// <summary>The same for tensors, which are large: 16 slots.</summary>
    val tensorDefaults: SlabChannelOptions

    /// <summary>Sets the number of messages that the channel holds. Where they lie in the ring it is rounded up to a power of two.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is outside 1 to 2^22.</exception>
    val withCapacity: capacity: int -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Bounds the bytes of all message slots as well; 0 for no such bound.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is negative.</exception>
    val withCapacityBytes: bytes: int64 -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Sets what a write does on a full channel.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is none of the modes.</exception>
    val withFullMode: mode: FullMode -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>A write on a full channel fails at once.</summary>
    val failWhenFull: options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>A write on a full channel succeeds, and its message is dropped.</summary>
    val dropNewest: options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>A write on a full channel drops the oldest message that nobody has taken.</summary>
    val dropOldest: options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>A write on a full channel waits while the consumers keep up, and drops its message while they don't.</summary>
    val adaptive: policy: AdaptivePolicy -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Sets how threads wait for messages and for room.</summary>
    val withIdle: strategy: IdleStrategy -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Sets the kind of memory.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is none of the backings.</exception>
    val withBacking: backing: SlabBacking -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Reserves (n+1) x 32 MiB of address space instead of just what the capacity needs; -1 for the exact size.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is below -1.</exception>
    val withSizeFactor: factor: int -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Asks for huge pages.</summary>
    val withHugePages: options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Sets what diagnostics call the channel.</summary>
    val withName: name: string -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Sets the most consumers of a broadcast channel.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is outside 1 to 1024.</exception>
    val withReaders: readers: int -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Gives each of so many producers a ring of its own, opened with <c>OpenWriter</c>; 0 for one ring that all share.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is outside 0 to 64.</exception>
    val withLanes: lanes: int -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Times one in so many messages from publish to take; 0 for none.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">It is negative.</exception>
    val withLatencySampling: oneIn: int -> options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>Remembers where each lease was taken, so that errors and leak reports say it; a stack trace a lease.</summary>
    val trackLeases: options: SlabChannelOptions -> SlabChannelOptions

    /// <summary>A channel of fixed-size messages in any mode.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The mode is none, or the slab would be larger than can be.</exception>
    val create<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> : mode: ChannelMode -> options: SlabChannelOptions -> SlabChannel<'T>

    /// <summary>One producer, one consumer.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The slab would be larger than can be.</exception>
    val spsc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> : options: SlabChannelOptions -> SlabChannel<'T>

    /// <summary>Many producers, one consumer.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The slab would be larger than can be.</exception>
    val mpsc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> : options: SlabChannelOptions -> SlabChannel<'T>

    /// <summary>One producer, competing consumers.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The slab would be larger than can be.</exception>
    val spmc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> : options: SlabChannelOptions -> SlabChannel<'T>

    /// <summary>Many producers, competing consumers.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The slab would be larger than can be.</exception>
    val mpmc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> : options: SlabChannelOptions -> SlabChannel<'T>

    /// <summary>Many producers; every consumer sees every message.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The slab would be larger than can be.</exception>
    val broadcast<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> : options: SlabChannelOptions -> SlabChannel<'T>

    /// <summary>A channel of frames: bytes or UTF-8 text, each with its length.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The maximum is outside 1 to 2^30 bytes, or the slab would be larger than can be.</exception>
    val frames: mode: ChannelMode -> maximumBytes: int -> options: SlabChannelOptions -> FrameChannel

    /// <summary>A channel of tensors of one shape, outermost dimension first, which is not stored with them.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A dimension is negative, their product overflows, or the slab would be larger than can be.</exception>
    /// <exception cref="T:System.NotSupportedException">The element type is none of the nine.</exception>
    val tensors<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> :
        mode: ChannelMode -> shape: int list -> options: SlabChannelOptions -> TensorChannel<'T>

    /// <summary>A channel of tensors that carry their own shapes, of up to so many elements.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The maximum is below 1, or the slab would be larger than can be.</exception>
    /// <exception cref="T:System.NotSupportedException">The element type is none of the nine.</exception>
    val tensorsUpTo<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> :
        mode: ChannelMode -> maximumElements: int -> options: SlabChannelOptions -> TensorChannel<'T>

    /// <summary>
    /// Opens a channel by name: joins the one that is there, or makes it. <c>memory://features?mode=mpsc&amp;capacity=4096</c>
    /// names a channel of this process; other schemes come with the package Psyne.Flow.Transports.
    /// </summary>
    /// <exception cref="T:Psyne.Flow.ChannelUriException">The URI is malformed, a part of it is unknown, or the channel is there and differs.</exception>
    val openUri<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> :
        uri: string -> SlabChannel<'T>

    /// <summary>Writes a copy of a value, waiting for room as the channel's full mode says. Allocates nothing.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="T:Psyne.Flow.ChannelFullException">The channel is full, and fails when full.</exception>
    val write: value: 'T -> channel: SlabChannel<'T> -> unit when 'T: unmanaged

    /// <summary>Writes a copy of a value if there is room now. Doesn't block.</summary>
    val tryWrite: value: 'T -> channel: SlabChannel<'T> -> Result<unit, NotWritten> when 'T: unmanaged

    /// <summary>Writes a copy of a value, waiting for room up to a timeout.</summary>
    val writeWithin: timeout: TimeSpan -> value: 'T -> channel: SlabChannel<'T> -> Result<unit, NotWritten> when 'T: unmanaged

    /// <summary>Builds a message in its slot and publishes it; when the builder raises, nothing is published.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="T:Psyne.Flow.ChannelFullException">The channel is full, and fails when full.</exception>
    /// <example><code>
    /// images |> Channel.writeWith (MessageBuilder(fun image -> image.Label &lt;- 7uy))
    /// </code></example>
    val writeWith: build: MessageBuilder<'T> -> channel: SlabChannel<'T> -> unit when 'T: unmanaged

    /// <summary>As <c>writeWith</c>, if there is room now. Doesn't block; without room the builder isn't called.</summary>
    val tryWriteWith: build: MessageBuilder<'T> -> channel: SlabChannel<'T> -> Result<unit, NotWritten> when 'T: unmanaged

    /// <summary>Writes a copy of a tensor of the channel's shape, its elements row by row; waits for room as the channel's full mode says.</summary>
    /// <exception cref="T:System.ArgumentException">There are more or fewer elements than the shape has.</exception>
    /// <exception cref="T:System.InvalidOperationException">The channel's tensors carry their own shapes.</exception>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="T:Psyne.Flow.ChannelFullException">The channel is full, and fails when it is.</exception>
    val writeTensor: elements: 'T[] -> channel: TensorChannel<'T> -> unit when 'T: unmanaged

    /// <summary>As <c>writeTensor</c>, of a shape of its own, outermost dimension first. Allocates the shape's array.</summary>
    /// <exception cref="T:System.ArgumentException">The elements are more or fewer than the shape has, or the shape doesn't fit the channel.</exception>
    val writeTensorOf: shape: int list -> elements: 'T[] -> channel: TensorChannel<'T> -> unit when 'T: unmanaged

    /// <summary>Opens another read end: where consumers compete, one of them; of a broadcast, a consumer of its own.</summary>
    /// <exception cref="T:Psyne.Flow.ChannelRoleException">The mode has one consumer, and it is open.</exception>
    val openReader: channel: SlabChannel<'T> -> SlabReader<'T> when 'T: unmanaged

    /// <summary>Takes the next message if there is one now. The lease is the caller's to dispose. Doesn't block.</summary>
    val tryTake: channel: SlabChannel<'T> -> Lease<'T> voption when 'T: unmanaged

    /// <summary>Takes the next message, waiting for it. The lease is the caller's to dispose.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is closed and empty.</exception>
    val take: channel: SlabChannel<'T> -> Lease<'T> when 'T: unmanaged

    /// <summary>Takes the next message, waiting up to a timeout. The lease is the caller's to dispose.</summary>
    val takeWithin: timeout: TimeSpan -> channel: SlabChannel<'T> -> Result<Lease<'T>, NotRead> when 'T: unmanaged

    /// <summary>Copies the next message out if there is one now, and gives its slot back. Doesn't block.</summary>
    val tryRead: channel: SlabChannel<'T> -> 'T voption when 'T: unmanaged

    /// <summary>Copies the next message out, waiting for it, and gives its slot back.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is closed and empty.</exception>
    val read: channel: SlabChannel<'T> -> 'T when 'T: unmanaged

    /// <summary>Copies the next message out, waiting up to a timeout, and gives its slot back.</summary>
    val readWithin: timeout: TimeSpan -> channel: SlabChannel<'T> -> Result<'T, NotRead> when 'T: unmanaged

    /// <summary>Waits for the next message, has it read where it lies, and gives its slot back, also when an exception flies.</summary>
    /// <exception cref="T:Psyne.Flow.SlabChannelClosedException">The channel is closed and empty.</exception>
    /// <example><code>
    /// let label = images |> Channel.useMessage (MessageReader(fun image -> image.Label))
    /// </code></example>
    val useMessage: read: MessageReader<'T, 'Result> -> channel: SlabChannel<'T> -> 'Result when 'T: unmanaged

    /// <summary>Does something with a copy of each message until the channel is closed and empty. Holds the thread meanwhile.</summary>
    val iter: action: ('T -> unit) -> channel: SlabChannel<'T> -> unit when 'T: unmanaged

    /// <summary>As <c>iter</c>, by reference: nothing is copied.</summary>
    val iterWith: handle: MessageHandler<'T> -> channel: SlabChannel<'T> -> unit when 'T: unmanaged

    /// <summary>Adds a copy of each message to a state until the channel is closed and empty. Holds the thread meanwhile.</summary>
    val fold: folder: ('State -> 'T -> 'State) -> state: 'State -> channel: SlabChannel<'T> -> 'State when 'T: unmanaged

    /// <summary>As <c>fold</c>, by reference: nothing is copied.</summary>
    val foldWith:
        folder: MessageFolder<'State, 'T> -> state: 'State -> channel: SlabChannel<'T> -> 'State when 'T: unmanaged

    /// <summary>
    /// Does something asynchronous with each message, one after another, until the channel is closed and empty. Waits
    /// without holding a thread. The lease is held until the action's task completes, and is disposed then.
    /// </summary>
    val iterTask:
        cancellationToken: CancellationToken ->
        action: (Lease<'T> -> Task<unit>) ->
        channel: SlabChannel<'T> ->
            Task<unit>
            when 'T: unmanaged

    /// <summary>
    /// The messages one after another, for a loop that disposes each lease: waits for each, and ends when the channel is
    /// closed and empty. Holds the thread meanwhile; allocates nothing.
    /// </summary>
    val takeAll: channel: SlabChannel<'T> -> LeaseSequence<Lease<'T>> when 'T: unmanaged

    /// <summary>The messages as an async stream, for taskSeq and the like. Each lease is the caller's to dispose.</summary>
    val readAll: channel: SlabChannel<'T> -> IAsyncEnumerable<Lease<'T>> when 'T: unmanaged

    /// <summary>Has each message handled, by reference into the slab, on a thread of its own until the channel ends.</summary>
    /// <returns>The running listener; its Completion faults with what the handler raises. Disposing it stops it.</returns>
    val listen: handle: MessageHandler<'T> -> channel: SlabChannel<'T> -> ChannelListener when 'T: unmanaged

    /// <summary>As <c>listen</c>, where the options say: on the thread pool, say, or on a pool of one's own.</summary>
    val listenOn:
        options: ListenerOptions -> handle: MessageHandler<'T> -> channel: SlabChannel<'T> -> ChannelListener
            when 'T: unmanaged

    /// <summary>Closes the channel for writers; what was written can still be read. Does nothing when it is closed already.</summary>
    val complete: channel: SlabChannel -> unit

    /// <summary>As <c>complete</c>, and raises a fault in the consumers once they have read the rest.</summary>
    val fail: fault: exn -> channel: SlabChannel -> unit

    /// <summary>What happened in the channel so far: counts, waits, drops, leases, latency. Allocates a record.</summary>
    val statistics: channel: SlabChannel -> ChannelStatistics
