using System.Globalization;
using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Output;

/// <summary>How the table writes a figure: in the unit that keeps it short.</summary>
internal static class Figure
{
    public static string UnitOf(string metric) => metric switch
    {
        Metrics.Rate => "M msg/s",
        Metrics.Touched or Metrics.Bandwidth => "GB/s",
        _ => "ns",
    };

    public static string Of(string metric, double? value) => value is { } number
        ? Short(metric == Metrics.Rate ? number / 1e6 : number)
        : "-";

    public static string Short(double? value) => value is not { } number ? "-" : Math.Abs(number) switch
    {
        0 => "0",
        < 0.01 => number.ToString("0.0000", CultureInfo.InvariantCulture),
        < 1 => number.ToString("0.000", CultureInfo.InvariantCulture),
        < 10 => number.ToString("0.00", CultureInfo.InvariantCulture),
        < 1000 => number.ToString("0.0", CultureInfo.InvariantCulture),
        _ => number.ToString("#,0", CultureInfo.InvariantCulture),
    };

    public static string Ratio(double? value) => value is { } number ? Short(number) + "x" : "-";
}
