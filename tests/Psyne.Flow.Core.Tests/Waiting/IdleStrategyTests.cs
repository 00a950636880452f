namespace Psyne.Flow.Tests.Waiting;

public sealed class IdleStrategyTests
{
    [Fact]
    public void Default_IsPark() => Assert.Equal(IdleStrategy.Park, default);

    [Fact]
    public void Initializer_SetsWhatIsNamed()
    {
        var patient = new IdleStrategy { Spins = 7 };
        Assert.Equal((7, 0, true), (patient.Spins, patient.Yields, patient.Parks));
        Assert.Equal(new IdleStrategy(7, 8, parks: false), patient with { Yields = 8, Parks = false });
    }

    [Theory]
    [InlineData(-1, 0, "Spins -1")]
    [InlineData(0, -2, "Yields -2")]
    public void Number_BelowZero_IsRefused(int spins, int yields, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentOutOfRangeException>(() => new IdleStrategy(spins, yields)).Message, StringComparison.Ordinal);
}
