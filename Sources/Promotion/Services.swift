package import AWSClient
package import Failover

/// What promotion needs of Route 53.
package protocol RecordService: Sendable {
    /// All record sets of exactly this name, of every type and with every set identifier.
    func recordSets(named name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet]
}

/// What promotion needs of the service that owns a global group.
package protocol GlobalGroupService: Sendable {
    /// The group as it is now, with its members.
    func group(deadline: ContinuousClock.Instant) async throws -> GlobalGroup

    /// Asks for the promotion, by the means that it names; returns when it was accepted, not when it has happened.
    ///
    /// - Throws: `PromotionRefusal` where the group has to be looked at again; any other error where it
    ///   is certain that nothing was promoted.
    func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws

    /// Takes the member out of the group, which makes it a primary of its own; returns when that was accepted.
    ///
    /// - Throws: as `promote`.
    func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws
}

/// How a promotion that was asked for did not come about.
package enum PromotionRefusal: Error {
    /// The group is being changed, or so the service says: somebody is already at it.
    case changeUnderWay(reason: String? = nil)
    /// The service will not do it with the group as it is.
    case refused(any Error)
    /// Whether the promotion was accepted is not known: the answer was lost.
    case outcomeUnknown(any Error)
}

/// The records of one hosted zone. Those of many names that are wanted at the same time are read together: Route 53
/// allows five requests a second, for the whole account.
package final class HostedZoneRecords: RecordService {
    private let reads: Batcher<String, [ResourceRecordSet]>

    package init(route53: Route53, hostedZoneID: String, taskExecutor: (any TaskExecutor)? = nil) {
        reads = Batcher(taskExecutor: taskExecutor) { names, deadline in
            do throws(AWSError) {
                let sets = try await route53.listResourceRecordSets(
                    hostedZoneID: hostedZoneID, names: names, deadline: deadline)
                return Dictionary(
                    uniqueKeysWithValues: names.map { ($0, .success(sets[DNSName.normalized($0)] ?? [])) })
            } catch { return Dictionary(uniqueKeysWithValues: names.map { ($0, .failure(error)) }) }
        }
    }

    package func recordSets(named name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet] {
        try await reads.value(for: name, deadline: deadline)
    }
}

extension PromotionRefusal {
    /// What the error of a request for a promotion, or a detachment, means.
    ///
    /// - Parameters:
    ///   - underWay: the code by which the service says that the group is being changed.
    ///   - aboutTheGroup: those by which it refuses what it was asked with the group as it is.
    /// - Returns: the error itself where it is certain that nothing was done, for a reason of another kind.
    static func meant(by error: AWSError, underWay: String, aboutTheGroup: Set<String>) -> any Error {
        if error.awsCode == underWay { return changeUnderWay(reason: error.message) }
        if error.outcomeIsUnknown { return outcomeUnknown(error) }
        // Not for want of a permission, a signature or a quota: what the service itself has against it.
        if let code = error.awsCode, aboutTheGroup.contains(code) { return refused(error) }
        return error
    }
}

extension AWSError {
    /// Whether it is the permissions that are missing.
    var isDenied: Bool {
        guard let awsCode else { return false }
        return awsCode.hasPrefix("AccessDenied") || awsCode == "UnauthorizedOperation"
            || awsCode == "AuthorizationError"
    }
}
