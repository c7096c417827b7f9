namespace SyncHop.Engine.Reporting;

/// <summary>
/// Standard output in plan order although the work runs in parallel: whoever must wait for its outcome reserves its place,
/// and lines leave when everything before them is settled.
/// </summary>
internal sealed class OrderedLines(IOutput output)
{
    private readonly Queue<Place> _places = new();

    /// <summary>A reserved place for a line.</summary>
    internal sealed class Place
    {
        public byte[]? Line { get; set; }

        public bool IsSettled { get; set; }
    }

    /// <summary>Adds a line that needs no waiting.</summary>
    public void Add(byte[] line)
    {
        lock (_places)
        {
            if (_places.Count == 0) output.Write(line);
            else _places.Enqueue(new Place { Line = line, IsSettled = true });
        }
    }

    /// <summary>Reserves the next place.</summary>
    public Place Reserve()
    {
        Place place = new();
        lock (_places) _places.Enqueue(place);
        return place;
    }

    /// <summary>Settles a place with its line, or with null when nothing is to be said; the first call counts.</summary>
    public void Settle(Place place, byte[]? line)
    {
        lock (_places)
        {
            if (place.IsSettled) return;
            place.Line = line;
            place.IsSettled = true;
            while (_places.TryPeek(out Place? first) && first.IsSettled)
            {
                _places.Dequeue();
                if (first.Line is not null) output.Write(first.Line);
            }
        }
    }

    /// <summary>Writes what is settled, in order, and drops the places that never were: the end of an interrupted run.</summary>
    public void Drain()
    {
        lock (_places)
        {
            foreach (Place place in _places)
            {
                if (place.Line is not null) output.Write(place.Line);
            }
            _places.Clear();
        }
    }
}
