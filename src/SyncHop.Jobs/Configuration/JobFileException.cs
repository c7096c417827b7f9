using System.Globalization;

namespace SyncHop.Jobs.Configuration;

/// <summary>A job file that cannot be used.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The line, counted from 1; 0 for the file as a whole.</param>
/// <param name="message">What is wrong there.</param>
public sealed class JobFileException(string file, int line, string message)
    : Exception(line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: {message}") : $"{file}: {message}")
{
    /// <summary>The line, counted from 1; 0 for the file as a whole.</summary>
    public int Line { get; } = line;
}
