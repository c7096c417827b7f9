namespace SyncHop.Engine.Reporting;

/// <summary>
/// Standard output in plan order although the work runs in parallel: whoever must wait for its outcome reserves its place,
/// and lines leave when everything before them is settled. Only the first of those that wait can show its progress.
/// </summary>
/// <param name="output">Where the text goes.</param>
/// <param name="log">Where the log's lines go; null for no log.</param>
/// <param name="quiet">Whether standard output gets nothing (<c>--quiet</c>).</param>
internal sealed class OrderedLines(IOutput output, Action<ReadOnlyMemory<byte>>? log = null, bool quiet = false)
{
    private readonly Queue<Place> _places = new();
    private bool _isLineOpen;

    /// <summary>A reserved place for a line.</summary>
    internal sealed class Place
    {
        public byte[]? Line { get; set; }

        public bool IsSettled { get; set; }

        /// <summary>Text that follows the line, made when it is its turn and told whether progress was shown; null for none.</summary>
        public Func<bool, byte[]>? Tail { get; set; }

        /// <summary>Whether standard output has the line already, as its progress is being shown.</summary>
        public bool IsShown { get; set; }

        /// <summary>What standard output has instead before the progress, where the line tells what only the end of it shows; null for nothing.</summary>
        public byte[]? Head { get; set; }

        /// <summary>Whether the line comes behind its progress.</summary>
        public bool IsLast { get; set; }
    }

    /// <summary>Adds a line that needs no waiting.</summary>
    public void Add(byte[] line)
    {
        lock (_places)
        {
            Place place = new() { Line = line, IsSettled = true };
            if (_places.Count == 0) Write(place);
            else _places.Enqueue(place);
        }
    }

    /// <summary>Reserves the next place.</summary>
    public Place Reserve()
    {
        Place place = new();
        lock (_places) _places.Enqueue(place);
        return place;
    }

    /// <summary>Shows how far the work on a place is, if it is the first; the text overwrites itself and has no newline.</summary>
    /// <param name="place">The place.</param>
    /// <param name="head">The line that stands before its progress; null for none.</param>
    /// <param name="progress">The text.</param>
    public void Show(Place place, byte[]? head, byte[] progress)
    {
        lock (_places)
        {
            if (place.IsSettled || !_places.TryPeek(out Place? first) || first != place) return;
            if (!place.IsShown && head is not null) WriteText(ReportLine.Split(head).Text);
            place.IsShown = true;
            WriteOpen(progress);
        }
    }

    /// <summary>Shows text that overwrites itself at once, whoever's turn it is.</summary>
    /// <param name="status">The text.</param>
    /// <param name="endsLine">Whether it has its newline.</param>
    public void ShowStatus(byte[] status, bool endsLine = false)
    {
        lock (_places)
        {
            WriteOpen(status);
            _isLineOpen &= !endsLine;
        }
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
                Write(first);
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
                if (place.Line is not null) Write(place);
            }
            _places.Clear();
            CloseLine();
        }
    }

    private void Write(Place place)
    {
        if (!place.IsLast) WriteLine(place.Line, place.IsShown);
        else if (place.Head is not null && !place.IsShown) WriteText(ReportLine.Split(place.Head).Text);
        if (place.Tail is not null && !quiet)
        {
            output.Write(place.Tail(place.IsShown));
            _isLineOpen = false;
        }
        if (place.IsLast) WriteLine(place.Line, isShown: false);
    }

    private void WriteLine(byte[]? line, bool isShown)
    {
        if (line is null) return;
        (ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> logged) = ReportLine.Split(line);
        if (!isShown) WriteText(text);
        // The log has no empty lines.
        if (logged.Length > 1) log?.Invoke(logged);
    }

    private void WriteText(ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty || quiet) return;
        CloseLine();
        output.Write(text.Span);
    }

    private void WriteOpen(byte[] text)
    {
        if (quiet) return;
        output.Write(text);
        _isLineOpen = true;
    }

    private void CloseLine()
    {
        if (_isLineOpen) output.Write("\n"u8);
        _isLineOpen = false;
    }
}
