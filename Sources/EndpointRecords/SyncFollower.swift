internal import AWSClient

/// Follows accepted batches until all DNS servers of Route 53 answer with them.
struct SyncFollower {
    let service: any ZoneService
    let timing: RecordTiming

    /// It takes a few seconds in a private zone, up to a minute in a public one; five requests a second are all that the
    /// account has.
    private static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(3)]
    private static let longestPause = Duration.seconds(5)

    /// - Parameters:
    ///   - batches: get their times.
    ///   - since: when they were accepted.
    /// - Returns: those that did not come so far by the deadline, or could not be asked about. That is no failure: the
    ///   records are what they should be.
    func follow(
        _ batches: inout [SyncReport.Batch], since: [ContinuousClock.Instant], deadline: ContinuousClock.Instant
    ) async throws -> [Finding] {
        var findings: [Finding] = []
        var asked = 0
        for (index, start) in zip(batches.indices, since) where batches[index].timeToSync == nil {
            let id = batches[index].changeID
            while batches[index].timeToSync == nil {
                let pause = asked < Self.pauses.count ? Self.pauses[asked] : Self.longestPause
                guard timing.now() + pause < deadline else {
                    findings.append(.stillPending(changeID: id))
                    break
                }
                try await timing.sleep(pause)
                asked += 1
                do {
                    let info = try await service.change(id: id, deadline: deadline)
                    if info.isInSync { batches[index].timeToSync = timing.now() - start }
                } catch let error as AWSError where error.code != .cancelled {
                    let isOver = error.code == .deadlineExceeded
                    findings.append(
                        isOver ? .stillPending(changeID: id) : .syncUnknown(changeID: id, why: "\(error)"))
                    break
                }
            }
        }
        return findings
    }
}
