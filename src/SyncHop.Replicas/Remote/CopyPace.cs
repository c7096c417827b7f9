using System.Diagnostics;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// Keeps a server that copies ranges busy without filling its memory. What it has not got to yet waits in OpenSSH's sftp-server in a
/// buffer that is copied each time it grows: megabytes of it make that the main work. So the next copy waits when the oldest one's answer
/// takes much longer than the quickest answer took, which is the way there and back. One caller at a time.
/// </summary>
internal sealed class CopyPace
{
    /// <summary>Copies on the way before the first answer tells how long the way is.</summary>
    private const int FirstCopies = 64;

    /// <summary>Work that may wait at the server beyond what a round trip covers: it is not idle when we are late.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly Queue<(long Sent, Task<long> Answered)> _waiting = new();
    private TimeSpan? _quickest;

    /// <summary>Notes a copy that was just asked for.</summary>
    /// <param name="answer">Completes with its answer; does not fail.</param>
    public void Add(Task answer) => _waiting.Enqueue((Stopwatch.GetTimestamp(), StampAsync(answer)));

    /// <summary>Completes when the next copy may be asked for.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        while (_waiting.TryPeek(out (long Sent, Task<long> Answered) oldest))
        {
            if (!oldest.Answered.IsCompleted)
            {
                bool mayGoOn = _quickest is TimeSpan quickest
                    ? Stopwatch.GetElapsedTime(oldest.Sent) < (2 * quickest) + Slack
                    : _waiting.Count < FirstCopies;
                if (mayGoOn) return;
            }
            TimeSpan took = Stopwatch.GetElapsedTime(oldest.Sent, await oldest.Answered.WaitAsync(cancellation).ConfigureAwait(false));
            if (_quickest is null || took < _quickest) _quickest = took;
            _waiting.Dequeue();
        }
    }

    private static async Task<long> StampAsync(Task answer)
    {
        await answer.ConfigureAwait(false);
        return Stopwatch.GetTimestamp();
    }
}
