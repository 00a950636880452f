using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Psyne.Flow.Peers.Native;

/// <summary>
/// Compiles bench/native into a shared library at first use, in an obj folder beside the program, under the hash of
/// the sources: changed sources are compiled again, unchanged ones never.
/// </summary>
/// <remarks>
/// A shared library and not a child process: its functions run on the very threads that run the .NET subjects, on the
/// same cores, between the same clock readings, and its payloads go through the same verification. A child process
/// would bring its own threads, start-up and placement, and differ in more than what is compared.
/// </remarks>
internal static class NativeLibraryBuilder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The library's path, or why there is none and what to install.</summary>
    public static (string? Path, string? Absent) Build()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "native");
        string[] sources = Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.c").Where(file => !file.EndsWith("_main.c", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [];
        if (sources.Length == 0)
        {
            return (null, "its sources aren't beside the program (bench/native)");
        }

        var name = OperatingSystem.IsMacOS() ? "libpsyne_limits.dylib" : "libpsyne_limits.so";
        var cache = Path.Combine(AppContext.BaseDirectory, "obj", "native-" + Hash(Directory.GetFiles(folder)));
        var library = Path.Combine(cache, name);
        if (File.Exists(library))
        {
            return (library, null);
        }

        Directory.CreateDirectory(cache);
        var complaints = "";
        foreach (var compiler in Compilers())
        {
            // -march=native first: a limit should use what the machine has, as the JIT does.
            foreach (string[] machine in new[] { ["-march=native"], Array.Empty<string>() })
            {
                // Another run may compile at the same time: each makes its own file, and a move is atomic.
                var mine = $"{library}.{Environment.ProcessId}";
                string[] arguments = ["-std=c11", "-O3", .. machine, "-fPIC", "-shared", "-pthread", "-o", mine, .. sources];
                var (started, complaint) = Compile(compiler, arguments);
                if (started && complaint is null)
                {
                    File.Move(mine, library, overwrite: true);
                    return (library, null);
                }

                complaints = complaint ?? complaints;
            }
        }

        return (null, complaints.Length == 0
            ? "no C compiler; install one, e.g. `apt install gcc` or `xcode-select --install`, or name it in CC"
            : "the C compiler refused it: " + complaints.ReplaceLineEndings(" "));
    }

    private static IEnumerable<string> Compilers()
    {
        if (Environment.GetEnvironmentVariable("CC") is { Length: > 0 } chosen)
        {
            yield return chosen;
        }

        yield return "cc";
        yield return "gcc";
        yield return "clang";
    }

    private static (bool Started, string? Complaint) Compile(string compiler, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(compiler, arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return (true, $"{compiler} took longer than {Patience.TotalSeconds} s");
            }

            return (true, process.ExitCode == 0 ? null : errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            return (false, null);
        }
    }

    private static string Hash(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
