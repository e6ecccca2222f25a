/// What waits for connections that others than libcurl make. `HTTPClient` is the real one.
package protocol DescriptorWaiter: Sendable {
    /// Waits until a descriptor is ready, or broken; whoever asked finds out by using it. It has to stay open for as
    /// long, with one wait at a time.
    ///
    /// - Returns: whether it is; false where the deadline came first.
    /// - Throws: where the task is cancelled, at once; or where nothing can be waited for any more.
    func wait(
        for readiness: DescriptorReadiness, of descriptor: Int32, deadline: ContinuousClock.Instant
    ) async throws(CancellationError) -> Bool
}

package enum DescriptorReadiness: Sendable {
    case readable
    case writable
    case either
}
