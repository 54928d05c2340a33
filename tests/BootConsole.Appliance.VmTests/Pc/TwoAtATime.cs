// A PC emulates two processors, and mostly waits for one of them: two PCs at once keep two real ones busy, more would only wait for each other.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
