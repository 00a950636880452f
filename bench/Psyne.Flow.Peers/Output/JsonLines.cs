using System.Text.Encodings.Web;
using System.Text.Json;
using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Output;

/// <summary>
/// The figures for machines: one object a line, always the same eight names in the same order. Medians under the
/// metric's own name; least and most of the primary metric under `name.min` and `name.max`.
/// </summary>
internal static class JsonLines
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(StreamWriter? to, CaseResult result)
    {
        if (to is null)
        {
            return;
        }

        var primary = result.Case.Primary;
        foreach (var subject in result.Subjects.Where(subject => subject.Spec.Absent is null))
        {
            foreach (var measure in subject.Shape)
            {
                Line(to, result, subject, measure.Metric, subject.Median(measure.Metric)!.Value, measure.Unit);
                if (measure.Metric == primary)
                {
                    Line(to, result, subject, primary + ".min", subject.Least(primary)!.Value, measure.Unit);
                    Line(to, result, subject, primary + ".max", subject.Most(primary)!.Value, measure.Unit);
                }
            }

            if (subject.Failure is not null && !subject.Shape.Any())
            {
                Line(to, result, subject, primary, 0, "none");
            }
        }

        to.Flush();
    }

    private static void Line(StreamWriter to, CaseResult result, SubjectResult subject, string metric, double value, string unit)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("suite", result.Suite);
            json.WriteString("case", result.Case.Name);
            json.WriteString("subject", subject.Spec.Name);
            json.WriteString("metric", metric);
            json.WriteNumber("value", double.IsFinite(value) ? value : 0);
            json.WriteString("unit", unit);
            json.WriteNumber("drops", subject.Drops);
            json.WriteBoolean("verified", subject.Failure is null);
            json.WriteEndObject();
        }

        to.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
