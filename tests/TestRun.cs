using System.Reflection;
using System.Runtime.Versioning;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: SupportedOSPlatform("linux")]
[assembly: TestFramework("SlaMonitor.Tests.TestRun", "SlaMonitor.Tests")]

namespace SlaMonitor.Tests;

/// <summary>
/// xUnit 2 has no fixture for a whole assembly, and the process's own exit is too late: the runner allows it a tenth of a second.
/// </summary>
public sealed class TestRun(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkExecutor(assembly, sources, messages)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new AssemblyRunner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class AssemblyRunner(
        ITestAssembly assembly, IEnumerable<IXunitTestCase> cases, IMessageSink diagnostics, IMessageSink execution, ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, cases, diagnostics, execution, options)
    {
        // Of a pool of two, the runner blocks one at times, and what was due then came up to a second late: too late for tests that measure time.
        protected override Task AfterTestAssemblyStartingAsync()
        {
            ThreadPool.SetMinThreads(16, 16);
            return base.AfterTestAssemblyStartingAsync();
        }

        protected override async Task BeforeTestAssemblyFinishedAsync()
        {
            await PostgresServers.StopAsync();
            await base.BeforeTestAssemblyFinishedAsync();
        }
    }
}
