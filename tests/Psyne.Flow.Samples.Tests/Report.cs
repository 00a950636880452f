using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Psyne.Flow.Samples.Tests;

/// <summary>A report that a sample wrote, gone when the test is over.</summary>
internal sealed class Report : IDisposable
{
    private string _text = "";
    private XElement _page = new("none");

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"report-{Guid.NewGuid():N}.html");

    /// <summary>Reads it; a page that isn't well-formed throws.</summary>
    public void Read()
    {
        _text = File.ReadAllText(Path);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", _text, StringComparison.Ordinal);
        _page = XDocument.Parse(_text).Root!;
    }

    public string TextOf(string section) => Section(section).Value;

    public void AssertSections(params string[] ids) =>
        Assert.Equal(ids, _page.Descendants("section").Select(section => section.Attribute("id")!.Value));

    /// <summary>No scripts, and no address of anything outside the page.</summary>
    public void AssertSelfContained()
    {
        Assert.DoesNotMatch(new Regex("https?:|//[a-z]|@import", RegexOptions.IgnoreCase), _text);
        Assert.DoesNotContain(_page.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe" or "img" or "object" or "embed");
        Assert.DoesNotContain(_page.Descendants().Attributes(), attribute =>
            attribute.Name.LocalName is "src" or "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.All(Regex.Matches(_text, @"url\([^)]*\)"), url => Assert.Equal("url(#arrow)", url.Value));
        Assert.Empty(EmptyElements()); // <p/> would be an open tag to a browser
    }

    /// <summary>A box for each stage, and a line for each link: all stages hang together.</summary>
    public void AssertPipeline(IReadOnlyCollection<string> stages)
    {
        var section = Section("pipeline");
        Assert.Equal(stages, section.Descendants("text").Where(text => text.Attribute("class")!.Value == "name").Select(text => text.Value));
        Assert.Equal(stages.Count - 1, section.Descendants("g").Count(group => group.Attribute("class")?.Value == "link"));
    }

    /// <summary>The matrix has the very counts of the accuracy line.</summary>
    public void AssertConfusion(string output, int epochs)
    {
        var rows = Section("confusion").Descendants("tbody").Elements("tr").ToList();
        var counts = rows.Select(row => row.Elements("td").Take(10).Select(cell => Number(cell.Value)).ToList()).ToList();
        Assert.Equal(10, counts.Count);
        var written = DataFile.Lines.Skip(1797 * 3 / 4).CountBy(text => text[^1] - '0').ToDictionary();
        Assert.Equal(Enumerable.Range(0, 10).Select(digit => (long)epochs * written[digit]), counts.Select(row => row.Sum()));
        var line = Regex.Match(output, @"\(([\d,]+) of ([\d,]+)\)");
        Assert.Equal(Number(line.Groups[1].Value), counts.Select((row, digit) => row[digit]).Sum());
        Assert.Equal(Number(line.Groups[2].Value), counts.Sum(row => row.Sum()));
    }

    /// <summary>Ten means, ten variances; no two pictures are the same.</summary>
    public void AssertPictures()
    {
        foreach (var section in (string[])["centroids", "digits"])
        {
            var pictures = Section(section).Descendants("svg").ToList();
            Assert.Equal(10, pictures.Count);
            Assert.All(pictures, picture => Assert.Equal(64, picture.Elements("rect").Count()));
            Assert.Equal(10, pictures.Select(picture => string.Join(' ', picture.Elements("rect").Select(pixel => pixel.Attribute("fill-opacity")!.Value))).Distinct().Count());
        }
    }

    /// <summary>Every chart has a curve of several points; how many the rate has is the machine's affair.</summary>
    public void AssertCurves()
    {
        Assert.Equal(4, Section("learning").Descendants("svg").Count());
        var charts = ((string[])["learning", "occupancy"]).SelectMany(section => Section(section).Descendants("svg")).ToList();
        Assert.Equal(5, charts.Count);
        Assert.Single(Section("rate").Descendants("svg"));
        Assert.All(charts, chart => Assert.Contains(chart.Descendants("path"), path => path.Attribute("d")!.Value.Count(c => c == 'L') >= 3));
        Assert.DoesNotContain("NaN", _text, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(Path);

    private XElement Section(string id) => Assert.Single(_page.Descendants("section"), section => section.Attribute("id")!.Value == id);

    private IEnumerable<XElement> EmptyElements() =>
        _page.Descendants().Where(element => element.IsEmpty && element.Name.LocalName != "meta" && !element.Ancestors("svg").Any());

    private static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
}
