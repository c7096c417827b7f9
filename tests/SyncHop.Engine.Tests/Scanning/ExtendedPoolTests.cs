using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Tests.Scanning;

public class ExtendedPoolTests
{
    private static ExtendedAttributes Labelled(string label, Func<byte[]>? whole = null) =>
        new([new ExtendedAttribute("security.selinux"u8.ToArray(), Encoding.ASCII.GetBytes(label), whole)]);

    [Fact]
    public void Equal_ones_are_the_same_object()
    {
        ExtendedPool pool = new();
        ExtendedAttributes first = Labelled("a"), other = Labelled("b");
        Assert.Same(first, pool.Share(first));
        Assert.Same(other, pool.Share(other));
        Assert.Same(first, pool.Share(Labelled("a")));
        Assert.Null(pool.Share(null));
    }

    [Fact]
    public void Lists_tell_them_apart()
    {
        AccessControlList list = AccessControlList.Parse([2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255])!;
        ExtendedPool pool = new();
        ExtendedAttributes access = pool.Share(new ExtendedAttributes([], list))!, inherited = pool.Share(new ExtendedAttributes([], null, list))!;
        Assert.NotSame(access, inherited);
        Assert.NotNull(access.Access);
        Assert.NotNull(inherited.Default);
    }

    [Fact]
    public void Long_values_stay_each_entrys_own()
    {
        ExtendedPool pool = new();
        ExtendedAttributes one = Labelled("a", static () => [1]), two = Labelled("a", static () => [2]);
        Assert.Same(one, pool.Share(one));
        Assert.Same(two, pool.Share(two));
    }

    [Fact]
    public void It_does_not_grow_with_the_tree()
    {
        ExtendedPool pool = new();
        ExtendedAttributes first = Labelled("first");
        pool.Share(first);
        for (int i = 0; i < ExtendedPool.Capacity; i++) pool.Share(Labelled("label " + i));
        Assert.NotSame(first, pool.Share(Labelled("first")));
    }
}
