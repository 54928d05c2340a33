// A PC emulates two processors: tests of several at once would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
