/// Core as F# sees it without the F# face: every public entry point is used once, so that none becomes C#'s alone.
module Psyne.Flow.FSharp.Tests.CoreFromFSharpTests

open System
open System.Collections.Generic
open System.Numerics.Tensors
open System.Reflection
open System.Threading
open System.Threading.Tasks
open Expecto
open Psyne.Flow
open Psyne.Flow.Diagnostics

let private within = TimeSpan.FromMilliseconds 1.0
let private fullModes mode = SlabChannelOptions(Capacity = 1, FullMode = mode)

/// What stands in an async stream, by what is made of each lease.
let private drain (leases: IAsyncEnumerable<'L>) (useLease: 'L -> 'R) =
    task {
        let results = ResizeArray()
        let enumerator = leases.GetAsyncEnumerator()

        while! enumerator.MoveNextAsync() do
            results.Add(useLease enumerator.Current)

        do! enumerator.DisposeAsync()
        return List.ofSeq results
    }

/// Members that nobody calls from here, each with its reason.
let private isLeftOut (method: MethodBase) =
    let declaring = method.DeclaringType |> nonNull

    typeof<Exception>.IsAssignableFrom declaring && method.IsConstructor // Core makes them
    || declaring = typeof<IdleStrategy> && method.Name.StartsWith "set_" // F# gives them to the constructor
    || declaring = typeof<SlabAllocationException> // takes a system without memory
    || declaring = typeof<BFloat16> // a number: used through generic math and its operators
    || List.contains declaring [ typeof<ChannelStatistics>; typeof<LeakReport>; typeof<WorkItemFailedEventArgs> ] && (method.IsConstructor || method.Name.StartsWith "set_") // Core makes them
    || List.contains method.Name [ "Dispose"; "DisposeAsync" ] // use, through the interface
       && (typeof<IDisposable>.IsAssignableFrom declaring || typeof<IAsyncDisposable>.IsAssignableFrom declaring)

[<Tests>]
let coverage =
    testList "CoreFromFSharp" [
        testCase "EveryEntryPoint_IsUsed" (fun () ->
            let unused = EntryPoints.unused typeof<SlabChannel>.Assembly isLeftOut (Assembly.GetExecutingAssembly())
            Expect.equal (String.concat "\n" unused) "" "entry points of Core that no F# test uses")
    ]

[<Tests>]
let values =
    testList "CoreFromFSharp.Values" [
        testCase "Channel_IsMadeInEveryMode" (fun () ->
            let options = SlabChannelOptions(Capacity = 4, Name = "values")
            use created = SlabChannel.Create<int>(ChannelMode.Spsc, options)
            use spsc = SlabChannel.CreateSpsc<int>()
            use mpsc = SlabChannel.CreateMpsc<int>()
            use spmc = SlabChannel.CreateSpmc<int>()
            use mpmc = SlabChannel.CreateMpmc<int>()
            use broadcast = SlabChannel.CreateBroadcast<int>()
            let modes = [ for channel in [ created; spsc; mpsc; spmc; mpmc; broadcast ] -> channel.Mode ]

            Expect.equal modes [ ChannelMode.Spsc; ChannelMode.Spsc; ChannelMode.Mpsc; ChannelMode.Spmc; ChannelMode.Mpmc; ChannelMode.Broadcast ] "modes"
            Expect.equal (created.Name, created.Capacity, created.MessageBytes, created.Count) ("values", 4, 4L, 0L) "made as asked"
            Expect.isFalse created.IsPooled "an int lies in the ring"
            Expect.isFalse created.Slab.IsDisposed "slab"
            Expect.isFalse created.Completion.IsCompleted "completion")

        testCase "Open_JoinsByName" (fun () ->
            use first = SlabChannel.Open<int> "memory://fs-values?mode=mpsc&capacity=8"
            use second = SlabChannel.Open<int> "memory://fs-values"
            let value = 5
            first.Writer.Publish &value
            use lease = second.Reader.Take()
            Expect.equal lease.Value 5 "the other handle's message"
            use frames = SlabChannel.OpenFrames "memory://fs-frames?frame=64"
            Expect.equal frames.MaximumFrameBytes 64 "frames"
            use tensors = SlabChannel.Open<float32>("memory://fs-tensors", ReadOnlySpan [| 2n |])
            Expect.equal tensors.MaximumElements 2n "tensors")

        testCase "Writer_ClaimsAndPublishes" (fun () ->
            use channel = SlabChannel.CreateSpsc<int>()
            let writer = channel.Writer
            let claim = writer.Claim()

            try
                claim.Value <- 1
                Expect.isTrue claim.IsOpen "open"
                claim.Publish()
            finally
                claim.Dispose()

            let mutable tried = new Claim<int>()
            Expect.isTrue (writer.TryClaim &tried) "TryClaim"
            tried.Value <- 2
            tried.Publish()
            Expect.equal (writer.TryClaim(within, &tried)) ClaimStatus.Claimed "TryClaim, timeout"
            tried.Dispose()
            use owned = writer.ClaimOwned()
            owned.Value <- 3
            Expect.isTrue owned.IsOpen "owned, open"
            owned.Publish()
            let mutable other = Unchecked.defaultof<OwnedClaim<int>>
            Expect.isTrue (writer.TryClaimOwned &other) "TryClaimOwned"
            other.Dispose()
            let batch = writer.ClaimBatch 2

            try
                batch[0] <- 4
                batch[1] <- 5
                Expect.equal batch.Count 2 "batch"
                batch.Publish()
            finally
                batch.Dispose()

            let mutable rest = new ClaimBatch<int>()
            Expect.isTrue (writer.TryClaimBatch(2, &rest)) "TryClaimBatch"
            rest[0] <- 6
            rest.Publish 1
            writer.Publish(7, SlotWriter<int, int>(fun slot state -> slot <- state))
            let eight, nine = 8, 9
            writer.Publish &eight
            Expect.isTrue (writer.TryPublish &nine) "TryPublish"
            Expect.isTrue (writer.WaitToClaim within) "WaitToClaim"
            Expect.isTrue (writer.WaitToClaimAsync().AsTask().Result) "WaitToClaimAsync"
            Expect.equal channel.Count 9L "published"
            Expect.isFalse writer.IsClosed "open"
            Expect.isTrue (writer.Complete()) "Complete"
            Expect.isFalse (channel.Complete()) "completed before")

        testCase "Reader_TakesAndRetains" (fun () ->
            use channel = SlabChannel.CreateSpsc<int>()

            for value in 1..9 do
                channel.Writer.Publish &value

            let reader = channel.Reader
            Expect.equal (reader.Count, reader.Lagged) (9L, 0L) "counts"
            Expect.isTrue (reader.WaitToTake within) "WaitToTake"
            Expect.isTrue (reader.WaitToTakeAsync().AsTask().Result) "WaitToTakeAsync"
            let mutable lease = Unchecked.defaultof<Lease<int>>
            Expect.isTrue (reader.TryTake &lease) "TryTake"
            use retained = lease.Retain()
            lease.Dispose()
            Expect.equal (lease.IsHeld, retained.IsHeld, retained.Value) (false, true, 1) "retained"
            (use second = reader.Take()
             Expect.equal second.Value 2 "Take")
            Expect.equal (reader.TryTake(within, &lease)) TakeStatus.Taken "TryTake, timeout"
            lease.Dispose()
            let batch = reader.TakeBatch 2
            use fifth = batch.Retain 1
            let mutable sum = 0

            for value in batch do
                sum <- sum + value

            Expect.equal (batch.Count, batch[0], sum, fifth.Value) (2, 4, 9, 5) "TakeBatch"
            batch.Dispose()
            let mutable rest = new LeaseBatch<int>()
            Expect.isTrue (reader.TryTakeBatch(100, &rest)) "TryTakeBatch"
            Expect.equal rest.Count 4 "the rest"
            rest.Dispose())

        testTask "Reader_StreamsAndListens" {
            use channel = SlabChannel.CreateMpmc<int>()
            use writer = channel.OpenWriter()
            use reader = channel.OpenReader()

            for value in 1..3 do
                writer.Publish &value

            writer.Complete() |> ignore
            let! streamed = drain (reader.ReadAllAsync()) (fun lease -> use lease = lease in lease.Value)
            Expect.equal streamed [ 1; 2; 3 ] "ReadAllAsync"
            do! reader.Completion

            use heard = SlabChannel.CreateSpsc<int>()
            let seen = ResizeArray()
            let options = ListenerOptions(Scheduler = TaskScheduler.Default, MaxMessagesPerTurn = 1)
            Expect.equal (options.MaxMessagesPerTurn, isNull options.Scheduler) (1, false) "options"
            use listener = heard.Reader.Listen((fun message -> seen.Add message), options)

            for value in 1..3 do
                heard.Writer.Publish &value

            heard.Complete() |> ignore
            do! listener.Completion
            Expect.sequenceEqual seen [ 1; 2; 3 ] "Listen"
        }

        testCase "ItemDropped_TellsWhat" (fun () ->
            use channel = SlabChannel.CreateSpsc<int>(fullModes FullMode.DropNewest)
            let dropped = ResizeArray()
            let handler = ItemDroppedHandler<int>(fun item reason -> dropped.Add((item, reason)))
            channel.add_ItemDropped handler

            for value in 1..3 do
                channel.Writer.Publish &value

            channel.remove_ItemDropped handler
            let last = 4
            channel.Writer.Publish &last
            Expect.sequenceEqual dropped [ (2, DropReason.Newest); (3, DropReason.Newest) ] "dropped")

        testCase "Options_AreRead" (fun () ->
            let policy = AdaptivePolicy(Patience = within, Recovery = within)
            Expect.equal (policy.Patience, policy.Recovery) (within, within) "policy"
            let idle = IdleStrategy(1, 2, false)
            Expect.equal (idle.Spins, idle.Yields, idle.Parks) (1, 2, false) "idle"
            Expect.equal (List.distinct [ IdleStrategy.Balanced; IdleStrategy.Spin; IdleStrategy.Park ]).Length 3 "strategies"

            let options =
                SlabChannelOptions(
                    Capacity = 2,
                    CapacityBytes = 64L,
                    FullMode = FullMode.Adaptive,
                    Adaptive = policy,
                    Idle = idle,
                    Backing = SlabBacking.PinnedArray,
                    SizeFactor = -1,
                    HugePages = false,
                    Name = "options",
                    Readers = 2,
                    LatencySampling = 1,
                    TrackLeases = true
                )

            Expect.equal (options.Capacity, options.CapacityBytes, options.FullMode, options.Adaptive) (2, 64L, FullMode.Adaptive, policy) "a"
            Expect.equal (options.Idle, options.Backing, options.SizeFactor) (idle, SlabBacking.PinnedArray, -1) "b"
            Expect.equal (options.HugePages, options.Name, options.Readers) (false, "options", 2) "c"
            Expect.equal (options.LatencySampling, options.TrackLeases) (1, true) "d")
    ]

[<Tests>]
let framesAndTensors =
    testList "CoreFromFSharp.FramesAndTensors" [
        testCase "Frames_AreWrittenAndRead" (fun () ->
            use channel = SlabChannel.CreateFrames(ChannelMode.Mpmc, 32)
            use writer = channel.OpenWriter()
            use reader = channel.OpenReader()
            Expect.equal (channel.MaximumFrameBytes, channel.Writer.MaximumFrameBytes, channel.Reader.Count) (32, 32, 0L) "maximum"
            (use claim = writer.Claim 4
             claim.Bytes.Fill 7uy
             Expect.isTrue claim.IsOpen "open"
             claim.SetLength 3
             Expect.equal claim.Length 3 "length"
             claim.Publish())
            let mutable claim = Unchecked.defaultof<FrameClaim>
            Expect.isTrue (writer.TryClaim(4, &claim)) "TryClaim"
            claim.SetText "text"
            claim.Publish()
            Expect.equal (writer.TryClaim(4, within, &claim)) ClaimStatus.Claimed "TryClaim, timeout"
            claim.Dispose()
            writer.Publish(ReadOnlySpan [| 1uy; 2uy |])
            writer.Publish "hello"
            writer.Publish "one more"
            writer.Complete() |> ignore

            let mutable lease = Unchecked.defaultof<FrameLease>
            Expect.isTrue (reader.TryTake &lease) "TryTake"
            Expect.equal (lease.Bytes.ToArray()) [| 7uy; 7uy; 7uy |] "bytes"
            use retained = lease.Retain()
            lease.Dispose()
            Expect.equal (lease.IsHeld, retained.Length) (false, 3) "retained"
            (use second = reader.Take()
             Expect.equal (second.GetText()) "text" "Take")
            Expect.equal (reader.TryTake(within, &lease)) TakeStatus.Taken "TryTake, timeout"
            lease.Dispose()
            let texts = (drain (reader.ReadAllAsync()) (fun lease -> use lease = lease in lease.GetText())).Result
            Expect.equal texts [ "hello"; "one more" ] "ReadAllAsync")

        testTask "Frames_AreHeardAndDropped" {
            use channel = SlabChannel.CreateFrames(ChannelMode.Spsc, 32, fullModes FullMode.DropNewest)
            let dropped = ResizeArray()
            let handler = FrameDroppedHandler(fun frame reason -> dropped.Add((frame.Length, reason)))
            channel.add_FrameDropped handler
            channel.Writer.Publish "kept"
            channel.Writer.Publish "lost"
            channel.remove_FrameDropped handler
            Expect.sequenceEqual dropped [ (4, DropReason.Newest) ] "dropped"
            channel.Complete() |> ignore
            let seen = ResizeArray()
            use listener = channel.Reader.Listen(fun frame -> seen.Add frame.Length)
            do! listener.Completion
            Expect.sequenceEqual seen [ 4 ] "Listen"
        }

        testCase "Tensors_AreWrittenAndRead" (fun () ->
            let shape = [| 2n; 3n |]
            use channel = SlabChannel.Create<float32>(ChannelMode.Mpmc, ReadOnlySpan shape)
            use writer = channel.OpenWriter()
            use reader = channel.OpenReader()
            Expect.equal (channel.Shape.ToArray(), channel.HasShapeHeader, channel.MaximumElements) (shape, false, 6n) "shape"
            Expect.equal (channel.Writer.IsClosed, channel.Reader.Count) (false, 0L) "ends"
            (use claim = writer.Claim()
             claim.Tensor.Fill 2f |> ignore
             Expect.equal (claim.IsOpen, claim.Span.Length) (true, 6) "claim"
             claim.Publish())
            let mutable claim = Unchecked.defaultof<TensorClaim<float32>>
            Expect.isTrue (writer.TryClaim &claim) "TryClaim"
            claim.Span.Fill 3f
            claim.Publish()
            Expect.equal (writer.TryClaim(ReadOnlySpan shape, within, &claim)) ClaimStatus.Claimed "TryClaim, timeout"
            claim.Dispose()
            (use claim = writer.Claim(ReadOnlySpan shape)
             claim.Span.Fill 4f
             claim.Publish())
            (use claim = writer.Claim()
             claim.Span.Fill 5f
             claim.Publish())
            writer.Complete() |> ignore

            let mutable lease = Unchecked.defaultof<TensorLease<float32>>
            Expect.isTrue (reader.TryTake &lease) "TryTake"
            let tensor = lease.Tensor
            Expect.equal (Tensor.Sum &tensor) 12f "a sum on the slab"
            use retained = lease.Retain()
            lease.Dispose()
            Expect.equal (lease.IsHeld, retained.Span[5]) (false, 2f) "retained"
            (use second = reader.Take()
             Expect.equal second.Span[0] 3f "Take")
            Expect.equal (reader.TryTake(within, &lease)) TakeStatus.Taken "TryTake, timeout"
            lease.Dispose()
            let firsts = (drain (reader.ReadAllAsync()) (fun lease -> use lease = lease in lease.Span[0])).Result
            Expect.equal firsts [ 5f ] "ReadAllAsync")

        testTask "Tensors_AreHeardAndDropped" {
            use channel = SlabChannel.CreateTensors<int>(ChannelMode.Spsc, 4n, fullModes FullMode.DropNewest)
            let dropped = ResizeArray()
            let handler = TensorDroppedHandler<int>(fun tensor reason -> dropped.Add((tensor.FlattenedLength, reason)))
            channel.add_TensorDropped handler

            for _ in 1..2 do
                use claim = channel.Writer.Claim(ReadOnlySpan [| 3n |])
                claim.Publish()

            channel.remove_TensorDropped handler
            Expect.sequenceEqual dropped [ (3n, DropReason.Newest) ] "dropped"
            channel.Complete() |> ignore
            let seen = ResizeArray()
            use listener = channel.Reader.Listen(fun tensor -> seen.Add tensor.FlattenedLength)
            do! listener.Completion
            Expect.sequenceEqual seen [ 3n ] "Listen"
        }

        testCase "Tensors_AreMadeInEveryMode" (fun () ->
            let shape = [| 2n |]
            use spsc = SlabChannel.CreateSpsc<sbyte>(ReadOnlySpan shape)
            use mpsc = SlabChannel.CreateMpsc<int16>(ReadOnlySpan shape)
            use spmc = SlabChannel.CreateSpmc<int64>(ReadOnlySpan shape)
            use mpmc = SlabChannel.CreateMpmc<Half>(ReadOnlySpan shape)
            use broadcast = SlabChannel.CreateBroadcast<BFloat16>(ReadOnlySpan shape)
            let channels: SlabChannel list = [ spsc; mpsc; spmc; mpmc; broadcast ]
            let modes = [ for channel in channels -> channel.Mode ]
            Expect.equal modes [ ChannelMode.Spsc; ChannelMode.Mpsc; ChannelMode.Spmc; ChannelMode.Mpmc; ChannelMode.Broadcast ] "modes")

        testCase "BFloat16_IsANumber" (fun () ->
            let one = BFloat16.One
            Expect.equal (float32 (one + one)) 2f "sum"
            Expect.isTrue (one < one + one) "order"
            Expect.equal (Seq.sum [ one; one ] |> float32) 2f "Seq.sum")
    ]

[<Tests>]
let memory =
    testList "CoreFromFSharp.Memory" [
        testCase "Slab_IsAllocated" (fun () ->
            let options = SlabOptions(Backing = SlabBacking.Native, Bytes = Nullable 4096L, HugePages = false)
            Expect.equal (options.Backing, options.Bytes, options.SizeFactor, options.HugePages) (SlabBacking.Native, Nullable 4096L, Nullable(), false) "options"
            use slab = Slab.Allocate options
            slab.AsSpan(0L, 8).Fill 1uy
            Expect.equal (slab.Length, slab.Backing, slab.Pages, slab.IsDisposed) (4096L, SlabBacking.Native, SlabPages.Normal, false) "slab"
            Expect.isTrue (slab.Id > 0L && slab.CommittedBytes <> 0L) "id, bytes"
            use large = Slab.Allocate(SlabOptions(SizeFactor = Nullable 0))
            Expect.equal large.Length SlabOptions.UnitBytes "a unit")

        testCase "SlabPool_RentsAndTakesBack" (fun () ->
            let options =
                SlabPoolOptions(
                    Slab = SlabOptions(Bytes = Nullable 4096L),
                    MinimumSlabs = 1,
                    MaximumSlabs = 2,
                    HighWaterMark = 0.9,
                    LowWaterMark = 0.1
                )

            Expect.equal (options.Slab.Bytes, options.MinimumSlabs, options.MaximumSlabs) (Nullable 4096L, 1, 2) "options"
            Expect.equal (options.HighWaterMark, options.LowWaterMark) (0.9, 0.1) "water marks"
            use pool = new SlabPool(options)
            let first = pool.Rent()
            let rented, second = pool.TryRent()
            Expect.equal (rented, pool.Rented, pool.Total) (true, 2, 2) "rented"
            Expect.throwsT<InvalidOperationException> (fun () -> pool.Rent() |> ignore) "exhausted"
            pool.Return first
            pool.Return(nonNull second)
            Expect.isTrue (pool.Grown >= 1L && pool.Shrunk >= 0L) "counts")
    ]

[<Tests>]
let addressesAndThreads =
    testList "CoreFromFSharp.AddressesAndThreads" [
        testCase "ChannelUri_IsRead" (fun () ->
            let uri = ChannelUri.Parse "shm://job/x?mode=mpsc&capacity=4096&slab=1MiB&wait=5ms&pin=true"
            let parsed, again = ChannelUri.TryParse(string uri)
            Expect.isTrue (parsed && uri.Equals again) "TryParse"
            Expect.equal (uri.Scheme, uri.Name, uri.Options.Count) ("shm", "job/x", 5) "parts"
            Expect.equal (uri.GetString "mode", uri.GetEnum<ChannelMode> "mode") ("mpsc", Nullable ChannelMode.Mpsc) "mode"
            Expect.equal (uri.GetCapacity(), uri.GetBytes "slab") (Nullable 4096, Nullable 1048576L) "sizes"
            Expect.equal (uri.GetTimeSpan "wait", uri.GetBool "pin") (Nullable(TimeSpan.FromMilliseconds 5.0), Nullable true) "more"
            Expect.throwsT<ChannelUriException> (fun () -> uri.ThrowIfUnknown(ReadOnlySpan [| "mode" |])) "ThrowIfUnknown")

        testTask "WorkerPool_RunsItems" {
            let options = WorkerPoolOptions(Name = "fs", Workers = 1, Cores = [| 0 |])
            Expect.equal (options.Name, options.Workers, options.Cores.Count) ("fs", 1, 1) "options"
            let pool = new WorkerPool(options)
            let failed = TaskCompletionSource<string>()
            let handler = EventHandler<WorkItemFailedEventArgs>(fun _ args -> failed.SetResult $"{args.Item.GetType().Name.Length > 0} {args.Exception.Message}")
            pool.add_WorkItemFailed handler
            pool.Queue { new IThreadPoolWorkItem with member _.Execute() = failwith "no" }
            let! text = failed.Task
            pool.remove_WorkItemFailed handler
            Expect.equal text "True no" "failed"
            do! Task.Factory.StartNew((fun () -> ()), CancellationToken.None, TaskCreationOptions.None, pool.Scheduler)
            Expect.equal (pool.Name, pool.Workers, pool.ItemsFailed) ("fs", 1, 1L) "pool"
            Expect.isTrue (pool.ItemsExecuted >= 2L && pool.ItemsStolen = 0L && pool.ItemsQueued = 0L) "counts"
            pool.AffinityApplied |> ignore
            do! pool.DisposeAsync().AsTask()
        }

        testTask "ChannelSelector_HandlesEveryKind" {
            use numbers = SlabChannel.CreateSpsc<int>()
            use frames = SlabChannel.CreateFrames ChannelMode.Spsc
            use tensors = SlabChannel.CreateSpsc<int>(ReadOnlySpan [| 1n |])
            let mutable handled = 0
            let count () = Interlocked.Increment &handled |> ignore
            let selector = new ChannelSelector(name = "fs", MaxMessagesPerTurn = 1)
            use number = selector.Add(numbers.Reader, MessageHandler<int>(fun _ -> count ()))
            use frame = selector.Add(frames.Reader, FrameHandler(fun _ -> count ()))
            use tensor = selector.Add(tensors.Reader, TensorHandler<int>(fun _ -> count ()))
            Expect.equal (selector.Count, selector.MaxMessagesPerTurn) (3, 1) "listening"
            let value = 1
            numbers.Writer.Publish &value
            frames.Writer.Publish "x"
            tensors.Writer.Claim().Publish()
            let channels: SlabChannel list = [ numbers; frames; tensors ]
            for channel in channels do
                channel.Complete() |> ignore
            do! Task.WhenAll [ number.Completion; frame.Completion; tensor.Completion ]
            Expect.equal handled 3 "handled"
            do! selector.DisposeAsync().AsTask()
        }
    ]

[<Tests>]
let diagnostics =
    testList "CoreFromFSharp.Diagnostics" [
        testCase "Statistics_AreListed" (fun () ->
            use channel = SlabChannel.CreateSpsc<int>(SlabChannelOptions(Name = "listed", LatencySampling = 1))
            let value = 1
            channel.Writer.Publish &value
            (use lease = channel.Reader.Take()
             ignore lease.Value)
            let listed = ChannelRegistry.List() |> Seq.find (fun statistics -> statistics.Name = "listed")
            let s = channel.Statistics
            Expect.equal (s.Id, s.Mode, s.Capacity) (listed.Id, ChannelMode.Spsc, 1024) "who"
            Expect.equal (s.Published, s.Count, s.Producers, s.Consumers) (1L, 0L, 1, 1) "traffic"
            Expect.equal (s.HeldLeases, s.OpenClaims, s.Drops, s.Misuses) (0L, 0, 0L, 0L) "held"
            Expect.equal (s.ProducerWaits, s.ConsumerWaits, s.IsClosed) (0L, 0L, false) "waits"
            Expect.isTrue (s.SlabBytes > 0L && s.Message.StartsWith "Int32") "slab"
            Expect.equal (nonNull s.Latency).Count 1L "latency")

        testCase "LatencyHistogram_Counts" (fun () ->
            let histogram = LatencyHistogram()
            histogram.Record 10L
            histogram.Record(20L, 2L)
            let other = LatencyHistogram()
            other.Merge histogram
            other.Merge(histogram.Snapshot())
            let snapshot = other.Snapshot().Merge(histogram.Snapshot())
            Expect.equal (histogram.Count, snapshot.Count, snapshot.Min, snapshot.Max) (3L, 9L, 10L, 20L) "counts"
            Expect.isTrue (snapshot.Mean > 10.0 && snapshot.Percentile 50.0 >= 20L) "mean, median")

        testCase "LeakDetector_IsAsked" (fun () ->
            let handler = Action<LeakReport>(fun report -> ignore (report.Channel, report.Leases, report.Claims, report.TakenAt.Count))
            LeakDetector.add_Leaked handler
            LeakDetector.remove_Leaked handler
            Expect.isTrue (LeakDetector.LeakedLeases >= 0L && LeakDetector.LeakedClaims >= 0L) "counts")
    ]
