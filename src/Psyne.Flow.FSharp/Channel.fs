namespace Psyne.Flow.FSharp

open System
open System.Threading
open Psyne.Flow
open Psyne.Flow.Diagnostics

/// Options with some values changed: F# has no copy-and-update for the records of C#.
[<AbstractClass; Sealed>]
type private Options =
    static member Change
        (
            options: SlabChannelOptions,
            ?capacity,
            ?capacityBytes,
            ?fullMode,
            ?adaptive,
            ?idle,
            ?backing,
            ?sizeFactor,
            ?hugePages,
            ?name: string,
            ?readers,
            ?lanes,
            ?latencySampling,
            ?trackLeases
        ) =
        SlabChannelOptions(
            Capacity = defaultArg capacity options.Capacity,
            CapacityBytes = defaultArg capacityBytes options.CapacityBytes,
            FullMode = defaultArg fullMode options.FullMode,
            Adaptive = defaultArg adaptive options.Adaptive,
            Idle = defaultArg idle options.Idle,
            Backing = defaultArg backing options.Backing,
            SizeFactor = defaultArg sizeFactor options.SizeFactor,
            HugePages = defaultArg hugePages options.HugePages,
            Name = (match name with Some name -> name | None -> options.Name),
            Readers = defaultArg readers options.Readers,
            Lanes = defaultArg lanes options.Lanes,
            LatencySampling = defaultArg latencySampling options.LatencySampling,
            TrackLeases = defaultArg trackLeases options.TrackLeases
        )

[<RequireQualifiedAccess>]
module Channel =

    let defaults = SlabChannelOptions()
    let tensorDefaults = SlabChannelOptions(Capacity = 16)

    let withCapacity capacity options = Options.Change(options, capacity = capacity)
    let withCapacityBytes bytes options = Options.Change(options, capacityBytes = bytes)
    let withFullMode mode options = Options.Change(options, fullMode = mode)
    let failWhenFull options = options |> withFullMode FullMode.Fail
    let dropNewest options = options |> withFullMode FullMode.DropNewest
    let dropOldest options = options |> withFullMode FullMode.DropOldest
    let adaptive policy options = Options.Change(options, fullMode = FullMode.Adaptive, adaptive = policy)
    let withIdle strategy options = Options.Change(options, idle = strategy)
    let withBacking backing options = Options.Change(options, backing = backing)
    let withSizeFactor factor options = Options.Change(options, sizeFactor = factor)
    let withHugePages options = Options.Change(options, hugePages = true)
    let withName name options = Options.Change(options, name = name)
    let withReaders readers options = Options.Change(options, readers = readers)
    let withLanes lanes options = Options.Change(options, lanes = lanes)
    let withLatencySampling oneIn options = Options.Change(options, latencySampling = oneIn)
    let trackLeases options = Options.Change(options, trackLeases = true)

    let create<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> mode (options: SlabChannelOptions) = SlabChannel.Create<'T>(mode, options)
    let spsc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (options: SlabChannelOptions) = SlabChannel.CreateSpsc<'T> options
    let mpsc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (options: SlabChannelOptions) = SlabChannel.CreateMpsc<'T> options
    let spmc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (options: SlabChannelOptions) = SlabChannel.CreateSpmc<'T> options
    let mpmc<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (options: SlabChannelOptions) = SlabChannel.CreateMpmc<'T> options
    let broadcast<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (options: SlabChannelOptions) = SlabChannel.CreateBroadcast<'T> options

    let frames mode maximumBytes options = SlabChannel.CreateFrames(mode, maximumBytes, options)

    let tensors<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> mode (shape: int list) options =
        let lengths = shape |> List.map nativeint |> Array.ofList
        SlabChannel.Create<'T>(mode, ReadOnlySpan lengths, options)

    let tensorsUpTo<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> mode (maximumElements: int) options =
        SlabChannel.CreateTensors<'T>(mode, nativeint maximumElements, options)

    let openUri<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (uri: string) =
        SlabChannel.Open<'T> uri

    let write (value: 'T) (channel: SlabChannel<'T>) = channel.Writer.Publish &value

    let writeWith (build: MessageBuilder<'T>) (channel: SlabChannel<'T>) =
        let claim = channel.Writer.Claim()

        try
            build.Invoke &claim.Value
            claim.Publish()
        finally
            claim.Dispose()

    let private refusal status =
        match status with
        | ClaimStatus.Full -> Error NotWritten.Full
        | _ -> Error NotWritten.Closed

    let tryWriteWith (build: MessageBuilder<'T>) (channel: SlabChannel<'T>) =
        let mutable claim = new Claim<'T>()

        match channel.Writer.TryClaim(TimeSpan.Zero, &claim) with
        | ClaimStatus.Claimed ->
            try
                build.Invoke &claim.Value
                claim.Publish()
                Ok()
            finally
                claim.Dispose()
        | status -> refusal status

    let writeWithin (timeout: TimeSpan) (value: 'T) (channel: SlabChannel<'T>) =
        let mutable claim = new Claim<'T>()

        match channel.Writer.TryClaim(timeout, &claim) with
        | ClaimStatus.Claimed ->
            claim.Value <- value
            claim.Publish()
            Ok()
        | status -> refusal status

    let tryWrite (value: 'T) (channel: SlabChannel<'T>) =
        if channel.Writer.TryPublish &value then Ok()
        elif channel.Writer.IsClosed then Error NotWritten.Closed
        else Error NotWritten.Full

    let writeTensor (elements: 'T[]) (channel: TensorChannel<'T>) = channel.Writer.Publish(ReadOnlySpan elements)

    let writeTensorOf (shape: int list) (elements: 'T[]) (channel: TensorChannel<'T>) =
        let lengths = shape |> List.map nativeint |> Array.ofList
        channel.Writer.Publish(ReadOnlySpan elements, ReadOnlySpan lengths)

    let openReader (channel: SlabChannel<'T>) = channel.OpenReader()

    let tryTake (channel: SlabChannel<'T>) = Reader.tryTake channel.Reader
    let take (channel: SlabChannel<'T>) = Reader.take channel.Reader
    let takeWithin timeout (channel: SlabChannel<'T>) = channel.Reader |> Reader.takeWithin timeout
    let tryRead (channel: SlabChannel<'T>) = Reader.tryRead channel.Reader
    let read (channel: SlabChannel<'T>) = Reader.read channel.Reader
    let readWithin timeout (channel: SlabChannel<'T>) = channel.Reader |> Reader.readWithin timeout
    let useMessage (read: MessageReader<_, _>) (channel: SlabChannel<'T>) = channel.Reader |> Reader.useMessage read
    let iter action (channel: SlabChannel<'T>) = channel.Reader |> Reader.iter action
    let iterWith handle (channel: SlabChannel<'T>) = channel.Reader |> Reader.iterWith handle
    let fold folder state (channel: SlabChannel<'T>) = channel.Reader |> Reader.fold folder state
    let foldWith folder state (channel: SlabChannel<'T>) = channel.Reader |> Reader.foldWith folder state
    let iterTask cancellationToken action (channel: SlabChannel<'T>) =
        channel.Reader |> Reader.iterTask cancellationToken action

    let takeAll (channel: SlabChannel<'T>) = Reader.takeAll channel.Reader
    let readAll (channel: SlabChannel<'T>) = Reader.readAll channel.Reader
    let listen handle (channel: SlabChannel<'T>) = channel.Reader |> Reader.listen handle
    let listenOn options handle (channel: SlabChannel<'T>) = channel.Reader |> Reader.listenOn options handle

    let complete (channel: SlabChannel) = channel.Complete() |> ignore
    let fail (fault: exn) (channel: SlabChannel) = channel.Complete fault |> ignore
    let statistics (channel: SlabChannel) : ChannelStatistics = channel.Statistics
