// The HTTP side of 'serve': what network boot needs, read-only, and enrolment. Kestrel without routing, configuration and logging: only what is used is in the program.
using System.Net;
using BootConsole.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace BootConsole.Server.Http;

/// <summary>A running HTTP server.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const long LongestBody = 16 << 10;

    private readonly WebApplication _application;

    private HttpFront(WebApplication application) => _application = application;

    /// <summary>Starts it.</summary>
    /// <param name="address">The address that it is bound to; it answers at no other.</param>
    /// <param name="port">The port.</param>
    /// <param name="answer">Answers a request.</param>
    /// <param name="cancel">Gives the start up.</param>
    /// <exception cref="HostFault">The port is taken, or the address is not this machine's.</exception>
    internal static async Task<HttpFront> StartAsync(IPAddress address, int port, RequestDelegate answer, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.Limits.MaxConcurrentConnections = 500;
            kestrel.Listen(address, port);
        });
        var application = builder.Build();
        application.Run(answer);
        try
        {
            await application.StartAsync(cancel);
            return new HttpFront(application);
        }
        catch (Exception refusal) when (refusal is IOException or System.Net.Sockets.SocketException)
        {
            await application.DisposeAsync();
            throw new HostFault("the HTTP port cannot be used", refusal) { Which = $"{address}:{port}", Found = refusal.Message, Remedy = "End what uses it ('ss -ltnp' shows it), or name another port by --http-port." };
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
    }
}
