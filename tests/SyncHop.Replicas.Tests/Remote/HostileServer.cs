using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using SyncHop.Sftp.Tests;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>A server in memory some of whose answers are broken. It ends the channel when its client may be waiting in vain.</summary>
internal sealed class HostileServer
{
    private const int LongestRequest = 1 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(5);

    private readonly DuplexPipe _pipe;
    private readonly Random _random;
    private readonly HostileAnswers _answers;
    private readonly int _oneIn;
    private byte[]? _held;
    private bool _isDesynchronized;

    private HostileServer(DuplexPipe pipe, int seed)
    {
        _pipe = pipe;
        _random = new Random(seed);
        _answers = new HostileAnswers(_random);
        _oneIn = _random.Next(1, 40);
        Served = Task.Run(ServeAsync);
    }

    /// <summary>Completes when the channel has ended.</summary>
    public Task Served { get; }

    /// <summary>How many answers were broken, held back, doubled or cut off.</summary>
    public int Mutated { get; private set; }

    /// <summary>A server, and the client's end of the channel to it.</summary>
    public static (HostileServer Server, DuplexPipe Client) Start(int seed)
    {
        (DuplexPipe client, DuplexPipe server) = DuplexPipe.Create();
        return (new HostileServer(server, seed), client);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (await ReceiveAsync() is { } request && await SendAsync(_answers.Answer(request), isGreeting: request[0] == 1))
            {
            }
        }
        catch (Exception closed) when (closed is InvalidOperationException or IOException)
        {
            // The client let go of the channel.
        }
        await _pipe.Output.CompleteAsync();
        await _pipe.Input.CompleteAsync();
    }

    /// <returns>Whether the channel goes on.</returns>
    private async Task<bool> SendAsync(byte[] answer, bool isGreeting)
    {
        bool goesOn = true;
        if (_random.Next(isGreeting ? 20 * _oneIn : _oneIn) == 0)
        {
            Mutated++;
            switch (_random.Next(12))
            {
                case 0: // Later than the next one.
                    (answer, _held) = (_held ?? [], answer);
                    _isDesynchronized = true;
                    break;
                case 1: // The end, in the middle of it.
                    answer = answer[.._random.Next(answer.Length)];
                    goesOn = false;
                    break;
                default:
                    answer = _answers.Mutate(answer, out bool waits);
                    _isDesynchronized |= waits;
                    break;
            }
        }
        else if (_held is not null)
        {
            (answer, _held) = ([.. answer, .. _held], null);
        }
        await _pipe.Output.WriteAsync(answer);
        return goesOn;
    }

    private async Task<byte[]?> ReceiveAsync()
    {
        while (true)
        {
            using CancellationTokenSource patience = new();
            if (_isDesynchronized) patience.CancelAfter(s_patience);
            ReadResult result;
            try
            {
                result = await _pipe.Input.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (buffer.Length >= 4)
            {
                int length = BinaryPrimitives.ReadInt32BigEndian(buffer.Slice(0, 4).ToArray());
                Assert.InRange(length, 1, LongestRequest);
                if (buffer.Length >= 4 + length)
                {
                    byte[] packet = buffer.Slice(4, length).ToArray();
                    _pipe.Input.AdvanceTo(buffer.GetPosition(4 + length));
                    return packet;
                }
            }
            _pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return null;
        }
    }
}
