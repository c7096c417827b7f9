using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;

namespace SyncHop.Engine.Tests.Fakes;

/// <summary>One run of the engine between two trees in memory.</summary>
internal sealed class FakeRun : IOutput
{
    private readonly StringBuilder _output = new(), _errors = new();

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public ExitCode? Code { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary><c>-a</c> and <c>--delete</c>, with the lines of <c>-v</c>.</summary>
    public static SyncOptions Archive { get; } = new()
    {
        Recursive = true,
        Links = true,
        Perms = true,
        Times = true,
        Group = true,
        Owner = true,
        Specials = true,
        Delete = true,
        Verbosity = 1,
    };

    /// <summary>Synchronizes <c>src/</c> into <c>dst</c>; fails when that does not end.</summary>
    public static async Task<FakeRun> SyncAsync(
        FakeHost source, FakeHost destination, SyncOptions? options = null, FaultPlan? faults = null, params string[] sources) =>
        await AttemptAsync(source, destination, null, options, faults, sources);

    /// <summary>The same as one attempt of several.</summary>
    public static async Task<FakeRun> AttemptAsync(
        FakeHost source, FakeHost destination, Resumption? resumption, SyncOptions? options = null, FaultPlan? faults = null,
        params string[] sources)
    {
        FakeRun run = new();
        SyncRequest request = new()
        {
            SourceHost = source,
            Sources = [.. (sources.Length == 0 ? ["src/"] : sources).Select(FakeHost.Bytes)],
            DestinationHost = destination,
            Destination = "dst"u8.ToArray(),
            Options = options ?? Archive,
            Resumption = resumption,
        };
        try
        {
            run.Code = await new Synchronizer(request, run).RunAsync(faults?.Cancellation.Token ?? default).WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (Exception failure) when (failure is OperationCanceledException or ReplicaLostException)
        {
            run.Failure = failure;
        }
        return run;
    }

    public void Write(ReadOnlySpan<byte> text) => Append(_output, text);

    public void WriteError(ReadOnlySpan<byte> text) => Append(_errors, text);

    private static void Append(StringBuilder builder, ReadOnlySpan<byte> text)
    {
        lock (builder) builder.Append(Encoding.UTF8.GetString(text));
    }

    private static string Read(StringBuilder builder)
    {
        lock (builder) return builder.ToString();
    }
}
