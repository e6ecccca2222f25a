internal import Failover
internal import Functions

/// What is wrong with the configuration, or may be an oversight, and what is watched.
enum ConfigurationChecks {
    /// - Parameters:
    ///   - wrong: variables that are wrong, so that what stands for them was not chosen by anybody.
    ///   - period: of the schedule that starts the function; nil where it is not known.
    static func findings(
        of configuration: PromoterConfiguration, wrong: [String] = [], period: Duration? = nil
    ) -> [Finding] {
        let watches = configuration.watches
        let policyIsKnown = wrong.allSatisfy { !policyVariables.contains($0) }
        var findings = watches.map { Finding.watched($0, policyIsKnown: policyIsKnown).of($0.name) }
        func find(_ variables: [String], _ finding: ([String]) -> Finding, where isSo: (WatchConfiguration) -> Bool) {
            guard variables.allSatisfy({ !wrong.contains($0) }) else { return }
            let names = watches.filter(isSo).map(\.name)
            if !names.isEmpty { findings.append(finding(watches.count == 1 ? [] : names)) }
        }
        // One line each, however many watches have it from the environment.
        find(["CONFIRMATIONS"], Finding.oneConfirmation) { $0.policy.confirmations == 1 }
        let most = watches.filter(\.confirmsSlowly).map(\.policy.confirmations).max() ?? 1
        find(
            ["CONFIRMATIONS", "CHECK_INTERVAL_SECONDS"], { .slowConfirmations(most, period: period, $0) },
            where: \.confirmsSlowly)
        find(["HOLD_DOWN_SECONDS"], Finding.noHoldDown) { $0.policy.holdDown == .zero }
        find(["CACHE_MAX_AGE_SECONDS"], Finding.noCacheMaxAge) { $0.cacheMaxAge == nil }
        find(["PROMOTE_IN_STATUS"], Finding.neverPromotesInAvailable) {
            !$0.policy.promoteInStatus.contains("available")
        }
        var others: [String] = []
        for status in watches.flatMap(\.policy.promoteInStatus) where status != "available" && !others.contains(status)
        {
            others.append(status)
        }
        find(["PROMOTE_IN_STATUS"], { .promotesInOtherStatus(others, $0) }) {
            $0.policy.promoteInStatus.contains { $0 != "available" }
        }
        find(["DRY_RUN"], Finding.dryRun) { $0.policy.dryRun }
        find(["PAUSED"], Finding.paused) { $0.policy.paused }
        return findings
    }

    /// The variables of `Policy.words`.
    private static let policyVariables: Set = [
        "CONFIRMATIONS", "HOLD_DOWN_SECONDS", "PROMOTE_IN_STATUS", "MAX_REPLICATION_LAG_SECONDS", "WHEN_LAG_UNKNOWN",
        "WHEN_FAILOVER_REFUSED", "DETACH_AFTER_SECONDS", "AURORA_ACTION", "PROMOTE_ORDER", "DRY_RUN", "PAUSED",
    ]
}

extension WatchConfiguration {
    /// Each confirmation after the first waits for another invocation.
    fileprivate var confirmsSlowly: Bool { policy.confirmations > 1 && checkInterval == nil }
}
