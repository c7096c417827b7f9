using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace SyncHop.Engine.Tests;

/// <summary>Runs a theory whose parameters are all <see cref="bool"/> with all their combinations.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CombinatorialOptionsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        ArgumentNullException.ThrowIfNull(testMethod);
        int count = testMethod.GetParameters().Length;
        List<ITheoryDataRow> rows = [];
        for (int bits = 0; bits < 1 << count; bits++)
            rows.Add(new TheoryDataRow([.. Enumerable.Range(0, count).Select(i => (object)((bits >> i & 1) != 0))]));
        return new ValueTask<IReadOnlyCollection<ITheoryDataRow>>(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
