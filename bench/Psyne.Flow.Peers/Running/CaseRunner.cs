using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// Runs one case: sets every subject up, finds a message count for each by the time it takes (which also warms it up),
/// then runs round r of all subjects before round r + 1, so that a change of the machine's mood meets all of them.
/// </summary>
internal sealed class CaseRunner(string suite, int rounds, TimeSpan roundTime, bool quick)
{
    private const int MostCalibrations = 24;
    private const int Tiers = 3;

    private static readonly TimeSpan BackgroundCompilation = TimeSpan.FromMilliseconds(150);

    public CaseResult Run(Case work)
    {
        var results = new List<SubjectResult>();
        var contestants = new List<(SubjectResult Result, Subject Subject)>();
        foreach (var spec in work.Subjects.Where(spec => !(quick && spec.FullOnly)))
        {
            var result = new SubjectResult(spec);
            results.Add(result);
            if (spec.Absent is null)
            {
                contestants.Add((result, spec.Create()));
            }
        }

        try
        {
            foreach (var (result, subject) in contestants)
            {
                Calibrate(result, subject);
            }

            Settle(contestants);
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < contestants.Count; i++)
                {
                    // Each round starts with another subject: nobody always runs behind the same neighbour.
                    var (result, subject) = contestants[(i + round) % contestants.Count];
                    if (result.Failure is null)
                    {
                        result.Add(RunOne(subject, result.Messages));
                    }
                }
            }
        }
        finally
        {
            foreach (var (result, subject) in contestants)
            {
                // After a failure threads may still be inside: what they use stays alive until the program ends.
                if (result.Failure is null)
                {
                    subject.Dispose();
                }
            }
        }

        return new CaseResult(suite, work, results);
    }

    /// <summary>Doubles the count until a round fills its time; everything before that is the warm-up.</summary>
    private void Calibrate(SubjectResult result, Subject subject)
    {
        var messages = subject.LeastMessages;
        for (var attempt = 0; attempt < MostCalibrations; attempt++)
        {
            var round = RunOne(subject, messages);
            if (round.Failure is not null)
            {
                result.Add(round);
                return;
            }

            var share = round.Seconds / roundTime.TotalSeconds;
            result.Messages = messages;
            if (share >= 0.75)
            {
                break;
            }

            var growth = Math.Clamp(1 / Math.Max(share, 1e-6), 1.1, share < 0.05 ? 8 : 4);
            messages = Math.Max(messages + subject.Multiple, (long)(messages * growth));
            messages -= messages % subject.Multiple;
        }
    }

    /// <summary>
    /// Lets the compiler finish: the runtime compiles what is hot again, in the background, twice, and only when nothing
    /// new was compiled for 100 ms. Without this a subject whose code comes as IL would be timed before its last
    /// compilation, and one that comes compiled (the framework's) would not.
    /// </summary>
    private static void Settle(List<(SubjectResult Result, Subject Subject)> contestants)
    {
        for (var tier = 0; tier < Tiers; tier++)
        {
            foreach (var (result, subject) in contestants.Where(contestant => contestant.Result.Failure is null))
            {
                var share = Math.Max(subject.LeastMessages, result.Messages / 4);
                var round = RunOne(subject, share - share % subject.Multiple);
                if (round.Failure is not null)
                {
                    result.Add(round);
                }
            }

            Task.Delay(BackgroundCompilation).Wait();
        }
    }

    private static Round RunOne(Subject subject, long messages)
    {
        // Nobody pays for the garbage of the subject before it.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return subject.Run(messages);
    }
}
