// tmp
using System.CommandLine;
namespace BootConsole.Appliance.Commands;
internal static class CheckConfigCommand { internal static Command Make(Services s)=>new("check-config"); }
