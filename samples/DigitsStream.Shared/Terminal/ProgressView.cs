using Spectre.Console;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Shows how far a run is: a bar on a terminal, a line for each quarter elsewhere.</summary>
internal sealed class ProgressView(IAnsiConsole screen, DigitJob job)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private long _quarter;

    /// <summary>Shows the progress of a run until that has ended, whichever way.</summary>
    public Task FollowAsync(Task run) => screen.Profile.Capabilities.Interactive ? ShowBarAsync(run) : WriteLinesAsync(run);

    private async Task ShowBarAsync(Task run)
    {
        await screen.Progress()
            .AutoClear(false)
            .Columns(new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask("images", maxValue: job.Lines);
                await PollAsync(run, (done, all) =>
                {
                    bar.MaxValue = Math.Max(1, all);
                    bar.Value = done;
                    bar.Description = Text(done, all);
                });
            });
    }

    private Task WriteLinesAsync(Task run) => PollAsync(run, (done, all) =>
    {
        var quarter = all == 0 ? 0 : 4 * done / all;
        if (quarter > _quarter)
            screen.WriteLine(Text(done, all));
        _quarter = quarter;
    });

    private async Task PollAsync(Task run, Action<long, long> show)
    {
        do
            show(job.Learner.Handled, job.ExpectedImages);
        while (await Task.WhenAny(run, Task.Delay(Interval)) != run);
        show(job.Learner.Handled, job.ExpectedImages);
    }

    private static string Text(long done, long all) => $"{done:N0} of {all:N0} images";
}
