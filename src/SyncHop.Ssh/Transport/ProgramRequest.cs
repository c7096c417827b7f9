using System.Text;
using Renci.SshNet;
using Renci.SshNet.Messages.Connection;

namespace SyncHop.Ssh.Transport;

/// <summary>Asks for a program on an open session channel (RFC 4254, section 6.5) without waiting for the answer.</summary>
/// <param name="kind"><c>subsystem</c> or <c>exec</c>.</param>
/// <param name="program">The subsystem's name, or the command.</param>
internal sealed class ProgramRequest(string kind, string program) : RequestInfo
{
    private readonly byte[] _program = Encoding.UTF8.GetBytes(program);

    /// <inheritdoc/>
    public override string RequestName => kind;

    /// <inheritdoc/>
    protected override int BufferCapacity => base.BufferCapacity + sizeof(uint) + _program.Length;

    /// <summary>Sends it. What is sent on the channel afterwards reaches the program, as OpenSSH's own sftp relies on too.</summary>
    /// <param name="session">The session.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="refused">Called for a refusal, on the receive thread: before anything that the server sent after it is looked at.</param>
    /// <returns>Whether the server starts the program; it does not complete when the channel or the connection ends before.</returns>
    public Task<bool> SendAsync(Session session, object channel, Action refused)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        uint number = SshNetInternals.LocalChannelNumber(channel);
        SshNetInternals.OnChannelSuccess(session, Granted);
        SshNetInternals.OnChannelFailure(session, Refused);
        SshNetInternals.OnClosed(channel, (_, _) => StopListening());
        WantReply = true;
        SshNetInternals.TrySendMessage(session, new ChannelRequestMessage(SshNetInternals.RemoteChannelNumber(channel), this));
        return answer.Task;

        void Granted(object? sender, MessageEventArgs<ChannelSuccessMessage> e)
        {
            if (e.Message.LocalChannelNumber != number) return;
            StopListening();
            answer.TrySetResult(true);
        }

        void Refused(object? sender, MessageEventArgs<ChannelFailureMessage> e)
        {
            if (e.Message.LocalChannelNumber != number) return;
            StopListening();
            refused();
            answer.TrySetResult(false);
        }

        void StopListening()
        {
            SshNetInternals.RemoveOnChannelSuccess(session, Granted);
            SshNetInternals.RemoveOnChannelFailure(session, Refused);
        }
    }

    /// <inheritdoc/>
    protected override void SaveData()
    {
        base.SaveData();
        WriteBinaryString(_program);
    }
}
