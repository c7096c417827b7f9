namespace SyncHop.Delta;

/// <summary>One thread's part in working through a file in segments.</summary>
internal interface ISegmentWorker
{
    /// <summary>Does the main work on a segment; runs beside other workers.</summary>
    void Process(int segment);

    /// <summary>Hands the result over; runs for one segment at a time, in the order of the file.</summary>
    void Commit(int segment);
}
