// A virtual PC has two processors of its own: side by side the tests would only wait for each other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
