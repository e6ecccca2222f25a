import ArgumentParser
import LocalAWS

/// What `serve` has of Aurora.
struct AuroraOptions: ParsableArguments {
    @Flag(help: "The Aurora global cluster \(LocalAWS.Sample.globalClusterID) beside the datastore, in its regions.")
    var aurora = false

    @Option(help: "How long a failover of a global cluster of Aurora takes, and a switchover.")
    var auroraFailoverSeconds: Double = 60

    @Option(help: "How long a cluster of Aurora that is detached takes to accept writes.")
    var auroraDetachSeconds: Double = 20

    @Option(help: "How long the secondaries of a new primary of Aurora are rebuilt.")
    var auroraResyncSeconds: Double = 120

    @Option(help: "How long a cluster or an instance of Aurora takes to be made. Default: 300, as AWS may.")
    var auroraCreationSeconds: Double = 300

    func validate() throws {
        let options = [
            ("failover", auroraFailoverSeconds), ("detach", auroraDetachSeconds), ("resync", auroraResyncSeconds),
            ("creation", auroraCreationSeconds),
        ]
        for (name, seconds) in options where !(0...86_400).contains(seconds) {
            throw ValidationError("--aurora-\(name)-seconds must be between 0 and 86400, not \(seconds).")
        }
    }

    var times: AuroraTimes {
        var times = AuroraTimes()
        times.failover = .seconds(auroraFailoverSeconds)
        times.switchover = .seconds(auroraFailoverSeconds)
        times.promotion = .seconds(auroraDetachSeconds)
        times.resync = .seconds(auroraResyncSeconds)
        times.creation = .seconds(auroraCreationSeconds)
        return times
    }
}
