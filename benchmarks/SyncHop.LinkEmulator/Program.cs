using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using SyncHop.LinkEmulator;

Option<TimeSpan> delay = new("--delay") { Description = "one-way delay: half of the round trip (50ms)", CustomParser = r => Parsed(r, Quantity.Time) };
Option<long> rate = new("--rate") { Description = "payload bits per second of each direction (100Mbit); unlimited by default", CustomParser = r => Parsed(r, Quantity.Rate) };
Option<long> window = new("--window")
{
    Description = "bytes of one connection under way in one direction (6MiB)",
    CustomParser = r => Parsed(r, Quantity.Size),
    DefaultValueFactory = _ => new LinkSettings().Window,
};
Option<TimeSpan> queue = new("--queue")
{
    Description = "how long bytes may queue in front of a busy link (50ms)",
    CustomParser = r => Parsed(r, Quantity.Time),
    DefaultValueFactory = _ => new LinkSettings().Queue,
};
Argument<string[]> legs = new("LEG") { Description = "[PORT:]ADDRESS:PORT, the near end on 127.0.0.1 and the server", Arity = ArgumentArity.OneOrMore };
RootCommand command = new("Makes loopback connections as slow as long links, one link for each LEG, until SIGTERM or SIGINT.")
{
    delay, rate, window, queue, legs,
};
command.SetAction(Run);
return command.Parse(args).Invoke();

int Run(ParseResult given)
{
    LinkSettings settings = new()
    {
        Delay = given.GetValue(delay),
        BytesPerSecond = given.GetValue(rate),
        Window = given.GetValue(window),
        Queue = given.GetValue(queue),
    };
    List<Link> links = [];
    foreach (string leg in given.GetValue(legs)!)
    {
        int colon = leg.IndexOf(':');
        bool named = leg.Count(c => c == ':') == 2;
        int port = 0;
        if (!IPEndPoint.TryParse(named ? leg[(colon + 1)..] : leg, out IPEndPoint? server) || (named && !int.TryParse(leg[..colon], out port)))
        {
            Console.Error.WriteLine($"link-emulator: \"{leg}\" is not [PORT:]ADDRESS:PORT");
            return 1;
        }
        try
        {
            Link link = new(settings, server, port);
            links.Add(link);
            Console.WriteLine($"127.0.0.1:{link.Port} {server}");
        }
        catch (SocketException failure)
        {
            Console.Error.WriteLine($"link-emulator: port {port}: {failure.Message}");
            return 1;
        }
    }
    Console.WriteLine("ready");
    using ManualResetEventSlim stop = new();
    using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    stop.Wait();
    foreach (Link link in links)
    {
        Console.WriteLine($"127.0.0.1:{link.Port} up {link.BytesUp} down {link.BytesDown}");
        link.Dispose();
    }
    return 0;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.Set();
    }
}

static T Parsed<T>(ArgumentResult result, Func<string, T> parse)
{
    try
    {
        return parse(result.Tokens.Single().Value);
    }
    catch (FormatException failure)
    {
        result.AddError(failure.Message);
        return default!;
    }
}
