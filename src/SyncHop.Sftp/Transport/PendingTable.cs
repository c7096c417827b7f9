using System.Numerics;

namespace SyncHop.Sftp;

/// <summary>
/// The requests that were sent and not answered. An id is a slot number plus a generation that changes each time the
/// slot is used, so that an unknown id and a second reply to the same id are recognised.
/// </summary>
internal sealed class PendingTable
{
    private readonly Lock _lock = new();
    private readonly int _slotBits;
    private readonly Stack<int> _freeSlots = new();
    private readonly List<SftpRequest?> _requests = [];
    private uint _generation;
    private bool _closed;

    public PendingTable(int capacity) => _slotBits = BitOperations.Log2((uint)capacity - 1) + 1;

    /// <summary>Registers <paramref name="request"/> and gives it its id; false if the connection has failed.</summary>
    public bool TryAdd(SftpRequest request)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            if (_freeSlots.TryPop(out int slot))
            {
                _requests[slot] = request;
            }
            else
            {
                slot = _requests.Count;
                _requests.Add(request);
            }
            request.Id = (_generation++ << _slotBits) | (uint)slot;
            return true;
        }
    }

    /// <summary>Removes and returns the request with this id; null if there is none.</summary>
    public SftpRequest? Take(uint id)
    {
        lock (_lock)
        {
            uint slot = id & ((1u << _slotBits) - 1);
            if (slot >= _requests.Count || _requests[(int)slot] is not { } request || request.Id != id)
                return null;
            _requests[(int)slot] = null;
            _freeSlots.Push((int)slot);
            return request;
        }
    }

    /// <summary>Admits no more and returns all that are in it.</summary>
    public List<SftpRequest> Close()
    {
        lock (_lock)
        {
            _closed = true;
            List<SftpRequest> left = [.. _requests.OfType<SftpRequest>()];
            _requests.Clear();
            _freeSlots.Clear();
            return left;
        }
    }
}
