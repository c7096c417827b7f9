using System.Buffers;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Execution;

/// <summary>Reads source files that are not sent for the checksum that <c>%C</c> shows of them with <c>--checksum</c>.</summary>
internal sealed class SourceSums(Report report, OpenFiles files, CancellationToken stop)
{
    private const int BlockLength = 1 << 18;

    /// <summary>The item with the checksum of its content, where that is shown and can be read.</summary>
    public async ValueTask<PlanItem> AddAsync(PlanItem item)
    {
        if (report.NewChecksumOfUnsent(item) is not { } sum) return item;
        using OpenFiles.Permit permit = await files.TakeAsync(stop).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockLength);
        try
        {
            ISourceFile source = await item.Origin.Replica.OpenReadAsync(item.Origin.Path, stop).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                for (long offset = 0; offset < item.Source.Size;)
                {
                    int count = await source.ReadAsync(offset, buffer.AsMemory(0, BlockLength), stop).ConfigureAwait(false);
                    if (count == 0) break;
                    sum.Append(buffer.AsSpan(0, count));
                    offset += count;
                }
            }
            return item with { Sum = sum.Finish() };
        }
        catch (ReplicaException)
        {
            // The line then shows none; whatever needs the content tells why.
            return item;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
