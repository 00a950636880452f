using BenchmarkDotNet.Running;

// Single operations and what they allocate: dotnet run -c Release --project bench/Psyne.Flow.Microbenchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
