namespace SyncHop.EndToEnd.Cases;

internal static partial class OracleTable
{
    /// <summary>
    /// The rows that run between two remote hosts: of each option those that read or change something on either. All others that run in a push
    /// and in a pull do so too when SYNCHOP_ROWS names rows.
    /// </summary>
    public static IReadOnlyList<string> BetweenHosts { get; } =
    [
        "first copy", "changed, dry run", "-c", "--stats --delete", "-ii",
        "-R /./ itemized", "-R, links on the way and in it", "-R --delete-after", "-R -F", "-R --remove-source-files", "-aiRL of links, changed",
        "--files-from", "--files-from of the other host", "--files-from -r --delete-after", "--files-from --ignore-missing-args",
        "-F --delete", "-FF", "dir-merge within dir-merge", "-C and .cvsignore", "--delete-after and dir-merge", "--delete-delay and dir-merge",
        "--delete", "--delete-before itemized", "--delete-during itemized", "--delete-delay with things in the way", "--delete-after after an error", "--delete-excluded",
        "-b", "-b of owners and modes", "-b --inplace", "--backup-dir=../bk --delete", "--backup-dir --delete-delay", "--backup-dir of owners, --delete-after",
        "--link-dest", "--copy-dest", "--compare-dest", "--link-dest --copy-dest", "--link-dest -c",
        "--partial-dir with a beginning there", "--partial-dir, absolute", "--partial with a beginning there", "--inplace shortens and lengthens", "--inplace -c",
        "--append of large files", "--append-verify of several wrong files", "--append-verify of large files", "--delay-updates", "--delay-updates --delete", "-y",
        "-L, changed", "-k, changed", "-k --copy-unsafe-links, new", "-L, dangling", "-K", "-K --delete", "-K --backup-dir", "--safe-links, --delete",
        "--remove-source-files itemized", "--remove-source-files -vv", "--chmod, several options", "--chown=1234:4321",
        "--max-delete=3", "--max-delete --delete-after", "--max-delete and a missing source", "--ignore-missing-args", "--delete-missing-args --delete", "--stats -h -n",
    ];
}
