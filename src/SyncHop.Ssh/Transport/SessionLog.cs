using Microsoft.Extensions.Logging;

namespace SyncHop.Ssh.Transport;

/// <summary>SSH.NET's own log of one hop, one line for each event.</summary>
/// <remarks>
/// SSH.NET logs which messages it sends and receives, not what is in them, so no secret can appear. What moves data is
/// left out: it would be most of the log and says nothing.
/// </remarks>
internal sealed class SessionLog(string hop, Action<string> write) : ILoggerFactory
{
    private static readonly string[] Silent = ["SSH_MSG_CHANNEL_DATA", "SSH_MSG_CHANNEL_EXTENDED_DATA", "SSH_MSG_CHANNEL_WINDOW_ADJUST"];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Write(string source, LogLevel level, string text, Exception? exception)
    {
        if (Array.Exists(Silent, name => text.Contains(name, StringComparison.Ordinal))) return;
        // Every line begins with the session's identifier, 64 digits that tell the hops apart less well than their names.
        if (text.StartsWith('[') && text.IndexOf("] ", StringComparison.Ordinal) is var end and > 0) text = text[(end + 2)..];
        string reason = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
        write(Printable.Line($"{hop}: {source}: {(level >= LogLevel.Warning ? level + ": " : "")}{text}{reason}"));
    }

    private sealed class Logger(SessionLog log, string source) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write(source, logLevel, formatter(state, exception), exception);
    }
}
