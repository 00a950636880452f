namespace Psyne.Flow.FSharp

open System
open System.Threading
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// Which options mean something to a stage.
[<Flags>]
type internal Allows =
    | Nothing = 0
    | Capacity = 1
    | Bytes = 2
    | Parallelism = 4
    | Errors = 8
    | DeadLetters = 16
    | Clock = 32
    | Queue = 3 // Capacity and Bytes
    | Function = 27 // a function that may be called for one message after another
    | Functions = 31 // or for several at a time

/// What becomes of a message whose function threw for good.
[<RequireQualifiedAccess>]
type internal OnError =
    | Fault
    | Skip
    | DeadLetter

/// The options of one stage.
type internal StageOptions =
    { Name: string
      Capacity: int voption
      Bytes: int64
      SizeFactor: int
      Parallelism: int
      Ordered: bool
      OnError: OnError
      Retries: int
      RetryDelay: TimeSpan
      DeadLetters: objnull
      Clock: TimeProvider
      Tokens: CancellationToken list }

    static member Default =
        { Name = ""
          Capacity = ValueNone
          Bytes = int64 DataflowBlockOptions.Unbounded
          SizeFactor = 0
          Parallelism = 1
          Ordered = true
          OnError = OnError.Fault
          Retries = 0
          RetryDelay = TimeSpan.Zero
          DeadLetters = null
          Clock = TimeProvider.System
          Tokens = [] }

    /// The bound of a stage that was given none.
    static member DefaultCapacity = 1024

    member options.Bound = options.Capacity |> ValueOption.defaultValue StageOptions.DefaultCapacity

    /// The bound of a stage that puts so many messages together: room for two lots, where none was given.
    member options.BoundFor(together: int) =
        match options.Capacity with
        | ValueSome bound -> bound
        | ValueNone -> max StageOptions.DefaultCapacity (2 * together)

    /// Whether a queue was asked for.
    member options.HasQueue = options.Capacity.IsSome || options.Bytes > 0L || options.SizeFactor > 0

    member private options.Policy =
        let policy =
            match options.OnError with
            | OnError.Fault -> BlockErrorPolicy.Fault
            | OnError.Skip -> BlockErrorPolicy.Skip
            | OnError.DeadLetter -> BlockErrorPolicy.DeadLetter

        if options.Retries = 0 then policy else policy.After(options.Retries, options.RetryDelay)

    /// The name as a format, in which braces stand for themselves.
    member options.NameFormat(kind: string) =
        let name = if options.Name = "" then kind else options.Name
        name.Replace("{", "{{").Replace("}", "}}")

    /// The options of a block of this stage.
    member options.ForBlock(kind, token: CancellationToken) =
        SlabBlockOptions(
            BoundedCapacity = options.Bound,
            BoundedBytes = options.Bytes,
            SizeFactor = options.SizeFactor,
            MaxDegreeOfParallelism = options.Parallelism,
            EnsureOrdered = options.Ordered,
            OnError = options.Policy,
            CancellationToken = token,
            NameFormat = options.NameFormat kind
        )

    /// The capacity of a channel of the stage's own: the bound, unless so many large messages were too much memory.
    member options.ChannelOptions(messageBytes: int, kind) =
        let memory = (int64 options.SizeFactor + 1L) <<< 25
        let most = max 16L (memory / int64 (max 1 messageBytes))
        let bytes = if options.Bytes > 0L then max 1L (options.Bytes / int64 (max 1 messageBytes)) else Int64.MaxValue
        let name = if options.Name = "" then kind else options.Name
        SlabChannelOptions(Capacity = int (min (int64 options.Bound) (min most bytes)), Name = name)
