namespace SyncHop.Engine.Filters;

/// <summary>The rule that decides about an entry.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Place">The per-directory or CVS list it stands in; null for the list of the command line.</param>
internal readonly record struct FilterDecision(FilterRule Rule, FilterEntry? Place);
