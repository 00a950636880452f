using System.Reflection;
using Psyne.Flow.Tests.House;

namespace Psyne.Flow.Tests.PublicApi;

/// <summary>
/// What users can see of Core changes only on purpose. To accept a change, run the test once with
/// <c>PSYNE_ACCEPT_API=1</c> in the environment and commit the approved file with it.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Core_PublicApi_IsTheApprovedOne()
    {
        string approvedFile = Repository.PathOf("tests", "Psyne.Flow.Core.Tests", "PublicApi", "Psyne.Flow.Core.approved.txt");
        string actual = ApiText.Of(Assembly.Load("Psyne.Flow.Core"));
        if (Environment.GetEnvironmentVariable("PSYNE_ACCEPT_API") == "1")
        {
            File.WriteAllText(approvedFile, actual);
            return;
        }

        string[] approvedLines = File.Exists(approvedFile) ? File.ReadAllLines(approvedFile) : [];
        string[] actualLines = actual.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] changes =
        [
            .. approvedLines.Except(actualLines).Where(line => line.Length > 0).Select(line => $"- {line.Trim()}"),
            .. actualLines.Except(approvedLines).Select(line => $"+ {line.Trim()}"),
        ];
        string approved = string.Concat(approvedLines.Select(line => line + "\n"));

        Assert.True(
            approved == actual,
            $"The public API of Psyne.Flow.Core changed. If that is meant, run this test with PSYNE_ACCEPT_API=1 and commit {Path.GetFileName(approvedFile)}.\n{string.Join('\n', changes)}");
    }

    /// <summary>The printer sees what a user would miss: each kind of type and member once.</summary>
    [Fact]
    public void ApiText_OfSamples_SaysWhatMatters()
    {
        string text = ApiText.Of([typeof(Sample<>), typeof(SampleMode), typeof(SampleHandler<>), typeof(ISample)]);

        Assert.Equal(
            """
            namespace Psyne.Flow.Tests.PublicApi
            {
                public interface ISample
                {
                    static abstract System.Int32 Count { get; }
                    System.Boolean TryTake(out System.Int32 value);
                }
                public readonly ref struct Sample<T> : System.IDisposable
                    where T : unmanaged
                {
                    public Sample(params T[] values);
                    public const System.Int32 Limit = 5;
                    public System.String? Name { get; init; }
                    public ref readonly T Value { get; }
                    public event System.EventHandler? Changed;
                    public void Dispose();
                    public static void Run<TState>(in TState state, System.String mode = "fast", System.Int64 size = 7) where TState : class, new();
                }
                public delegate void SampleHandler<in T>(T value) where T : allows ref struct;
                [System.Flags]
                public enum SampleMode : System.Byte
                {
                    None = 0,
                    Fast = 1,
                }
            }

            """,
            text,
            ignoreLineEndingDifferences: true);
    }
}

#pragma warning disable CA1003, CS0067, CA1815 // shapes for the printer, not for use

public interface ISample
{
    static abstract int Count { get; }

    bool TryTake(out int value);
}

[Flags]
public enum SampleMode : byte
{
    None = 0,
    Fast = 1,
}

public delegate void SampleHandler<in T>(T value) where T : allows ref struct;

public readonly ref struct Sample<T> : IDisposable where T : unmanaged
{
    public const int Limit = 5;

    private readonly ref readonly T _value;

    public Sample(params T[] values) => _value = ref values[0];

    public event EventHandler? Changed { add { } remove { } }

    public string? Name { get; init; }

    public ref readonly T Value => ref _value;

    public static void Run<TState>(in TState state, string mode = "fast", long size = 7) where TState : class, new()
    {
    }

    public void Dispose()
    {
    }
}
