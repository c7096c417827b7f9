using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Renci.SshNet;
using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Connection;

namespace SyncHop.Ssh.Transport;

/// <summary>
/// Every internal member of SSH.NET 2026.0.0 that SyncHop uses, and the only place that names one.
/// </summary>
/// <remarks>
/// SSH.NET has no public channel for a subsystem, no direct-tcpip channel on a socket of ours, and no way to abort
/// a handshake. The accessors are bound at compile time by NativeAOT and on first use by the JIT; a member that an
/// upgrade moved throws <see cref="MissingMethodException"/> or <see cref="MissingFieldException"/>.
/// </remarks>
internal static class SshNetInternals
{
    private const string ServiceFactoryType = "Renci.SshNet.ServiceFactory, Renci.SshNet";
    private const string ServiceFactoryInterface = "Renci.SshNet.IServiceFactory, Renci.SshNet";
    private const string SocketFactoryType = "Renci.SshNet.Connection.SocketFactory, Renci.SshNet";
    private const string SocketFactoryInterface = "Renci.SshNet.Connection.ISocketFactory, Renci.SshNet";
    private const string ForwardedPortInterface = "Renci.SshNet.IForwardedPort, Renci.SshNet";
    private const string SessionChannelInterface = "Renci.SshNet.Channels.IChannelSession, Renci.SshNet";
    private const string SessionChannelType = "Renci.SshNet.Channels.ChannelSession, Renci.SshNet";
    private const string DirectChannelInterface = "Renci.SshNet.Channels.IChannelDirectTcpip, Renci.SshNet";
    private const string DirectChannelType = "Renci.SshNet.Channels.ChannelDirectTcpip, Renci.SshNet";
    private const string ClientChannelType = "Renci.SshNet.Channels.ClientChannel, Renci.SshNet";
    private const string ChannelType = "Renci.SshNet.Channels.Channel, Renci.SshNet";
    private const string DataEventType = "Renci.SshNet.Common.ChannelDataEventArgs, Renci.SshNet";
    private const string OpenFailedEventType = "Renci.SshNet.Common.ChannelOpenFailedEventArgs, Renci.SshNet";
    private const string DataHandler =
        "System.EventHandler`1[[Renci.SshNet.Common.ChannelDataEventArgs, Renci.SshNet]]";
    private const string ExtendedDataHandler =
        "System.EventHandler`1[[Renci.SshNet.Common.ChannelExtendedDataEventArgs, Renci.SshNet]]";
    private const string ChannelHandler =
        "System.EventHandler`1[[Renci.SshNet.Common.ChannelEventArgs, Renci.SshNet]]";
    private const string OpenFailedHandler =
        "System.EventHandler`1[[Renci.SshNet.Common.ChannelOpenFailedEventArgs, Renci.SshNet]]";

    /// <summary>Creates a session that is not yet connected, so that it can be aborted while it connects.</summary>
    public static Session CreateSession(ConnectionInfo connectionInfo) =>
        NewSession(connectionInfo, NewServiceFactory(), NewSocketFactory());

    /// <summary>The socket of a session: null until it is connected and after it is disposed.</summary>
    public static Socket? SocketOf(Session session) => SocketField(session);

    /// <summary>A global request of the connection protocol (RFC 4254, section 4) that wants a reply.</summary>
    public static Message CreateGlobalRequest(byte[] name) => NewGlobalRequest(name, wantReply: true);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TrySendMessage")]
    public static extern bool TrySendMessage(Session session, Message message);

    /// <summary>Raised on the session's receive thread when the server grants a global request.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_RequestSuccessReceived")]
    public static extern void OnRequestSuccess(
        Session session, EventHandler<MessageEventArgs<RequestSuccessMessage>> handler);

    /// <summary>Raised on the session's receive thread when the server refuses a global request.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_RequestFailureReceived")]
    public static extern void OnRequestFailure(
        Session session, EventHandler<MessageEventArgs<RequestFailureMessage>> handler);

    /// <summary>Raised on the session's receive thread when the server grants a request on any channel.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_ChannelSuccessReceived")]
    public static extern void OnChannelSuccess(
        Session session, EventHandler<MessageEventArgs<ChannelSuccessMessage>> handler);

    /// <summary>Undoes <see cref="OnChannelSuccess"/>.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "remove_ChannelSuccessReceived")]
    public static extern void RemoveOnChannelSuccess(
        Session session, EventHandler<MessageEventArgs<ChannelSuccessMessage>> handler);

    /// <summary>Raised on the session's receive thread when the server refuses a request on any channel.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_ChannelFailureReceived")]
    public static extern void OnChannelFailure(
        Session session, EventHandler<MessageEventArgs<ChannelFailureMessage>> handler);

    /// <summary>Undoes <see cref="OnChannelFailure"/>.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "remove_ChannelFailureReceived")]
    public static extern void RemoveOnChannelFailure(
        Session session, EventHandler<MessageEventArgs<ChannelFailureMessage>> handler);

    /// <summary>
    /// Lets a session ask for the login in the same burst as for the service that takes it (RFC 4253, section 10), instead of a round
    /// trip later. To be called before the key exchange ends.
    /// </summary>
    public static void SkipServiceAnswer(Session session) => ServiceAcceptedField(session).Set();

    /// <summary>The number of packets received, modulo 2^32: it moves whenever the server says anything.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InboundPacketSequence")]
    public static extern uint InboundPacketSequence(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Renci.SshNet.ISession.CreateChannelSession")]
    [return: UnsafeAccessorType(SessionChannelInterface)]
    public static extern object CreateSessionChannel(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Open")]
    public static extern void OpenSessionChannel([UnsafeAccessorType(SessionChannelType)] object channel);

    /// <summary>Starts a command (RFC 4254, section 6.5); false when the server does not.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendExecRequest")]
    public static extern bool SendExecRequest([UnsafeAccessorType(SessionChannelType)] object channel, string command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Renci.SshNet.ISession.CreateChannelDirectTcpip")]
    [return: UnsafeAccessorType(DirectChannelInterface)]
    public static extern object CreateDirectChannel(Session session);

    /// <summary>Opens a direct-tcpip channel whose near end is a connected socket (RFC 4254, section 7.2).</summary>
    public static void OpenDirectChannel(object channel, string host, uint port, ForwardedPort owner, Socket socket) =>
        OpenDirect(channel, host, port, owner, socket);

    /// <summary>Copies from the socket into the channel until the socket ends; blocks.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Bind")]
    public static extern void BindDirectChannel([UnsafeAccessorType(DirectChannelType)] object channel);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_OpenFailed")]
    private static extern void AddOpenFailed(
        [UnsafeAccessorType(ClientChannelType)] object channel, [UnsafeAccessorType(OpenFailedHandler)] object handler);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ReasonCode")]
    public static extern uint OpenFailureReason([UnsafeAccessorType(OpenFailedEventType)] object arguments);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Description")]
    public static extern string? OpenFailureText([UnsafeAccessorType(OpenFailedEventType)] object arguments);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RemoteChannelNumber")]
    public static extern uint RemoteChannelNumber([UnsafeAccessorType(ChannelType)] object channel);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LocalChannelNumber")]
    public static extern uint LocalChannelNumber([UnsafeAccessorType(ChannelType)] object channel);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsOpen")]
    public static extern bool IsOpen([UnsafeAccessorType(ChannelType)] object channel);

    /// <summary>Sends bytes on a channel; blocks while the peer's window is full.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendData")]
    public static extern void SendData(
        [UnsafeAccessorType(ChannelType)] object channel, byte[] data, int offset, int size);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendEof")]
    public static extern void SendEof([UnsafeAccessorType(ChannelType)] object channel);

    /// <summary>The received bytes, valid only inside the handler.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    public static extern ArraySegment<byte> ReceivedData([UnsafeAccessorType(DataEventType)] object arguments);

    // EventHandler<T> is contravariant: a handler of EventArgs is accepted where SSH.NET wants its internal type.

    public static void OnOpenFailed(object channel, EventHandler<EventArgs> handler) => AddOpenFailed(channel, handler);

    public static void OnDataReceived(object channel, EventHandler<EventArgs> handler) =>
        AddDataReceived(channel, handler);

    /// <summary>Bytes of the program's standard error; <see cref="ReceivedData"/> gives them too.</summary>
    public static void OnExtendedData(object channel, EventHandler<EventArgs> handler) =>
        AddExtendedDataReceived(channel, handler);

    public static void OnEndOfData(object channel, EventHandler<EventArgs> handler) => AddEndOfData(channel, handler);

    public static void OnClosed(object channel, EventHandler<EventArgs> handler) => AddClosed(channel, handler);

    /// <summary>Raised on the session's receive thread when the server allows more data on any channel.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_ChannelWindowAdjustReceived")]
    public static extern void OnWindowAdjust(
        Session session, EventHandler<MessageEventArgs<ChannelWindowAdjustMessage>> handler);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(ServiceFactoryType)]
    private static extern object NewServiceFactory();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(SocketFactoryType)]
    private static extern object NewSocketFactory();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Session NewSession(
        ConnectionInfo connectionInfo,
        [UnsafeAccessorType(ServiceFactoryInterface)] object serviceFactory,
        [UnsafeAccessorType(SocketFactoryInterface)] object socketFactory);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket? SocketField(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_serviceAccepted")]
    private static extern ref EventWaitHandle ServiceAcceptedField(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern GlobalRequestMessage NewGlobalRequest(byte[] requestName, bool wantReply);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Open")]
    private static extern void OpenDirect(
        [UnsafeAccessorType(DirectChannelType)] object channel,
        string remoteHost,
        uint port,
        [UnsafeAccessorType(ForwardedPortInterface)] object forwardedPort,
        Socket socket);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_DataReceived")]
    private static extern void AddDataReceived(
        [UnsafeAccessorType(ChannelType)] object channel, [UnsafeAccessorType(DataHandler)] object handler);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_ExtendedDataReceived")]
    private static extern void AddExtendedDataReceived(
        [UnsafeAccessorType(ChannelType)] object channel, [UnsafeAccessorType(ExtendedDataHandler)] object handler);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_EndOfData")]
    private static extern void AddEndOfData(
        [UnsafeAccessorType(ChannelType)] object channel, [UnsafeAccessorType(ChannelHandler)] object handler);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_Closed")]
    private static extern void AddClosed(
        [UnsafeAccessorType(ChannelType)] object channel, [UnsafeAccessorType(ChannelHandler)] object handler);
}
