using BenchmarkDotNet.Running;
using SyncHop.Benchmarks;

if (args is ["rdiff", .. string[] rest])
    return new RdiffComparison(rest).Run();
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
