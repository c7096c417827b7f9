namespace SyncHop.Compare.Programs;

/// <summary>What a program is to do in one run.</summary>
/// <param name="Job">What to do.</param>
/// <param name="Source">The source's folder; on the target for a pull.</param>
/// <param name="Destination">The destination's folder; on this side for a pull.</param>
/// <param name="Config">The ssh config with the hosts gw and target.</param>
/// <param name="Tunnel">A port on 127.0.0.1 that leads to the target's sshd, for what knows no gateways; 0 for none.</param>
/// <param name="Scratch">A folder for files of the program's own.</param>
internal sealed record Invocation(Job Job, string Source, string Destination, string Config, int Tunnel, string Scratch);
