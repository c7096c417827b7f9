using System.Diagnostics;
using Renci.SshNet;

namespace SyncHop.Ssh.Transport;

/// <summary>Measures how long a host takes to answer, with the question that keepalives ask.</summary>
internal static class RoundTripMeter
{
    private const int Questions = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>The shortest of several times; null when the host, against RFC 4254, section 4, does not answer.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<TimeSpan?> MeasureAsync(Session session, CancellationToken cancellationToken)
    {
        TaskCompletionSource? answered = null;
        SshNetInternals.OnRequestSuccess(session, (_, _) => Volatile.Read(ref answered)?.TrySetResult());
        SshNetInternals.OnRequestFailure(session, (_, _) => Volatile.Read(ref answered)?.TrySetResult());
        TimeSpan? shortest = null;
        for (int i = 0; i < Questions; i++)
        {
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref answered, answer);
            long start = Stopwatch.GetTimestamp();
            if (!SshNetInternals.TrySendMessage(session, SshNetInternals.CreateGlobalRequest("keepalive@openssh.com"u8.ToArray())))
                break;
            try
            {
                await answer.Task.WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                break;
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (shortest is null || elapsed < shortest) shortest = elapsed;
        }

        return shortest;
    }
}
