using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Planning;

/// <summary>
/// The names of one file (<c>--hard-links</c>), as far as they are known. As in rsync a name that has to be sent is not while another
/// name is still to come, which may be there already: of names that are all new the last is sent, and the others become links to it.
/// </summary>
internal sealed class HardLinkNames
{
    /// <summary>How many names are listed and not planned yet.</summary>
    public int Ahead { get; set; }

    /// <summary>The name that the others become links to; null as long as there is none.</summary>
    public HardLinkGroup? Leader { get; set; }

    /// <summary>Whether the leader's content is still on its way, so that links to it wait.</summary>
    public bool IsSending { get; set; }

    /// <summary>Where the leader stands in the whole list.</summary>
    public long SentAt { get; set; }

    /// <summary>New names that came before the leader, planned as files to be sent.</summary>
    public List<WaitingName> Waiting { get; } = [];

    /// <summary>Links that came while the leader was on its way.</summary>
    public List<PlanItem> Followers { get; } = [];
}

/// <summary>A new name that waits for another name of its file.</summary>
/// <param name="Item">How it is sent if no other name is there.</param>
/// <param name="InTheWay">What else is in its place; null when nothing is.</param>
internal sealed record WaitingName(PlanItem Item, FileStat? InTheWay);
