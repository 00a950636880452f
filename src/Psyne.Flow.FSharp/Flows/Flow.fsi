namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// <summary>
/// Pipelines as values: sources, stages and ends, composed data last, run by the dataflow blocks of Core. Nothing is read,
/// made or called until <c>run</c>, <c>toSeq</c>, <c>toTaskSeq</c> or <c>observe</c>; before that a pipeline can be drawn.
/// </summary>
/// <remarks>
/// <para>Functions are called on the thread pool; those of one stage one at a time and in order, unless the stage has a
/// parallelism. Where a stage needs a reference to the message instead of a copy there is a form that ends in With and takes
/// a delegate. A message passes between stages by value up to 48 bytes, else it stays in its slot; a stage that makes
/// messages makes them in slots of its own. Stages allocate nothing per message; the functions may.</para>
/// <para>A stage holds up to 1024 messages, and less where they are large (32 MiB), unless it is given another bound; when
/// it is full those before it wait. An option is one of the stage that the flow ends with, as it was composed so far.
/// An option that means nothing to that stage raises <see cref="T:Psyne.Flow.FSharp.FlowException"/>.</para>
/// <para>A function that raises ends the run, unless the stage says otherwise; what is inside the blocks is dropped then. The
/// fault of a source ends the other sources, and comes after what they gave, which is still handled.</para>
/// </remarks>
/// <example><code>
/// let features = images |> Flow.map decode |> Flow.mapInPlace normalise |> Flow.batch 32 |> Flow.toChannel target
/// use running = Flow.run features
/// do! running.Completion
/// </code></example>
[<RequireQualifiedAccess>]
module Flow =

    /// <summary>The messages of a channel's first read end, which is opened when the flow is run. Can be run once.</summary>
    val ofChannel: channel: SlabChannel<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>The messages of a read end, which is the run's from its start on: some hundred messages are taken ahead, and dropped when the run is cancelled. Can be run once.</summary>
    val ofReader: reader: SlabReader<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>A copy of each value of a sequence, which is enumerated anew in each run, on a thread of the pool. What it raises is the run's fault, after the values before it.</summary>
    val ofSeq: values: seq<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>As <c>ofSeq</c>, for an async stream: it is given a token that is cancelled when the run ends early.</summary>
    val ofAsyncSeq: values: IAsyncEnumerable<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>The messages of a dataflow block, to which the run is linked while it lasts. The block isn't ended by the run. Can be run once.</summary>
    val ofBlock: block: ISourceBlock<Lease<'T>> -> Flow<'T> when 'T: unmanaged

    /// <summary>Makes a message of each message. May be parallel.</summary>
    val map: mapping: ('T -> 'U) -> flow: Flow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>As <c>map</c>, by reference: reads the message where it lies, and writes into the next slot.</summary>
    val mapWith: mapping: SlabTransform<'T, 'U> -> flow: Flow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>Changes each message where it lies; nothing is copied, unless the stage is parallel or others hold the message.</summary>
    val mapInPlace: mutation: SlabMutation<'T> -> flow: Flow<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>Makes a message of each message without holding a thread: as many at a time as the stage's parallelism says. The results are in order, unless the stage is <c>unordered</c>.</summary>
    val mapAsync: mapping: ('T -> Task<'U>) -> flow: Flow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>As <c>mapAsync</c>, with the message's lease and the slot of the new one; allocates nothing by itself. The lease is disposed when the task completes.</summary>
    val mapAsyncWith:
        mapping: Func<Lease<'T>, OutputSlot<'U>, ValueTask> -> flow: Flow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>Passes on copies of the messages that match; the others are given back. May be parallel.</summary>
    val filter: predicate: ('T -> bool) -> flow: Flow<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>Passes on what a function makes of the messages for which it makes something. May be parallel.</summary>
    val choose: chooser: ('T -> 'U voption) -> flow: Flow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>Makes any number of messages of each message. When a retry follows a fault the sequence is made again, and what was passed on is skipped.</summary>
    val collect: collector: ('T -> seq<'U>) -> flow: Flow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>As <c>collect</c>, without a sequence: called with 0, 1, 2 and so on until it returns false. May be parallel.</summary>
    val collectWith: expansion: SlabExpansion<'T, 'U> -> flow: Flow<'T> -> Flow<'U> when 'T: unmanaged and 'U: unmanaged

    /// <summary>The states after each message. Unlike <c>Seq.scan</c> it doesn't give the first state. Each run starts with it.</summary>
    val scan: folder: ('State -> 'T -> 'State) -> state: 'State -> flow: Flow<'T> -> Flow<'State> when 'State: unmanaged and 'T: unmanaged

    /// <summary>As <c>scan</c>, by reference: the message isn't copied.</summary>
    val scanWith: folder: MessageFolder<'State, 'T> -> state: 'State -> flow: Flow<'T> -> Flow<'State> when 'State: unmanaged and 'T: unmanaged

    /// <summary>Does something with a copy of each message that passes.</summary>
    val tap: action: ('T -> unit) -> flow: Flow<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>As <c>tap</c>, by reference: the message isn't copied.</summary>
    val tapWith: action: MessageHandler<'T> -> flow: Flow<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>Shows each message that passes to an observer, and the end: an OperationCanceledException when the run was cancelled. What OnNext raises is as what a stage's function raises.</summary>
    val tapObserver: observer: IObserver<'T> -> flow: Flow<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>
    /// Limits the rate: in any time of the given length so many messages pass at the most. The others wait, and once the stage
    /// is full those before it do: nothing is dropped. Holds no thread. The clock is the system's, or <c>withTimeProvider</c>'s.
    /// </summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The rate is outside 1 to 2^20, or the time not above 0 and at most 24 days.</exception>
    val throttle: messages: int -> per: TimeSpan -> flow: Flow<'T> -> Flow<'T> when 'T: unmanaged

    /// <summary>Puts messages together by count; the last batch may be smaller. Small messages are copied side by side, large ones stay in their slots.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The count is outside 1 to 32768.</exception>
    val batch: count: int -> flow: Flow<'T> -> BatchFlow<'T> when 'T: unmanaged

    /// <summary>As <c>batch</c>; a batch goes also when one more message would be above so many bytes. It has one message at least.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The count is outside 1 to 32768, or the bytes below 1.</exception>
    val batchBytes: bytes: int64 -> count: int -> flow: Flow<'T> -> BatchFlow<'T> when 'T: unmanaged

    /// <summary>As <c>batch</c>; a batch goes also when its first message has waited so long, by the system's clock or <c>withTimeProvider</c>'s.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The count is outside 1 to 32768, or the delay not above 0 and at most 24 days.</exception>
    val batchWithin: delay: TimeSpan -> count: int -> flow: Flow<'T> -> BatchFlow<'T> when 'T: unmanaged

    /// <summary>
    /// Windows of so many messages, each beginning so many after the last: a step below the size gives windows that share
    /// messages, a larger one leaves some out. Only full windows come. Each message is copied once, and once for each window
    /// that it is in.
    /// </summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The size is outside 1 to 32768, or the step below 1.</exception>
    val window: size: int -> step: int -> flow: Flow<'T> -> BatchFlow<'T> when 'T: unmanaged

    /// <summary>Brings flows together; each one's order is kept. Ends when all have ended.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">There is no flow.</exception>
    val merge: flows: Flow<'T> list -> Flow<'T> when 'T: unmanaged

    /// <summary>Pairs of copies: the first message of each, the second of each. Ends with the shorter flow; what the other has more is dropped.</summary>
    val zip: first: Flow<'A> -> second: Flow<'B> -> Flow<struct ('A * 'B)> when 'A: unmanaged and 'B: unmanaged

    /// <summary>As <c>zip</c>, with a delegate that makes a message of two where they lie.</summary>
    val zipWith: zip: MessageZip<'A, 'B, 'T> -> first: Flow<'A> -> second: Flow<'B> -> Flow<'T> when 'A: unmanaged and 'B: unmanaged and 'T: unmanaged

    /// <summary>
    /// So many branches, each of which gets every message; the slowest decides how fast. Every branch has to be used once in
    /// the pipeline that is run. Small messages are copied for each branch, large ones shared. A bound given to a branch puts
    /// a queue there.
    /// </summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The count is outside 1 to 1024.</exception>
    val broadcast: count: int -> flow: Flow<'T> -> Flow<'T> list when 'T: unmanaged

    /// <summary>Two branches: the messages that match, and the others. Both have to be used once in the pipeline that is run. The function is called once for each message.</summary>
    val split: predicate: ('T -> bool) -> flow: Flow<'T> -> Flow<'T> * Flow<'T> when 'T: unmanaged

    /// <summary>Names the last stage, for drawings, diagnostics and errors.</summary>
    val withName: name: string -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>Bounds the messages that the last stage holds.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The bound is below 1, or below the messages that the stage puts together.</exception>
    val withCapacity: messages: int -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>Bounds the bytes of messages that the last stage holds as well; one message is always let in.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The bound is below 1.</exception>
    val withBytes: bytes: int64 -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>Lets the last stage reserve (n+1) x 32 MiB of address space for each of its queues: more large messages at a time.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The factor is outside 0 to 1023.</exception>
    val withSizeFactor: factor: int -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>Lets the last stage's function be called for so many messages at a time. Order is kept, unless the stage is <c>unordered</c>.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The degree is below 1.</exception>
    val withParallelism: degree: int -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>Lets the last stage pass results on as they come.</summary>
    val unordered: part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>Sets the clock of the last stage: of <c>throttle</c> or <c>batchWithin</c>.</summary>
    val withTimeProvider: clock: TimeProvider -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>Has every run that this is a part of cancelled with a token. Where it is cancelled at the start, no source is touched.</summary>
    val withCancellation: token: CancellationToken -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>What the last stage's function raises ends the run: the default.</summary>
    val faultOnError: part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>A message for which the last stage's function raises is dropped, and counted in the run's <c>Errors</c>.</summary>
    val skipOnError: part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>The last stage's function is called again before the message is given up, after a delay that doubles each time. Other messages of the stage wait meanwhile.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">The retries are below 1, or the delay negative or above a day.</exception>
    val retryOnError: retries: int -> delay: TimeSpan -> part: 'Part -> 'Part when 'Part :> FlowPart

    /// <summary>A message for which the last stage's function raises goes to a target with its exception, and is counted in the run's <c>Errors</c>. The target isn't ended by the run; whoever gets a letter disposes it.</summary>
    /// <exception cref="T:System.ArgumentException">The last stage takes messages of another type than the letters'.</exception>
    val deadLetterOnError: letters: ITargetBlock<DeadLetter<'In>> -> part: 'Part -> 'Part when 'Part :> FlowPart and 'In: unmanaged

    /// <summary>Ends with a function for a copy of each message. May be parallel.</summary>
    val iter: action: ('T -> unit) -> flow: Flow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>As <c>iter</c>, by reference: nothing is copied.</summary>
    val iterWith: action: MessageHandler<'T> -> flow: Flow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>Ends with an asynchronous function; the lease is held until its task completes, and is disposed then. May be parallel.</summary>
    val iterTask: action: (Lease<'T> -> Task<unit>) -> flow: Flow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>Ends in a state, to which a copy of each message is added. The state may be of any type.</summary>
    val fold: folder: ('State -> 'T -> 'State) -> state: 'State -> flow: Flow<'T> -> Pipeline<'State> when 'T: unmanaged

    /// <summary>As <c>fold</c>, by reference: nothing is copied.</summary>
    val foldWith: folder: MessageFolder<'State, 'T> -> state: 'State -> flow: Flow<'T> -> Pipeline<'State> when 'T: unmanaged

    /// <summary>
    /// Ends in a channel, which is completed as the run ends: with its fault, or with an OperationCanceledException where it was
    /// cancelled. While the channel is full the flow waits, without holding a thread, unless the channel drops when it is full.
    /// The messages of a batch are published as many at a time as there is room for.
    /// </summary>
    val toChannel: target: SlabChannel<'T> -> flow: MessageFlow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>As <c>toChannel</c>, into a write end; the channel stays open.</summary>
    val toWriter: target: SlabWriter<'T> -> flow: MessageFlow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>Ends in a dataflow block, which is completed or faulted as the run ends. The run ends when the block has taken the last message.</summary>
    val toBlock: target: ITargetBlock<Lease<'T>> -> flow: Flow<'T> -> Pipeline<unit> when 'T: unmanaged

    /// <summary>
    /// The messages as a sequence. Each enumeration is a run, which begins with the first MoveNext; it holds the thread while
    /// it waits. Faults are raised after the messages before them. Disposing the enumerator cancels the run, and waits until
    /// every slot is given back.
    /// </summary>
    val toSeq: flow: Flow<'T> -> seq<'T> when 'T: unmanaged

    /// <summary>As <c>toSeq</c>, as an async stream: holds no thread while it waits, and allocates nothing per message. The enumerator's token cancels the run.</summary>
    val toTaskSeq: flow: Flow<'T> -> IAsyncEnumerable<'T> when 'T: unmanaged

    /// <summary>The messages for observers, as copies. Each subscription is a run, on the pool; disposing it cancels the run, and no OnNext begins after that.</summary>
    val observe: flow: Flow<'T> -> IObservable<'T> when 'T: unmanaged

    /// <summary>Several pipelines as one, which ends when all have, with their results in order. The way to run branches together. Options given to it are given to each.</summary>
    /// <exception cref="T:System.ArgumentOutOfRangeException">There is no pipeline.</exception>
    val all: pipelines: Pipeline<'R> list -> Pipeline<'R list>

    /// <summary>Two pipelines as one, whose results may be of different types.</summary>
    val both: first: Pipeline<'A> -> second: Pipeline<'B> -> Pipeline<'A * 'B>

    /// <summary>Makes the blocks, links them, and starts the sources. Doesn't block.</summary>
    /// <returns>The running pipeline, to be disposed.</returns>
    /// <exception cref="T:Psyne.Flow.FSharp.FlowException">A branch isn't used, or is used more than once; or a source that can be run once was run before.</exception>
    val run: pipeline: Pipeline<'R> -> RunningPipeline<'R>

    /// <summary>Runs a flow with a function for a copy of each message.</summary>
    /// <exception cref="T:Psyne.Flow.FSharp.FlowException">As <c>run</c>.</exception>
    val runWith: action: ('T -> unit) -> flow: Flow<'T> -> RunningPipeline<unit> when 'T: unmanaged

    /// <summary>Waits on this thread for the end of a run. Raises its fault.</summary>
    val wait: running: RunningPipeline<'R> -> 'R

    /// <summary>The pipeline, or what there is of it, as a Mermaid flowchart. Runs nothing.</summary>
    val toMermaid: part: FlowPart -> string

    /// <summary>The pipeline, or what there is of it, as a graph for Graphviz. Runs nothing.</summary>
    val toDot: part: FlowPart -> string
