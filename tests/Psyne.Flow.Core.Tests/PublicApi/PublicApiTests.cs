namespace Psyne.Flow.Tests.PublicApi;

/// <summary>
/// What users can see of Core changes only on purpose. To accept a change, run the test once with
/// <c>PSYNE_ACCEPT_API=1</c> in the environment and commit the approved file with it.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Core_PublicApi_IsTheApprovedOne() => ApprovedApi.Check("Psyne.Flow.Core");

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
