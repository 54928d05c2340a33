// Files of network boot over HTTP: read-only, with ranges, and nothing outside of one folder.
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BootConsole.Server.Http;

/// <summary>Answers GET and HEAD.</summary>
/// <param name="folder">The folder; it may be exchanged at any time.</param>
internal sealed partial class BootFiles(string folder)
{
    /// <summary>Answers a request: 200, 206 for one range, 404, 405, 416.</summary>
    internal async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var isHead = HttpMethods.IsHead(request.Method);
        if (!isHead && !HttpMethods.IsGet(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }

        using var file = Open(request.Path.Value ?? "");
        if (file is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // UEFI takes the one for a program to start (UEFI specification, section 24.7, HTTP Boot).
        response.ContentType = request.Path.Value!.EndsWith(".efi", StringComparison.Ordinal) ? "application/efi" : "application/octet-stream";
        response.Headers.AcceptRanges = "bytes";
        var (first, count) = (0L, file.Length);
        // Several ranges at once are nobody's need here; such a request gets the whole file, as RFC 9110 allows (section 14.2).
        if (request.Headers.Range is [{ } text] && RangeHeaderValue.TryParse(text, out var ranges) && ranges is { Unit.Value: "bytes", Ranges: { Count: 1 } asked })
        {
            if (!TryResolve(asked.First(), file.Length, out first, out count))
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Length}");
                return;
            }

            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{first + count - 1}/{file.Length}");
        }

        response.ContentLength = count;
        if (isHead) return;
        file.Position = first;
        await SendAsync(file, count, response.Body, context.RequestAborted);
    }

    private static bool TryResolve(RangeItemHeaderValue asked, long length, out long first, out long count)
    {
        // "-5" are the last five bytes.
        first = asked.From ?? Math.Max(0, length - asked.To!.Value);
        var last = asked.From is null ? length - 1 : Math.Min(asked.To ?? long.MaxValue, length - 1);
        count = last - first + 1;
        return count > 0;
    }

    private static async Task SendAsync(FileStream file, long count, Stream body, CancellationToken cancel)
    {
        var buffer = new byte[128 << 10];
        while (count > 0)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancel);
            if (read == 0) return;
            await body.WriteAsync(buffer.AsMemory(0, read), cancel);
            count -= read;
        }
    }

    // Names that begin with a dot, and with them '..', are none of ours; the folder holds no symbolic links.
    private FileStream? Open(string path)
    {
        if (!PlainPath().IsMatch(path)) return null;
        try
        {
            return new FileStream(folder + path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(/[A-Za-z0-9][A-Za-z0-9.:+~_-]{0,99}){1,4}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainPath();
}
