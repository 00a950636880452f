using System.Xml.Linq;
using static Psyne.Flow.Samples.Digits.Markup;

namespace Psyne.Flow.Samples.Digits;

/// <summary>How often each digit was taken for each: a row for the digit that was written, a column for what it was taken for.</summary>
internal static class ConfusionMatrix
{
    public static XElement Draw(WindowLearner learner)
    {
        var digits = Enumerable.Range(0, NearestCentroid.Classes).ToList();
        return Tag("table", Class("confusion"),
            Tag("thead",
                Tag("tr", Tag("th", "written"), digits.Select(digit => Tag("th", Class("number"), digit)), Tag("th", Class("number"), "right"))),
            Tag("tbody", digits.Select(digit =>
            {
                var all = digits.Sum(other => learner.Confusion(digit, other));
                return Tag("tr",
                    Tag("th", digit),
                    digits.Select(other => Cell(learner.Confusion(digit, other), all, digit == other)),
                    Tag("td", Class("number"), all == 0 ? "-" : $"{100.0 * learner.Confusion(digit, digit) / all:F1}%"));
            })));
    }

    private static XElement Cell(long count, long all, bool isRight) => Tag("td",
        Class(isRight ? "number hit" : "number miss"),
        At("style", $"--share: {Number(all == 0 ? 0 : 100.0 * count / all)}%"),
        count == 0 ? "" : $"{count:N0}");
}
