module Psyne.Flow.FSharp.Tests.ChannelTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp

[<Struct>]
type Reading = { mutable Id: int64; mutable Value: float }

let private reading id = { Id = id; Value = float id / 2.0 }

/// Options that differ from the defaults in everything.
let private strange =
    SlabChannelOptions(
        Capacity = 8,
        CapacityBytes = 4096L,
        FullMode = FullMode.Adaptive,
        Adaptive = AdaptivePolicy(Patience = TimeSpan.FromMilliseconds 1.0),
        Idle = IdleStrategy.Park,
        Backing = SlabBacking.PinnedArray,
        SizeFactor = 0,
        HugePages = true,
        Name = "strange",
        Readers = 3,
        Lanes = 2,
        LatencySampling = 16,
        TrackLeases = true
    )

let private values (options: SlabChannelOptions) =
    [ for property in typeof<SlabChannelOptions>.GetProperties() -> property.Name, property.GetValue options ]

/// The names of the properties in which two options differ.
let private differences before after =
    [ for (name, was), (_, is) in List.zip (values before) (values after) do
          if was <> is then
              name ]

let private within = TimeSpan.FromMilliseconds 1.0

[<Tests>]
let options =
    testList "Options" [
        testCase "Defaults_AreThoseOfCore" (fun () ->
            Expect.equal Channel.defaults (SlabChannelOptions()) "defaults"
            Expect.equal (differences Channel.defaults Channel.tensorDefaults) [ "Capacity" ] "tensorDefaults"
            Expect.equal Channel.tensorDefaults.Capacity 16 "slots for tensors"
            Expect.equal (differences Channel.defaults strange).Length (values strange).Length "a strange value for each")

        testCase "With_ChangesOneValue_AndKeepsTheRest" (fun () ->
            let changes (expected: string list) (change: SlabChannelOptions -> SlabChannelOptions) =
                for options in [ Channel.defaults; strange ] do
                    Expect.equal (differences options (change options)) expected "what changed"

            changes [ "Capacity" ] (Channel.withCapacity 4)
            changes [ "CapacityBytes" ] (Channel.withCapacityBytes 1L)
            changes [ "FullMode" ] (Channel.withFullMode FullMode.DropNewest)
            changes [ "FullMode" ] Channel.failWhenFull
            changes [ "FullMode" ] Channel.dropNewest
            changes [ "FullMode" ] Channel.dropOldest
            changes [ "Idle" ] (Channel.withIdle IdleStrategy.Spin)
            changes [ "SizeFactor" ] (Channel.withSizeFactor 1)
            changes [ "Name" ] (Channel.withName "other")
            changes [ "Readers" ] (Channel.withReaders 2)
            changes [ "Lanes" ] (Channel.withLanes 5)
            changes [ "LatencySampling" ] (Channel.withLatencySampling 2)
            Expect.isTrue (Channel.trackLeases Channel.defaults).TrackLeases "trackLeases"
            let hurried = AdaptivePolicy(Recovery = TimeSpan.Zero)
            Expect.equal (differences strange (strange |> Channel.adaptive hurried)) [ "Adaptive" ] "adaptive"
            Expect.equal (Channel.defaults |> Channel.adaptive hurried).FullMode FullMode.Adaptive "adaptive's mode"
            Expect.isTrue (Channel.withHugePages Channel.defaults).HugePages "withHugePages"
            Expect.equal (Channel.defaults |> Channel.withBacking SlabBacking.PinnedArray).Backing SlabBacking.PinnedArray "withBacking")

        testCase "With_BadValue_IsRefused" (fun () ->
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> Channel.defaults |> Channel.withCapacity 0 |> ignore) "0 slots")

        testCase "Kinds_AreThoseThatTheirNamesSay" (fun () ->
            let modeOf (make: SlabChannelOptions -> SlabChannel<int>) =
                use channel = make Channel.defaults
                channel.Mode

            Expect.equal (modeOf Channel.spsc) ChannelMode.Spsc "spsc"
            Expect.equal (modeOf Channel.mpsc) ChannelMode.Mpsc "mpsc"
            Expect.equal (modeOf Channel.spmc) ChannelMode.Spmc "spmc"
            Expect.equal (modeOf Channel.mpmc) ChannelMode.Mpmc "mpmc"
            Expect.equal (modeOf Channel.broadcast) ChannelMode.Broadcast "broadcast"
            Expect.equal (modeOf (Channel.create ChannelMode.Mpsc)) ChannelMode.Mpsc "create"
            use frames = Channel.defaults |> Channel.frames ChannelMode.Mpmc 100
            Expect.equal frames.MaximumFrameBytes 100 "frames"
            use tensors = Channel.tensorDefaults |> Channel.tensors<float32> ChannelMode.Spsc [ 2; 3 ]
            Expect.equal (tensors.Shape.ToArray()) [| 2n; 3n |] "tensors"
            use shaped = Channel.tensorDefaults |> Channel.tensorsUpTo<int> ChannelMode.Spsc 12
            Expect.equal (shaped.MaximumElements, shaped.HasShapeHeader) (12n, true) "tensorsUpTo")
    ]

[<Tests>]
let channels =
    testList "Channel" [
        testProperty "WrittenValues_AreReadInOrder" (fun (written: int64 list) ->
            use channel = Channel.defaults |> Channel.withCapacity (max 1 written.Length) |> Channel.spsc<int64>
            written |> List.iter (fun value -> channel |> Channel.write value)
            Channel.complete channel
            let read = channel |> Channel.fold (fun values value -> value :: values) []
            List.rev read = written)

        testProperty "WrittenValues_ThroughASmallChannel_AreReadInOrderByAnotherThread" (fun (written: Reading list) ->
            use channel = Channel.defaults |> Channel.withCapacity 2 |> Channel.mpsc<Reading>

            let writing =
                Task.Run(fun () ->
                    written |> List.iter (fun value -> channel |> Channel.write value)
                    Channel.complete channel)

            let read = ResizeArray()
            channel |> Channel.iter read.Add
            writing.Wait()
            // As text, since a made-up float may be NaN.
            List.ofSeq read |> sprintf "%A" = sprintf "%A" written)

        testCase "OpenUri_JoinsByName" (fun () ->
            use first = Channel.openUri<int> "memory://face?capacity=8"
            use second = Channel.openUri<int> "memory://face"
            first |> Channel.write 3
            Expect.equal (Channel.read second) 3 "the other handle's message"
            Expect.throwsT<ChannelUriException> (fun () -> Channel.openUri<int> "memory://face?mode=no" |> ignore) "mode")

        testCase "WriteWith_BuildsInTheSlot" (fun () ->
            use channel = Channel.spsc<Reading> Channel.defaults
            let id = 7L
            channel |> Channel.writeWith (MessageBuilder(fun slot -> slot <- reading id))
            let built = channel |> Channel.tryWriteWith (MessageBuilder(fun slot -> slot.Id <- 8L; slot.Value <- 4.0))
            Expect.equal built (Ok()) "tryWriteWith"
            Expect.equal (channel |> Channel.useMessage (MessageReader(fun message -> message.Id))) 7L "useMessage"
            Expect.equal (Channel.read channel) (reading 8L) "read")

        testCase "WritesAndReads_AllocateNothing" (fun () ->
            use channel = Channel.spsc<Reading> Channel.defaults
            let build = MessageBuilder<Reading>(fun slot -> slot.Id <- 1L)
            let read = MessageReader<Reading, int64>(fun message -> message.Id)

            let round () =
                channel |> Channel.write (reading 1L)
                channel |> Channel.tryWrite (reading 2L) |> ignore
                channel |> Channel.writeWithin within (reading 3L) |> ignore
                channel |> Channel.writeWith build
                channel |> Channel.tryWriteWith build |> ignore
                Channel.read channel |> ignore
                Channel.tryRead channel |> ignore
                channel |> Channel.readWithin within |> ignore
                channel |> Channel.useMessage read |> ignore
                (Channel.take channel).Dispose()

            for _ in 1..100 do
                round ()

            let before = GC.GetAllocatedBytesForCurrentThread()

            for _ in 1..1000 do
                round ()

            Expect.equal (GC.GetAllocatedBytesForCurrentThread() - before) 0L "bytes for 5000 messages")

        testCase "WriteWith_RaisingBuilder_PublishesNothing" (fun () ->
            use channel = Channel.spsc<int> Channel.defaults
            let fails = MessageBuilder<int>(fun slot -> slot <- 1; failwith "no")
            Expect.throwsT<Exception> (fun () -> channel |> Channel.writeWith fails) "writeWith"
            Expect.throwsT<Exception> (fun () -> channel |> Channel.tryWriteWith fails |> ignore) "tryWriteWith"
            let statistics = Channel.statistics channel
            Expect.equal (statistics.Published, statistics.OpenClaims) (0L, 0) "published and open")

        testCase "Write_FullAndClosed_AreTold" (fun () ->
            use channel = Channel.defaults |> Channel.withCapacity 1 |> Channel.spsc<int>
            let build = MessageBuilder(fun slot -> slot <- 2)
            Expect.equal (channel |> Channel.tryWrite 1) (Ok()) "room"
            Expect.equal (channel |> Channel.tryWrite 2) (Error NotWritten.Full) "tryWrite, full"
            Expect.equal (channel |> Channel.tryWriteWith build) (Error NotWritten.Full) "tryWriteWith, full"
            Expect.equal (channel |> Channel.writeWithin within 2) (Error NotWritten.Full) "writeWithin, full"
            Channel.complete channel
            Channel.complete channel
            Expect.equal (channel |> Channel.tryWrite 2) (Error NotWritten.Closed) "tryWrite, closed"
            Expect.equal (channel |> Channel.writeWithin within 2) (Error NotWritten.Closed) "writeWithin, closed"
            Expect.throwsT<SlabChannelClosedException> (fun () -> channel |> Channel.write 2) "write, closed")

        testCase "Write_OnFullChannelThatFails_Raises" (fun () ->
            use channel = Channel.defaults |> Channel.withCapacity 1 |> Channel.failWhenFull |> Channel.spsc<int>
            channel |> Channel.write 1
            Expect.throwsT<ChannelFullException> (fun () -> channel |> Channel.write 2) "write"
            Expect.equal (Channel.read channel) 1 "the first")

        testCase "Read_EmptyAndClosed_AreTold" (fun () ->
            use channel = Channel.spsc<int> Channel.defaults
            Expect.equal (Channel.tryRead channel) ValueNone "tryRead, empty"
            Expect.equal (Channel.tryTake channel |> ValueOption.isNone) true "tryTake, empty"
            Expect.equal (channel |> Channel.readWithin within) (Error NotRead.Empty) "readWithin, empty"
            channel |> Channel.write 1
            channel |> Channel.write 2
            channel |> Channel.write 3
            Channel.complete channel
            Expect.equal (Channel.tryRead channel) (ValueSome 1) "tryRead"
            Expect.equal (channel |> Channel.readWithin within) (Ok 2) "readWithin"
            Expect.equal (channel |> Channel.useMessage (MessageReader(fun message -> message))) 3 "useMessage"
            Expect.equal (channel |> Channel.readWithin within) (Error NotRead.Closed) "readWithin, closed"
            Expect.throwsT<SlabChannelClosedException> (fun () -> Channel.read channel |> ignore) "read, closed"
            Expect.isTrue channel.Completion.IsCompletedSuccessfully "completion")

        testCase "Take_GivesLeases" (fun () ->
            use channel = Channel.spsc<Reading> Channel.defaults

            for id in 1L .. 3L do
                channel |> Channel.write (reading id)

            let ids =
                [ for lease in [ Channel.take channel; (Channel.tryTake channel).Value ] do
                      use lease = lease
                      lease.Value.Id ]

            Expect.equal ids [ 1L; 2L ] "take, tryTake"

            match channel |> Channel.takeWithin within with
            | Ok lease ->
                use lease = lease
                Expect.equal lease.Value (reading 3L) "takeWithin"
            | Error reason -> failtestf "takeWithin: %A" reason

            Expect.equal (Channel.statistics channel).HeldLeases 0L "held")

        testCase "Drain_ReachesEveryMessage" (fun () ->
            let filled () =
                let channel = Channel.spsc<int> Channel.defaults
                List.iter (fun value -> channel |> Channel.write value) [ 1..10 ]
                Channel.complete channel
                channel

            let sum (drain: SlabChannel<int> -> (int -> unit) -> unit) =
                use channel = filled ()
                let seen = ResizeArray()
                drain channel seen.Add
                Seq.sum seen

            Expect.equal (sum (fun channel see -> channel |> Channel.iter see)) 55 "iter"
            Expect.equal (sum (fun channel see -> channel |> Channel.iterWith (MessageHandler(fun m -> see m)))) 55 "iterWith"
            use folded = filled ()
            Expect.equal (folded |> Channel.fold (+) 0) 55 "fold"
            use inPlace = filled ()
            Expect.equal (inPlace |> Channel.foldWith (MessageFolder(fun sum m -> sum + m)) 0) 55 "foldWith")

        testCase "Fail_IsRaisedAfterTheRest" (fun () ->
            use channel = Channel.spsc<int> Channel.defaults
            channel |> Channel.write 1
            channel |> Channel.fail (InvalidTimeZoneException "broken")
            let seen = ResizeArray()
            Expect.throwsT<InvalidTimeZoneException> (fun () -> channel |> Channel.iter seen.Add) "iter"
            Expect.sequenceEqual seen [ 1 ] "the rest")

        testTask "IterTask_AwaitsEachAction" {
            use channel = Channel.defaults |> Channel.withCapacity 2 |> Channel.spsc<int>
            let seen = ResizeArray()

            let reading =
                channel
                |> Channel.iterTask CancellationToken.None (fun lease ->
                    task {
                        do! Task.Yield()
                        seen.Add lease.Value
                    })

            for value in [ 1; 2; 3; 4 ] do
                channel |> Channel.write value

            Channel.complete channel
            do! reading
            Expect.sequenceEqual seen [ 1; 2; 3; 4 ] "in order"
            Expect.equal (Channel.statistics channel).HeldLeases 0L "held"
        }

        testTask "IterTask_Cancelled_Stops" {
            use channel = Channel.spsc<int> Channel.defaults
            use stop = new CancellationTokenSource()
            let reading = channel |> Channel.iterTask stop.Token (fun _ -> Task.FromResult())
            stop.Cancel()
            let! _ = Task.WhenAny(reading :> Task)
            Expect.isTrue reading.IsCanceled "cancelled"
        }

        testTask "ReadAll_IsAnAsyncStream" {
            use channel = Channel.spsc<int> Channel.defaults
            List.iter (fun value -> channel |> Channel.write value) [ 1; 2; 3 ]
            Channel.complete channel
            let seen = ResizeArray()
            let leases = (Channel.readAll channel).GetAsyncEnumerator()
            let mutable more = true

            while more do
                let! any = leases.MoveNextAsync()
                more <- any

                if any then
                    use lease = leases.Current
                    seen.Add lease.Value

            Expect.sequenceEqual seen [ 1; 2; 3 ] "in order"
        }

        testCase "TakeAll_EndsWithTheChannel" (fun () ->
            use channel = Channel.mpmc<int> Channel.defaults
            use reader = Channel.openReader channel
            List.iter (fun value -> channel |> Channel.write value) [ 1; 2; 3 ]
            Channel.complete channel
            let mutable sum = 0

            for lease in Channel.takeAll channel do
                use lease = lease
                sum <- sum + lease.Value

            for lease in Reader.takeAll reader do
                use lease = lease
                sum <- sum + 100 * lease.Value

            Expect.equal sum 6 "the first loop took all"
            Expect.equal (Channel.statistics channel).HeldLeases 0L "given back")

        testCase "WriteTensor_CopiesTheElements" (fun () ->
            use fixedShape = Channel.tensorDefaults |> Channel.tensors<float32> ChannelMode.Spsc [ 2; 2 ]
            fixedShape |> Channel.writeTensor [| 1f; 2f; 3f; 4f |]
            (use lease = fixedShape.Reader.Take()
             Expect.equal (lease.Span.ToArray()) [| 1f; 2f; 3f; 4f |] "elements")
            Expect.throwsT<ArgumentException> (fun () -> fixedShape |> Channel.writeTensor [| 1f |]) "too few"

            use shaped = Channel.tensorDefaults |> Channel.tensorsUpTo<int> ChannelMode.Spsc 6
            shaped |> Channel.writeTensorOf [ 3; 1 ] [| 1; 2; 3 |]
            use lease = shaped.Reader.Take()
            Expect.equal (lease.Tensor.Lengths.ToArray()) [| 3n; 1n |] "shape"
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> shaped |> Channel.writeTensorOf [ 7 ] (Array.zeroCreate 7)) "too large"
            Expect.throwsT<InvalidOperationException> (fun () -> shaped |> Channel.writeTensor [| 1 |]) "no shape")

        testTask "Listen_HandlesEveryMessage" {
            use channel = Channel.spsc<int> Channel.defaults
            let seen = ResizeArray()
            use listener = channel |> Channel.listen (MessageHandler(fun message -> seen.Add message))
            List.iter (fun value -> channel |> Channel.write value) [ 1; 2; 3 ]
            Channel.complete channel
            do! listener.Completion
            Expect.sequenceEqual seen [ 1; 2; 3 ] "in order"

            use pooled = Channel.spsc<int> Channel.defaults
            let onPool = ListenerOptions(Scheduler = TaskScheduler.Default)
            use listener = pooled |> Channel.listenOn onPool (MessageHandler(fun message -> seen.Add message))
            pooled |> Channel.write 4
            Channel.complete pooled
            do! listener.Completion
            Expect.sequenceEqual seen [ 1; 2; 3; 4 ] "on the pool"
        }

        testCase "Broadcast_EveryReaderSeesAll" (fun () ->
            use channel = Channel.defaults |> Channel.withReaders 2 |> Channel.broadcast<int>
            use first = Channel.openReader channel
            use second = Channel.openReader channel
            List.iter (fun value -> channel |> Channel.write value) [ 1; 2; 3; 4 ]
            Channel.complete channel
            Expect.equal (Reader.read first) 1 "read"
            Expect.equal (first |> Reader.fold (fun sum value -> sum + value) 0) 9 "fold"
            Expect.equal (Reader.tryRead second) (ValueSome 1) "tryRead"
            let seen = ResizeArray()
            second |> Reader.iter seen.Add
            Expect.sequenceEqual seen [ 2; 3; 4 ] "iter")
    ]
