/// Channels of fixed-size messages, as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.ValuesTests

open System
open System.Threading.Tasks
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp.Tests.CoreFromFSharp.Common

[<Tests>]
let tests =
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

        testCase "Lanes_AreEachProducersOwn" (fun () ->
            use channel = SlabChannel.CreateMpsc<int>(SlabChannelOptions(Capacity = 4, Lanes = 2))
            use other = channel.OpenWriter()
            let value = 5
            channel.Writer.Publish &value
            other.Publish &value
            Expect.equal (channel.Lanes, channel.Statistics.Lanes, channel.Count) (2, 2, 2L) "two lanes"
            Expect.isTrue (channel.Lanes <= SlabChannelOptions.MaximumLanes) "bound"
            Expect.throwsT<ChannelRoleException> (fun () -> channel.OpenWriter() |> ignore) "a third")

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
            let eight = 8

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
            rest.Dispose()
            channel.Writer.Publish &eight
            channel.Complete() |> ignore
            let mutable taken = 0

            for lease in reader.TakeAll() do
                use lease = lease
                taken <- taken + lease.Value

            Expect.equal taken 8 "TakeAll")

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
            Expect.equal (IdleStrategy(Spins = 1, Yields = 2, Parks = false)) idle "idle, by names"
            Expect.equal (IdleStrategy(Spins = 5)) (IdleStrategy(5, 0)) "idle, in part"
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
                    Lanes = 3,
                    LatencySampling = 1,
                    TrackLeases = true
                )

            Expect.equal (options.Capacity, options.CapacityBytes, options.FullMode, options.Adaptive) (2, 64L, FullMode.Adaptive, policy) "a"
            Expect.equal (options.Idle, options.Backing, options.SizeFactor) (idle, SlabBacking.PinnedArray, -1) "b"
            Expect.equal (options.HugePages, options.Name, options.Readers, options.Lanes) (false, "options", 2, 3) "c"
            Expect.equal (options.LatencySampling, options.TrackLeases) (1, true) "d")
    ]
