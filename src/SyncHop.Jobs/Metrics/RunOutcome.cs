using SyncHop.Engine;

namespace SyncHop.Jobs.Metrics;

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Summary">What it did.</param>
/// <param name="Ended">When.</param>
/// <param name="Duration">How long it took.</param>
public sealed record RunOutcome(int ExitCode, RunSummary Summary, DateTimeOffset Ended, TimeSpan Duration);
