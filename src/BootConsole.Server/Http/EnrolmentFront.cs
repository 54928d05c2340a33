// Enrolment over HTTP: POST /enrol.
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Enrolments;
using Microsoft.AspNetCore.Http;

namespace BootConsole.Server.Http;

/// <summary>Answers PCs that enrol: 200 with the answer, 403 for every refusal, 400 for what is no request, 503 where the server met trouble of its own.</summary>
/// <param name="tree">The server.</param>
/// <param name="services">The implementations.</param>
/// <param name="say">Takes what an administrator should read.</param>
internal sealed class EnrolmentFront(ServerTree tree, Services services, Action<string> say)
{
    /// <summary>Its path.</summary>
    internal const string Path = "/enrol";

    private const int LongestName = 60;

    /// <summary>Answers a request.</summary>
    internal async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "POST";
            return;
        }

        EnrolmentRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, EnrolmentMessages.Default.EnrolmentRequest, context.RequestAborted);
        }
        catch (Exception damage) when (damage is JsonException or BadHttpRequestException)
        {
            request = null;
        }

        if (request is null)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var (status, answer) = await TryAsync(request);
        response.StatusCode = status;
        if (answer is null) return;

        response.ContentType = "application/json";
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, EnrolmentMessages.Default.EnrolmentAnswer), context.RequestAborted);
    }

    // To its end, whether or not the PC still listens: a code that is spent shall have its record.
    private async Task<(int Status, EnrolmentAnswer? Answer)> TryAsync(EnrolmentRequest request)
    {
        var name = request.Pc[..Math.Min(request.Pc.Length, LongestName)];
        try
        {
            using var catalogue = CatalogueFile.Open(tree.Catalogue, "enrolment", services.Clock);
            var answer = await new EnrolmentDesk(tree, catalogue, services.Programs, services.Clock).AnswerAsync(request, CancellationToken.None);
            say(answer is null ? $"An enrolment was refused: {name}." : $"{name} has enrolled.");
            return answer is null ? (StatusCodes.Status403Forbidden, null) : (StatusCodes.Status200OK, answer);
        }
        catch (Exception failure) when (failure is Fault or IOException or UnauthorizedAccessException or SystemCallException)
        {
            say($"An enrolment failed: {name}: {(failure is Fault fault ? FaultSentence.Of(fault) : failure.Message)}");
            // A contract that is over is a refusal like others; what the server could not do is none.
            return (failure is RefusedFault or UsageFault ? StatusCodes.Status403Forbidden : StatusCodes.Status503ServiceUnavailable, null);
        }
    }
}
