using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Psyne.Flow.Peers.Native;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Output;

/// <summary>Which machine and runtime the figures belong to.</summary>
internal static class Header
{
    public static void Write(TextWriter to, bool quick, int rounds, TimeSpan roundTime)
    {
        var pinning = Affinity.IsSupported
            ? "threads pinned, thread i to core i % " + Affinity.AllowedCores.Count.ToString(CultureInfo.InvariantCulture)
            : "threads not pinned (unsupported here)";
        string[] lines =
        [
            $"machine   {Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}",
            $"runtime   {RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC ({GCSettings.LatencyMode})",
            $"run       {(quick ? "QUICK: shows that it works, its figures are rough" : "full")}; {rounds} interleaved rounds of about {roundTime.TotalMilliseconds:0} ms; medians, with least and most",
            $"threads   {pinning}",
            string.Create(CultureInfo.InvariantCulture, $"clock     a reading costs {Busy.ClockCost():0} ns; every round trip contains about one, the limits' too"),
            $"native    {(NativeLimits.Absent is { } absent ? "ABSENT: " + absent : "compiled from bench/native")}",
            "Absolute figures differ from machine to machine: quote ratios within one run.",
        ];
        foreach (var line in lines)
        {
            to.WriteLine(line);
        }
    }

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        if (File.Exists(CpuInfo))
        {
            var model = File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
            if (model is not null)
            {
                return model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
        }

        return "processor unnamed";
    }
}
