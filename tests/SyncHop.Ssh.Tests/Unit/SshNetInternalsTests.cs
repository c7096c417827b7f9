using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using Renci.SshNet;
using Renci.SshNet.Messages.Connection;
using SyncHop.Ssh.Transport;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

/// <summary>Fails when an upgrade of SSH.NET moves a member that SyncHop reaches into.</summary>
public sealed class SshNetInternalsTests
{
    public static TheoryData<string> Accessors => new(
        typeof(SshNetInternals).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(m => m.GetCustomAttribute<UnsafeAccessorAttribute>() is not null)
            .Select(m => m.Name));

    [Fact]
    public void Version_is_the_one_the_accessors_were_written_for()
    {
        Assert.Equal(new Version(2026, 0, 0), Trim(typeof(SshClient).Assembly.GetName().Version!));
        Assert.Equal(34, Accessors.Count);
    }

    // The JIT resolves an accessor when it compiles a call of it: a moved member or type throws here.
    [Theory]
    [MemberData(nameof(Accessors))]
    public void Accessor_finds_its_member(string name)
    {
        MethodInfo accessor = typeof(SshNetInternals).GetMethod(
            name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;

        RuntimeHelpers.PrepareMethod(accessor.MethodHandle);
        Exception? thrown = Record.Exception(
            () => accessor.Invoke(null, new object?[accessor.GetParameters().Length]));

        while (thrown is TargetInvocationException) thrown = thrown.InnerException;
        Assert.False(
            thrown is MissingMemberException or TypeLoadException or AmbiguousMatchException or NotSupportedException,
            $"{name}: {thrown}");
    }

    [Fact]
    public async Task A_refusal_is_told_before_what_the_server_sends_after_it_is_looked_at()
    {
        using var info = new NoneMethodHolder();
        using Session session = SshNetInternals.CreateSession(info.Connection);
        object channel = SshNetInternals.CreateSessionChannel(session);
        uint number = SshNetInternals.LocalChannelNumber(channel);
        Call(channel, "InitializeRemoteInfo", 7u, 1u << 20, 1u << 15);
        int told = 0;
        Task<bool> answer = new ProgramRequest("subsystem", "nothing").SendAsync(session, channel, () => told++);

        Call(session, "OnChannelFailureReceived", new ChannelFailureMessage(number + 1));
        Assert.Equal(0, told);
        Call(session, "OnChannelFailureReceived", new ChannelFailureMessage(number));
        Assert.Equal(1, told); // Not a thread's switch later: the channel's end may come in the same packet.
        Call(session, "OnChannelFailureReceived", new ChannelFailureMessage(number));

        Assert.Equal(1, told); // Nobody listens any more.
        Assert.False(await answer);
    }

    private static void Call(object on, string method, params object[] arguments)
    {
        MethodInfo? found = null;
        for (Type? type = on.GetType(); type is not null && found is null; type = type.BaseType)
            found = type.GetMethod(method, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        Assert.NotNull(found);
        found.Invoke(on, arguments);
    }

    [Fact]
    public void Session_and_channels_are_created_and_listened_to_without_a_connection()
    {
        using var info = new NoneMethodHolder();
        using Session session = SshNetInternals.CreateSession(info.Connection);
        object channel = SshNetInternals.CreateSessionChannel(session);
        object direct = SshNetInternals.CreateDirectChannel(session);
        EventHandler<EventArgs> handler = (_, _) => { };

        SshNetInternals.OnDataReceived(channel, handler);
        SshNetInternals.OnExtendedData(channel, handler);
        SshNetInternals.OnEndOfData(channel, handler);
        SshNetInternals.OnClosed(channel, handler);
        SshNetInternals.OnOpenFailed(direct, handler);
        SshNetInternals.OnWindowAdjust(session, (_, _) => { });
        SshNetInternals.OnRequestSuccess(session, (_, _) => { });
        SshNetInternals.OnRequestFailure(session, (_, _) => { });

        Assert.Null(SshNetInternals.SocketOf(session));
        Assert.Equal(0u, SshNetInternals.InboundPacketSequence(session));
        Assert.False(SshNetInternals.IsOpen(channel));
        Assert.ThrowsAny<Exception>(() => SshNetInternals.RemoteChannelNumber(channel));
        Assert.Equal("SSH_MSG_GLOBAL_REQUEST", SshNetInternals.CreateGlobalRequest([]).MessageName);
        Assert.ThrowsAny<Exception>(() => SshNetInternals.OpenSessionChannel(channel));
        SshNetInternals.OnChannelSuccess(session, (_, _) => { });
        SshNetInternals.OnChannelFailure(session, (_, _) => { });
        SshNetInternals.SkipServiceAnswer(session);
        Assert.Equal(SshNetInternals.LocalChannelNumber(channel) + 1, SshNetInternals.LocalChannelNumber(direct));
        Assert.ThrowsAny<Exception>(() => SshNetInternals.SendExecRequest(channel, "true"));
        Assert.ThrowsAny<Exception>(() => SshNetInternals.SendEof(channel));
        SshNetInternals.SendData(channel, [1], 0, 1);
        using var owner = new ForwardedPortLocal("127.0.0.1", 0, "host", 22);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.ThrowsAny<Exception>(() => SshNetInternals.OpenDirectChannel(direct, "host", 22, owner, socket));
        SshNetInternals.BindDirectChannel(direct);
    }

    private static Version Trim(Version version) => new(version.Major, version.Minor, version.Build);

    private sealed class NoneMethodHolder : IDisposable
    {
        private readonly NoneAuthenticationMethod _method = new("user");

        public NoneMethodHolder() => Connection = new ConnectionInfo(IPAddress.Loopback.ToString(), "user", _method);

        public ConnectionInfo Connection { get; }

        public void Dispose() => _method.Dispose();
    }
}
