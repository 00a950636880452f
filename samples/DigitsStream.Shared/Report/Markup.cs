using System.Globalization;
using System.Xml.Linq;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Short forms for elements of HTML and SVG. What is made this way is well-formed, and every text in it escaped.</summary>
internal static class Markup
{
    public static XElement Tag(string name, params object?[] content) => new(name, content);

    public static XAttribute At(string name, string value) => new(name, value);

    /// <summary>A coordinate or a length: two places are as fine as it gets.</summary>
    public static XAttribute At(string name, double value) => new(name, Number(value));

    public static XAttribute Class(string names) => new("class", names);

    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>A drawing that is as wide as its place, and says to those who don't see it what it shows.</summary>
    public static XElement Drawing(double width, double height, string meaning, params object?[] content) => Tag(
        "svg", At("viewBox", $"0 0 {Number(width)} {Number(height)}"), At("role", "img"), At("aria-label", meaning), content);

    public static XElement Text(double x, double y, string text, string classes, string anchor = "start") =>
        Tag("text", At("x", x), At("y", y), At("text-anchor", anchor), Class(classes), text);

    public static XElement Line(double x1, double y1, double x2, double y2, string classes) =>
        Tag("line", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2), Class(classes));

    /// <summary>A table with a head. Cells are texts or elements; those after the first <paramref name="texts"/> are numbers.</summary>
    public static XElement Table(IEnumerable<string> head, IEnumerable<IEnumerable<object>> rows, int texts = 1)
    {
        XElement Cell(string tag, object content, int column) =>
            content is XElement element ? element : Tag(tag, column < texts ? null : Class("number"), content);
        return Tag("table",
            Tag("thead", Tag("tr", head.Select((name, column) => Cell("th", name, column)))),
            Tag("tbody", rows.Select(row => Tag("tr", row.Select((cell, column) => Cell("td", cell, column))))));
    }
}
