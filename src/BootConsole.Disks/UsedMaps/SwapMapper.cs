// Linux swap space: only its header is worth keeping, unless a hibernated system sleeps in it.
using System.Text;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Maps swap space (Linux, <c>include/linux/swap.h</c>): the first page holds label, UUID, bad pages and, in its last ten bytes, the signature. The kernel's and other
/// hibernation code replaces the signature while a memory image is in the swap space.
/// </summary>
internal sealed class SwapMapper : IFileSystemMapper
{
    private const int SignatureBytes = 10;
    private static readonly int[] PageSizes = [4096, 8192, 16384, 32768, 65536];
    private static readonly string[] Signatures = ["SWAPSPACE2", "SWAP-SPACE"];

    public Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel)
    {
        foreach (var pageBytes in PageSizes)
        {
            if (target.Range.Length < pageBytes) break;
            var signature = Encoding.Latin1.GetString(target.Reader.Read(pageBytes - SignatureBytes, SignatureBytes));
            if (Signatures.Contains(signature)) return Task.FromResult(new UsedBytes(RangeSet.Of(new ByteRange(0, pageBytes)), "swap header"));
            // S1SUSPEND, S2SUSPEND (kernel), ULSUSPEND (uswsusp), LINHIB0001 (kernel, in swap files), ED C3 02 E9 98 56 E5 0C (TuxOnIce): whatever stands
            // here is not plain swap, and only plain swap is left out. Smaller pages of the same space hold zeros there.
            if (signature.Any(character => character != '\0')) break;
        }

        throw new UnprovenMapException("the swap space holds a hibernated system or is of an unknown kind");
    }
}
