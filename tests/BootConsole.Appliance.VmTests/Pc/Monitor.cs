// QEMU's machine protocol: what a person does at the case, and to the cables. docs/interop/qmp-spec of QEMU.
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>An open monitor.</summary>
internal sealed class Monitor : IDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _answers;

    private Monitor(Socket socket) => (_socket, _answers) = (socket, new StreamReader(new NetworkStream(socket), Encoding.UTF8));

    /// <summary>Connects.</summary>
    internal static async Task<Monitor> OpenAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var monitor = new Monitor(socket);
        await monitor._answers.ReadLineAsync();
        await monitor.DoAsync("qmp_capabilities");
        return monitor;
    }

    /// <summary>Gives a command and waits until it is done.</summary>
    internal async Task<JsonElement> DoAsync(string command, params (string Name, JsonNode Value)[] arguments)
    {
        var request = new JsonObject { ["execute"] = command, ["arguments"] = new JsonObject(arguments.Select(argument => KeyValuePair.Create(argument.Name, (JsonNode?)argument.Value))) };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
        while (await _answers.ReadLineAsync() is { } line)
        {
            var answer = JsonDocument.Parse(line).RootElement;
            if (answer.TryGetProperty("return", out var result)) return result;
            if (answer.TryGetProperty("error", out var error)) throw new InvalidOperationException($"{command}: {error}");
            // Anything else is an event.
        }

        throw new InvalidOperationException($"{command}: QEMU ended");
    }

    public void Dispose()
    {
        _answers.Dispose();
        _socket.Dispose();
    }
}
