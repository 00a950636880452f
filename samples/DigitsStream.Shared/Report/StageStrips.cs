using System.Text;
using System.Xml.Linq;
using static Psyne.Flow.Samples.Digits.Markup;

namespace Psyne.Flow.Samples.Digits;

/// <summary>How many messages wait in each stage over time: a strip for each stage, all over the same axis and to the same scale.</summary>
internal static class StageStrips
{
    private const double Width = 1140, Left = 90, Right = 70, Strip = 44, Gap = 8, Bottom = 40;

    public static XElement Draw(DigitRun run)
    {
        var samples = run.Sampler.Samples;
        var stages = Enumerable.Range(0, run.Graph.Stages.Count).Where(i => run.Sampler.Last.Stages[i].Waiting >= 0).ToList();
        var most = Axis.RoundUp(stages.Max(run.Sampler.MostWaiting), 4);
        var height = stages.Count * (Strip + Gap) + Bottom;
        var x = new Axis(0, samples[^1].Seconds, Left, Width - Right);
        return Drawing(Width, height, "messages that wait in each stage over time",
            stages.Select((stage, row) => OneStrip(run, stage, row * (Strip + Gap), x, most)),
            x.Ticks(8).Select(value => Text(x.At(value), height - Bottom + 16, $"{value:0.###}", "tick", "middle")),
            Text((Left + Width - Right) / 2, height - 6, "seconds", "tick", "middle"));
    }

    private static XElement OneStrip(DigitRun run, int stage, double top, Axis x, double most)
    {
        var samples = run.Sampler.Samples;
        var y = new Axis(0, most, top + Strip, top);
        var area = new StringBuilder($"M{Number(x.At(0))} {Number(y.At(0))}");
        foreach (var sample in samples)
            area.Append('L').Append(Number(x.At(sample.Seconds))).Append(' ').Append(Number(y.At(sample.Stages[stage].Waiting)));
        area.Append('L').Append(Number(x.At(samples[^1].Seconds))).Append(' ').Append(Number(y.At(0))).Append('Z');
        return Tag("g",
            Text(Left - 10, top + Strip / 2 + 4, run.Graph.Stages[stage].Name, "label", "end"),
            Line(Left, top + Strip, Width - Right, top + Strip, "grid"),
            Tag("path", At("d", area.ToString()), Class("area series0"),
                Tag("title", $"{run.Graph.Stages[stage].Name}: mean {run.Sampler.MeanWaiting(stage):N0}, most {run.Sampler.MostWaiting(stage):N0}")),
            Text(Width - Right + 8, top + 12, $"{most:N0}", "tick"));
    }
}
