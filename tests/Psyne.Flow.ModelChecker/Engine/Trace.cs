using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Psyne.Flow.ModelChecking;

/// <summary>
/// What happened, step by step. Written only when a failure is run again: stack traces cost more than executions.
/// </summary>
internal sealed class Trace(ModelMemory memory)
{
    private const int MaxFrames = 2;

    /// <summary>A livelock repeats itself: its end says as much as its middle.</summary>
    private const int MaxLines = 400;

    private readonly List<string> _lines = [];
    private readonly Dictionary<int, string> _bySteps = [];

    public void Add(LogicalThread thread, int step, string operation)
    {
        var text = $"{thread.Name,-4} {operation}";
        var line = string.Create(CultureInfo.InvariantCulture, $"{step,5} {text,-60} {Caller()}").TrimEnd();
        _bySteps[step] = line.Trim();
        _lines.Add(line);
    }

    public void AddDrain(LogicalThread owner, Location location, long value) =>
        AddNote(owner, $"  (buffer drains) {NameOf(location.Address)} <- {value}");

    public void AddNote(LogicalThread thread, string note) => _lines.Add($"      {thread.Name,-4} {note}");

    public string NameOf(nint address) => memory.NameOf(address);

    /// <summary>The line of a step, for naming a race's other side.</summary>
    public string Site(int step) => _bySteps.GetValueOrDefault(step, $"step {step}");

    public override string ToString()
    {
        if (_lines.Count <= MaxLines)
        {
            return string.Join(Environment.NewLine, _lines);
        }

        var half = MaxLines / 2;
        return string.Join(
            Environment.NewLine,
            [.. _lines.Take(half), $"      ... {_lines.Count - MaxLines} more ...", .. _lines.TakeLast(half)]);
    }

    /// <summary>The innermost frames that aren't the checker's own.</summary>
    private static string Caller()
    {
        var text = new StringBuilder();
        var found = 0;
        foreach (var frame in new StackTrace(2, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { } method || IsOwn(method))
            {
                if (found > 0)
                {
                    break;
                }

                continue;
            }

            text.Append(found++ == 0 ? "at " : " < ").Append(Describe(method, frame));
            if (found == MaxFrames)
            {
                break;
            }
        }

        return text.ToString();
    }

    private static bool IsOwn(MethodBase method)
    {
        var type = Outermost(method);
        return type == typeof(ModelAtomics) || type == typeof(Execution) || type == typeof(Trace) || type == typeof(Model)
            || type is { Name: "Scenario`1" };
    }

    private static string Describe(MethodBase method, StackFrame frame)
    {
        // A lambda's method is called <Method>b__1_0, in a nested class.
        var name = method.Name is ['<', .. var rest] ? $"{rest[..rest.IndexOf('>')]} lambda" : method.Name;
        var file = frame.GetFileName();
        var place = file is null ? "" : $" ({Path.GetFileName(file)}:{frame.GetFileLineNumber()})";
        return $"{Outermost(method)?.Name.Split('`')[0]}.{name}{place}";
    }

    private static Type? Outermost(MethodBase method)
    {
        var type = method.DeclaringType;
        while (type?.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
