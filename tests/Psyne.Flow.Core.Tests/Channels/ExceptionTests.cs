namespace Psyne.Flow.Tests.Channels;

/// <summary>The constructors that every exception is expected to have, for whoever derives or deserializes.</summary>
public sealed class ExceptionTests
{
    public static TheoryData<Type> Types =>
        [typeof(ChannelFullException), typeof(ChannelRoleException), typeof(LeaseBudgetException), typeof(LeaseException), typeof(SlabChannelClosedException)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Exception_OfEveryConstructor_KeepsWhatItIsGiven(Type type)
    {
        var inner = new InvalidDataException("inner");
        var plain = (Exception)Activator.CreateInstance(type)!;
        var named = (Exception)Activator.CreateInstance(type, "text")!;
        var nested = (Exception)Activator.CreateInstance(type, "text", inner)!;

        Assert.NotEmpty(plain.Message);
        Assert.Equal(("text", "text"), (named.Message, nested.Message));
        Assert.Same(inner, nested.InnerException);
    }
}
