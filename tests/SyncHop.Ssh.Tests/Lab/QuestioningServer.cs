using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>
/// A server made with paramiko that asks three questions in one request, which sshd does not do, and lets in whoever
/// answers <c>alice</c>, <c>s3cret</c> and <c>123456</c>.
/// </summary>
internal sealed class QuestioningServer : IDisposable
{
    private const string Script = """
        import paramiko, socket, sys, time

        class Server(paramiko.ServerInterface):
            def get_allowed_auths(self, user):
                return "keyboard-interactive"
            def check_auth_interactive(self, user, submethods):
                return paramiko.InteractiveQuery("", "Answer all", ("Name:", True), ("Secret:", False), ("Code:", False))
            def check_auth_interactive_response(self, responses):
                right = list(responses) == ["alice", "s3cret", "123456"]
                return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

        key = paramiko.ECDSAKey.generate()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        print(listener.getsockname()[1], key.get_name(), key.get_base64(), flush=True)
        transport = paramiko.Transport(listener.accept()[0])
        transport.add_server_key(key)
        transport.start_server(server=Server())
        time.sleep(60)
        """;

    private readonly Process _process;

    public QuestioningServer(SshLab lab)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(
            File.Exists(Python) && Directory.Exists("/usr/lib/python3/dist-packages/paramiko"), "needs python3-paramiko");
        string file = Path.Combine(lab.Directory, "questions.py");
        File.WriteAllText(file, Script);
        _process = Process.Start(new ProcessStartInfo(Python, [file]) { RedirectStandardOutput = true })!;
        string[] fields = (_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("paramiko ended")).Split(' ');
        Port = int.Parse(fields[0], CultureInfo.InvariantCulture);
        KnownHostsLine = $"[127.0.0.1]:{Port} {fields[1]} {fields[2]}";
    }

    public int Port { get; }

    public string KnownHostsLine { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
