using System.Globalization;
using System.Text;

namespace Psyne.Flow.ModelChecking;

/// <summary>
/// The text form of an execution's choices: <c>x:</c> (exhaustive) or <c>r:</c> (random: other bounds), then the
/// chosen alternatives, <c>index*times</c> for runs. Zeros at the end are left out: a replay takes 0 there anyway.
/// </summary>
internal static class ScheduleText
{
    public static string Format(bool random, IEnumerable<int> indices)
    {
        var text = new StringBuilder(random ? "r:" : "x:");
        var list = indices.ToList();
        var end = list.FindLastIndex(index => index != 0) + 1;
        for (var i = 0; i < end;)
        {
            var run = 1;
            while (i + run < end && list[i + run] == list[i])
            {
                run++;
            }

            text.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{list[i]}");
            if (run > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"*{run}");
            }

            i += run;
        }

        return text.ToString();
    }

    public static (bool Random, List<int> Indices) Parse(string schedule)
    {
        var indices = new List<int>();
        if (schedule is not (['x' or 'r', ':', ..]))
        {
            throw new FormatException($"\"{schedule}\" is no schedule: it starts with x: or r:.");
        }

        foreach (var part in schedule[2..].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var star = part.IndexOf('*');
            var index = int.Parse(star < 0 ? part : part[..star], CultureInfo.InvariantCulture);
            var times = star < 0 ? 1 : int.Parse(part[(star + 1)..], CultureInfo.InvariantCulture);
            indices.AddRange(Enumerable.Repeat(index, times));
        }

        return (schedule[0] == 'r', indices);
    }
}
