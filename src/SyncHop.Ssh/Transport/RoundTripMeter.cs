using System.Diagnostics;
using Renci.SshNet;

namespace SyncHop.Ssh.Transport;

/// <summary>Measures how long a host takes to answer, with the question that keepalives ask.</summary>
internal static class RoundTripMeter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="session">The session.</param>
    /// <param name="questions">How often the host is asked.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    /// <returns>The times; none when the host, against RFC 4254, section 4, does not answer.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<IReadOnlyList<TimeSpan>> MeasureAsync(Session session, int questions, CancellationToken cancellationToken)
    {
        TaskCompletionSource? answered = null;
        SshNetInternals.OnRequestSuccess(session, (_, _) => Volatile.Read(ref answered)?.TrySetResult());
        SshNetInternals.OnRequestFailure(session, (_, _) => Volatile.Read(ref answered)?.TrySetResult());
        List<TimeSpan> times = [];
        for (int i = 0; i < questions; i++)
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

            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times;
    }
}
