/// Statistics, histograms and leaks, as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.DiagnosticsTests

open System
open Expecto
open Psyne.Flow
open Psyne.Flow.Diagnostics

[<Tests>]
let tests =
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
