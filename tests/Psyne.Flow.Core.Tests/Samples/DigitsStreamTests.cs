namespace Psyne.Flow.Tests.Samples;

public sealed class DigitsStreamTests
{
    [Theory]
    [InlineData("spsc", "1024")]
    [InlineData("mpmc", "7")]
    [InlineData("broadcast", "64")]
    public async Task DigitsStream_Classifies_869OfAThousand(string mode, string capacity)
    {
        var run = await SampleProcess.RunAsync("DigitsStream", "--epochs", "3", "--mode", mode, "--capacity", capacity);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("86.9% on the held-out last quarter (1,173 of 1,350)", run.Output, StringComparison.Ordinal);
        Assert.Contains("5,391 in 3 epochs", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no option '--epoch'.", "--epoch", "3")]
    [InlineData("A value is missing after --epochs.", "--epochs")]
    [InlineData("'0' is not a number from 1 to 4194304.", "--capacity", "0")]
    [InlineData("There is no mode 'fast'.", "--mode", "fast")]
    public async Task DigitsStream_WrongArguments_SaysSoAndEndsWith2(string message, params string[] arguments)
    {
        var run = await SampleProcess.RunAsync("DigitsStream", arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DigitsStream_Help_NamesTheOptions()
    {
        var run = await SampleProcess.RunAsync("DigitsStream", "--help");

        Assert.Equal(0, run.ExitCode);
        Assert.All(new[] { "--epochs", "--capacity", "--mode" }, option => Assert.Contains(option, run.Output, StringComparison.Ordinal));
    }
}
