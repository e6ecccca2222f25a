internal import AWSClient
internal import Failover
internal import Promotion

/// A service whose reads are made for several watches at once: to each of them it is a call that its check waited for.
/// Without that a check would look as if it had asked nobody, and `CheckLoop` would not slow down.
struct SharedReads<Service: Sendable>: Sendable {
    private let service: Service
    /// As policies of IAM name it.
    private let action: String
    private let calls: CallLog
    private let now: @Sendable () -> ContinuousClock.Instant

    init(
        of service: Service, action: String, calls: CallLog, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.service = service
        self.action = action
        self.calls = calls
        self.now = now
    }

    private func noting<Value>(_ read: () async throws -> Value) async throws -> Value {
        let start = now()
        // However often it was tried is not told to those who share it.
        defer { calls.record(.init(name: action, attempts: 1, duration: now() - start)) }
        return try await read()
    }
}

extension SharedReads: RecordService where Service: RecordService {
    func recordSets(named name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet] {
        try await noting { try await service.recordSets(named: name, deadline: deadline) }
    }
}

extension SharedReads: GlobalGroupService where Service: GlobalGroupService {
    func group(deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
        try await noting { try await service.group(deadline: deadline) }
    }

    func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        try await service.promote(promotion, deadline: deadline)
    }

    func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        try await service.detach(promotion, deadline: deadline)
    }
}
