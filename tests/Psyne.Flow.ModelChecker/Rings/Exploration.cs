using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>How the library's own primitives are explored, and what a test prints of it.</summary>
internal static class Exploration
{
    /// <summary>PSYNE_MODEL_DEEP=1: one more preemption or deviation, and a hundred times as many random executions.</summary>
    public static bool IsDeep { get; } = Environment.GetEnvironmentVariable("PSYNE_MODEL_DEEP") == "1";

    public static TheoryData<MemoryModel> Models => [MemoryModel.Weak, MemoryModel.Tso];

    private static int RandomExecutions => IsDeep ? 100_000 : 500;

    /// <summary>Everything within the preemption bound of 2, or within a joint bound on deviations; then random executions.</summary>
    public static void Explore(ITestOutputHelper output, MemoryModel model, int? deviations, IScenario scenario, int? crashThread = null)
    {
        var options = Options(model, deviations) with { CrashThread = crashThread };
        Assert.True(Run(output, options, scenario).Complete, "The space is too large for this test's bounds.");
        if (crashThread is null)
        {
            Run(output, options with { Random = true, MaxExecutions = RandomExecutions }, scenario);
        }
    }

    /// <summary>A seeded bug: it must be found within the same bounds.</summary>
    public static ModelFailure Find(ITestOutputHelper output, MemoryModel model, int? deviations, IScenario scenario)
    {
        var options = Options(model, deviations) with { Preemptions = 3, MaxExecutions = 200_000 };
        var failure = Model.Find(options, scenario);
        Assert.NotNull(failure);
        output.WriteLine($"{model}, {Bound(options)}: found: {failure.Kind}: {failure.Reason}");
        return failure;
    }

    private static ModelOptions Options(MemoryModel model, int? deviations) => new()
    {
        Model = model,
        Preemptions = IsDeep && deviations is null ? 3 : 2,
        Deviations = deviations + (IsDeep ? 1 : 0),
        MaxExecutions = IsDeep ? int.MaxValue : 40_000,
        TimeLimit = IsDeep ? TimeSpan.FromMinutes(20) : null,
        MemoryBytes = 1 << 16,
    };

    private static ModelReport Run(ITestOutputHelper output, ModelOptions options, IScenario scenario)
    {
        var report = Model.Check(options, scenario);
        output.WriteLine($"{options.Model}, {Bound(options)}: {report}");
        return report;
    }

    private static string Bound(ModelOptions options) => options.Random
        ? $"random, seed {options.Seed}"
        : options.Deviations is { } deviations
            ? $"{deviations} deviations"
            : $"{options.Preemptions} preemptions, {options.StaleReads} stale reads";
}
