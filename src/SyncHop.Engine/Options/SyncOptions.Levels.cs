using System.Collections.Immutable;

namespace SyncHop.Engine;

// How much is told of what: -v and what --info and --debug say instead.
public sealed partial record SyncOptions
{
    /// <summary>The levels that <c>--info=FLAGS</c> sets, whatever the verbosity.</summary>
    public ImmutableDictionary<InfoFlag, int> InfoLevels { get; init; } = ImmutableDictionary<InfoFlag, int>.Empty;

    /// <summary>The levels that <c>--debug=FLAGS</c> sets, whatever the verbosity.</summary>
    public ImmutableDictionary<DebugFlag, int> DebugLevels { get; init; } = ImmutableDictionary<DebugFlag, int>.Empty;

    /// <summary><c>--progress</c>: file list, names and each file's progress, unless <c>--info</c> says otherwise.</summary>
    public bool Progress { get; init; }

    /// <summary>How much is told of something; 0 is nothing.</summary>
    public int Info(InfoFlag flag)
    {
        if (InfoLevels.TryGetValue(flag, out int level)) return level;
        int implied = Math.Max(ImpliedByVerbosity(flag), flag == InfoFlag.Stats && Stats ? 2 : 0);
        bool ofProgress = flag is InfoFlag.Flist or InfoFlag.Name or InfoFlag.Progress;
        return Progress && ofProgress ? Math.Max(implied, flag == InfoFlag.Flist ? 2 : 1) : implied;
    }

    /// <summary>How much is told of something inside; 0 is nothing.</summary>
    public int Debug(DebugFlag flag)
    {
        if (DebugLevels.TryGetValue(flag, out int level)) return level;
        return flag is DebugFlag.Del or DebugFlag.Deltasum or DebugFlag.Filter or DebugFlag.Flist ? Math.Clamp(Verbosity - 1, 0, 4) : 0;
    }

    // "rsync --info=help" has this table.
    private int ImpliedByVerbosity(InfoFlag flag) => flag switch
    {
        InfoFlag.Nonreg => 1,
        InfoFlag.Misc or InfoFlag.Name => Math.Min(Verbosity, 2),
        InfoFlag.Copy or InfoFlag.Del or InfoFlag.Flist or InfoFlag.Stats or InfoFlag.Symsafe => Verbosity >= 1 ? 1 : 0,
        InfoFlag.Backup or InfoFlag.Mount or InfoFlag.Remove or InfoFlag.Skip => Verbosity >= 2 ? 1 : 0,
        _ => 0,
    };
}
