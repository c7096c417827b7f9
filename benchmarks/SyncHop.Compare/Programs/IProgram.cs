namespace SyncHop.Compare.Programs;

/// <summary>A program that is compared.</summary>
internal interface IProgram
{
    /// <summary>Its name in the results.</summary>
    string Name { get; }

    /// <summary>The file that must be there for it to run.</summary>
    string Executable { get; }

    /// <summary>What prints its version.</summary>
    IReadOnlyList<string> VersionArguments { get; }

    /// <summary>Whether it reaches the target by a port on this side only.</summary>
    bool NeedsTunnel { get; }

    /// <summary>Its command line for a run, with the flags that are best for it; null when it cannot do that.</summary>
    IReadOnlyList<string>? Command(Invocation run);
}
