import Synchronization

/// The regions that are down as a whole, each with the fault that makes it so.
final class DownRegions: Sendable {
    private let faults = Mutex<[String: FaultID]>([:])

    var regions: Set<String> { Set(faults.withLock { $0 }.keys) }

    func add(_ region: String, fault: FaultID) { faults.withLock { $0[region] = fault } }

    func remove(_ region: String) -> FaultID? { faults.withLock { $0.removeValue(forKey: region) } }

    /// The fault was removed by its own name.
    func forget(_ fault: FaultID) {
        faults.withLock { faults in faults = faults.filter { $0.value != fault } }
    }
}
