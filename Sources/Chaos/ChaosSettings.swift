internal import LocalAWS
internal import Simulation

/// How a run is set up.
package struct ChaosSettings: Sendable {
    /// The Lambda executable.
    package var bootstrap: String
    package var seed: UInt64
    package var length: Duration
    /// An existing folder for what the functions write.
    package var logs: String
    /// The last part of the run, in which nothing goes wrong.
    package var calm: Duration
    /// Whether the run is over as soon as all has come right in that part.
    package var endsEarly = false
    /// What the functions are set to; the judge holds them to the settings' own, see `terms`.
    package var overrides: [String: String] = [:]

    package init(bootstrap: String, seed: UInt64, length: Duration, calm: Duration, logs: String) {
        self.bootstrap = bootstrap
        self.seed = seed
        self.length = length
        self.calm = calm
        self.logs = logs
    }

    let confirmations = 2
    let holdDown = 10
    /// What somebody promotes by hand is noticed after so long.
    let cacheMaxAge = 10
    let ttl = Duration.seconds(2)
    /// Of an invocation.
    let timeout = Duration.seconds(15)
    /// Of a global failover, if it is not held up.
    let failover = Duration.seconds(5)
    let pauseParameter = "/promoter/paused"

    static let regions = [
        LocalAWS.Sample.primaryRegion, LocalAWS.Sample.secondaryRegion, LocalAWS.Sample.thirdRegion,
    ]

    /// Of each function, besides what Lambda sets.
    var variables: [String: String] {
        let variables = [
            "HOSTED_ZONE_ID": LocalAWS.Sample.zoneID, "DNS_NAME": LocalAWS.Sample.recordName,
            "GLOBAL_DATASTORE_ID": LocalAWS.Sample.datastoreID, "GLOBAL_CLUSTER_ID": LocalAWS.Sample.globalClusterID,
            "CHECK_INTERVAL_SECONDS": "1", "CONFIRMATIONS": "\(confirmations)", "HOLD_DOWN_SECONDS": "\(holdDown)",
            "CACHE_MAX_AGE_SECONDS": "\(cacheMaxAge)", "PAUSE_PARAMETER": pauseParameter,
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
        ]
        return variables.merging(overrides) { $1 }
    }

    /// What the judge holds the functions to.
    var terms: Judge.Terms {
        var terms = Judge.Terms()
        terms.confirmations = confirmations
        // Two requests that were sent so far apart arrive a little closer together, if the first one was held up.
        terms.holdDown = .seconds(holdDown) - .milliseconds(500)
        terms.cacheMaxAge = .seconds(cacheMaxAge)
        terms.oldestRead = Plan.oldestRead
        terms.pauseNotice = .seconds(60) + terms.longestCheck + Plan.longestStop
        return terms
    }

    func path(_ name: String) -> String { "\(logs)/\(name)" }
}
