using System.Text;
using System.Xml.Linq;
using static Psyne.Flow.Samples.Digits.Markup;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Lines over a common axis, as SVG.</summary>
internal sealed class LineChart
{
    private const double Width = 560, Height = 260, Left = 58, Right = 12, Top = 30, Bottom = 44;

    /// <summary>What it shows, for its label.</summary>
    public required string Meaning { get; init; }

    public required string XName { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>The least and the greatest value of the upward axis; null for 0 and what the points need.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>How values of the upward axis are written.</summary>
    public Func<double, string> Write { get; init; } = static value => $"{value:#,0.####}";

    public XElement Draw()
    {
        var points = Series.SelectMany(series => series.Points).Where(point => double.IsFinite(point.Y)).ToList();
        if (points.Count == 0)
            return Tag("p", Class("empty"), "The run was too short to show this.");
        var (low, high) = Range ?? (0, Axis.RoundUp(points.Max(point => point.Y), 4));
        var x = new Axis(0, points.Max(point => point.X), Left, Width - Right);
        var y = new Axis(low, high, Height - Bottom, Top);
        return Drawing(Width, Height, Meaning,
            y.Ticks(4).Select(value => (object)new[]
            {
                Line(Left, y.At(value), Width - Right, y.At(value), "grid"),
                Text(Left - 8, y.At(value) + 4, Write(value), "tick", "end"),
            }),
            x.Ticks(6).Select(value => Text(x.At(value), Height - Bottom + 18, $"{value:#,0.###}", "tick", "middle")),
            Text((Left + Width - Right) / 2, Height - 6, XName, "tick", "middle"),
            Series.Select((series, index) => Curve(series, index, x, y)),
            Series.Select(Legend));
    }

    private static XElement Curve(ChartSeries series, int index, Axis x, Axis y)
    {
        var path = new StringBuilder();
        var alone = new List<XElement>(); // a value between two gaps has no line to be seen by
        for (var i = 0; i < series.Points.Count; i++)
        {
            var (at, value) = series.Points[i];
            if (!double.IsFinite(value))
                continue;
            var (begins, ends) = (i == 0 || !double.IsFinite(series.Points[i - 1].Y), i + 1 == series.Points.Count || !double.IsFinite(series.Points[i + 1].Y));
            path.Append(begins ? 'M' : 'L').Append(Number(x.At(at))).Append(' ').Append(Number(y.At(value)));
            if (begins && ends)
                alone.Add(Tag("circle", At("cx", x.At(at)), At("cy", y.At(value)), At("r", 2.5), Class($"dot series{index}")));
        }
        return Tag("g", Tag("path", At("d", path.ToString()), Class($"curve series{index}")), alone);
    }

    private static object Legend(ChartSeries series, int index)
    {
        var at = Left + index * 190;
        return new[] { Line(at, 14, at + 18, 14, $"curve series{index}"), Text(at + 24, 18, series.Name, "tick") };
    }
}
