using System.Xml.Linq;
using static Psyne.Flow.Samples.Digits.Markup;

namespace Psyne.Flow.Samples.Digits;

/// <summary>The stages and links of a graph, from top to bottom, with what went through each.</summary>
internal static class PipelineDrawing
{
    private const double BoxWidth = 330, BoxHeight = 62, Across = 40, Down = 44, Margin = 8;

    public static XElement Draw(DigitRun run)
    {
        var graph = run.Graph;
        var layer = Layers(graph);
        var columns = graph.Stages.GroupBy(stage => layer[stage]).Max(stages => stages.Count());
        var width = columns * (BoxWidth + Across) - Across + 2 * Margin;
        var height = (layer.Values.Max() + 1) * (BoxHeight + Down) - Down + 2 * Margin;
        var place = new Dictionary<Stage, (double X, double Y)>();
        foreach (var stages in graph.Stages.GroupBy(stage => layer[stage]))
        {
            var left = (width - stages.Count() * (BoxWidth + Across) + Across) / 2;
            foreach (var (stage, column) in stages.Select((stage, column) => (stage, column)))
                place[stage] = (left + column * (BoxWidth + Across), Margin + stages.Key * (BoxHeight + Down));
        }
        return Tag("div", At("style", $"max-width: {Number(width)}px"), Drawing(width, height, "the stages of the pipeline and their links",
            Tag("defs", Tag("marker", At("id", "arrow"), At("viewBox", "0 0 8 8"), At("refX", 7), At("refY", 4), At("markerWidth", 7), At("markerHeight", 7),
                At("orient", "auto"), Tag("path", At("d", "M0 0L8 4L0 8Z"), Class("head")))),
            graph.Links.Select(link => Link(place[link.From], place[link.To], link.Message)),
            graph.Stages.Select((stage, index) => Box(run, stage, index, place[stage]))));
    }

    /// <summary>A stage stands below all that lead to it.</summary>
    private static Dictionary<Stage, int> Layers(StageGraph graph)
    {
        var layer = graph.Stages.ToDictionary(stage => stage, _ => 0);
        for (var again = 0; again < graph.Stages.Count; again++)
            foreach (var link in graph.Links)
                layer[link.To] = Math.Max(layer[link.To], layer[link.From] + 1);
        return layer;
    }

    private static XElement Box(DigitRun run, Stage stage, int index, (double X, double Y) at)
    {
        var counts = run.Sampler.Last.Stages[index];
        return Tag("g", Class("stage"),
            Tag("rect", At("x", at.X), At("y", at.Y), At("width", BoxWidth), At("height", BoxHeight), At("rx", 6), Class("box")),
            Text(at.X + 12, at.Y + 19, stage.Name, "name"),
            Text(at.X + BoxWidth - 12, at.Y + 19, counts.Messages < 0 ? "" : $"{counts.Messages:N0}", "tick", "end"),
            Text(at.X + 12, at.Y + 36, stage.Kind, "kind"),
            Text(at.X + 12, at.Y + 53, stage.Does, "tick"));
    }

    private static XElement Link((double X, double Y) from, (double X, double Y) to, string message)
    {
        var (x1, y1, x2, y2) = (from.X + BoxWidth / 2, from.Y + BoxHeight, to.X + BoxWidth / 2, to.Y);
        var middle = (y1 + y2) / 2;
        return Tag("g", Class("link"),
            Tag("path", At("d", $"M{Number(x1)} {Number(y1)}C{Number(x1)} {Number(middle)} {Number(x2)} {Number(middle)} {Number(x2)} {Number(y2 - 2)}"), Class("wire"), At("marker-end", "url(#arrow)")),
            Text((x1 + x2) / 2 + 8, middle + 4, message, "kind"));
    }
}
