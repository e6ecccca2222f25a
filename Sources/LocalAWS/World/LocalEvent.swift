package import Foundation
import Synchronization

/// Something that happened in the emulated world, at the time of its clock.
package struct LocalEvent: Sendable {
    package enum Kind: Sendable {
        case requestServed(RecordedRequest)
        /// `nil` regions: the name leads to no known target, or to several.
        case answerChanged(name: String, from: String?, to: String?, addresses: [String])
        case healthChanged(subject: String, healthy: Bool)
        /// Of CloudWatch.
        case alarmChanged(AlarmChange)
        /// Of Route 53: a health check as it is now.
        case healthCheckChanged(HealthCheck, healthy: Bool)
        case failoverStarted(datastore: String, from: String?, to: String)
        /// - Parameter swapped: false if the failover came to nothing.
        case failoverFinished(datastore: String, primary: String?, swapped: Bool)
        case disassociationStarted(datastore: String, member: String, region: String)
        /// The member is a replication group by itself now.
        case disassociationFinished(datastore: String, member: String, region: String)
        /// Of a cluster, or of a global cluster.
        case auroraChanged(AuroraEvent)
        case nodeFailoverStarted(group: ReplicationGroup.Key, failover: ReplicationGroup.Failover)
        /// ElastiCache would tell the group's topic of it, if it has one.
        case clusterChanged(ClusterEvent)
        case messagePublished(PublishedMessage)
        /// A function that subscribes to the topic is invoked.
        case messageDelivered(PublishedMessage, function: String)
        /// A notification suffers a fault instead of being delivered as it should be.
        case messageDisturbed(PublishedMessage, function: String, FaultID)
        case faultInjected(FaultID, Fault)
        case faultRemoved(FaultID)
        case invocationDelivered(function: String, requestID: String)
        case invocationEnded(function: String, requestID: String, outcome: InvocationOutcome)
    }

    package let time: Date
    package let kind: Kind
}

/// Tells everybody who wants to know.
package final class EventBus: Sendable {
    private struct State {
        var observers: [Int: @Sendable (LocalEvent) -> Void] = [:]
        var lastID = 0
    }

    private let clock: LocalClock
    private let state = Mutex(State())

    init(clock: LocalClock) { self.clock = clock }

    /// - Parameter observer: called on whatever thread the thing happened; it must return soon.
    @discardableResult
    package func observe(_ observer: @escaping @Sendable (LocalEvent) -> Void) -> Int {
        state.withLock { state in
            state.lastID += 1
            state.observers[state.lastID] = observer
            return state.lastID
        }
    }

    package func remove(observer id: Int) {
        state.withLock { _ = $0.observers.removeValue(forKey: id) }
    }

    /// All that happens from now on.
    package func stream() -> AsyncStream<LocalEvent> {
        let (stream, continuation) = AsyncStream<LocalEvent>.makeStream()
        let id = observe { continuation.yield($0) }
        continuation.onTermination = { [weak self] _ in self?.remove(observer: id) }
        return stream
    }

    func publish(_ kind: LocalEvent.Kind) {
        let event = LocalEvent(time: clock.now, kind: kind)
        let observers = state.withLock { $0.observers.sorted { $0.key < $1.key }.map(\.value) }
        for observer in observers { observer(event) }
    }
}
