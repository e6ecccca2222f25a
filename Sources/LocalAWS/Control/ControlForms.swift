import Foundation

// The control API's JSON.

struct ControlState: Encodable {
    struct Name: Encodable {
        let name: String
        let region: String?
        let setIdentifiers: [String]
        let addresses: [String]
    }

    struct Zone: Encodable {
        let id: String
        let name: String
        let records: Int
        let oneChangeAtATime: Bool
        let listsComplaints: Bool
    }

    struct Function: Encodable {
        let name: String
        let region: String
        let runtimeAPI: String
    }

    let time: Date
    let clock: String
    let endpoint: String
    let hostsFile: String
    let names: [Name]
    let zones: [Zone]
    let datastores: [GlobalDatastore]
    let replicationGroups: [ReplicationGroupForm]
    let globalClusters: [GlobalClusterForm]
    let dbClusters: [DBClusterForm]
    let parameters: [StoredParameter]
    let topics: [String]
    let alarms: [AlarmForm]
    let healthChecks: [HealthCheckState]
    /// Their ARNs; what they hold is for Secrets Manager to tell.
    let secrets: [String]
    let deniedActions: [String]
    let unhealthyRegions: [String]
    let unhealthySetIdentifiers: [String]
    let regionsDown: [String]
    let faults: [FaultForm]
    let functions: [Function]
    let requests: Int

    init(of aws: LocalAWS) {
        let world = aws.world.snapshot
        time = aws.clock.now
        clock =
            switch aws.clock.mode {
            case .real: "real"
            case .scaled(let factor): "scaled by \(factor)"
            case .manual: "manual"
            }
        endpoint = aws.endpoint
        hostsFile = aws.hostsFile.path
        names = world.answers.values.sorted { $0.name < $1.name }.map {
            Name(
                name: $0.name.withoutFinalDot, region: $0.region, setIdentifiers: $0.setIdentifiers,
                addresses: $0.addresses
            )
        }
        zones = world.zones.values.sorted { $0.id < $1.id }.map {
            Zone(
                id: $0.id, name: $0.name.description, records: $0.records.count,
                oneChangeAtATime: $0.takesOneChangeAtATime, listsComplaints: $0.listsComplaints)
        }
        datastores = world.datastores.values.sorted { $0.id < $1.id }
        replicationGroups = world.replicationGroups.sorted { $0.key < $1.key }.map {
            ReplicationGroupForm($0.value, in: world)
        }
        globalClusters = world.globalClusters.values.sorted { $0.id < $1.id }.map(GlobalClusterForm.init)
        dbClusters = world.dbClusters.sorted { $0.key < $1.key }.map { DBClusterForm($0.value, in: world) }
        parameters = world.parameters.values.sorted { ($0.region, $0.name) < ($1.region, $1.name) }
        topics = world.topics.keys.sorted()
        alarms = world.alarms.values.sorted { ($0.region, $0.name) < ($1.region, $1.name) }.map(AlarmForm.init)
        healthChecks = world.healthChecks.values.sorted { $0.id < $1.id }.map { HealthCheckState($0, in: world) }
        secrets = world.secrets.keys.sorted()
        deniedActions = world.deniedActions.sorted()
        unhealthyRegions = world.unhealthyRegions.sorted()
        unhealthySetIdentifiers = world.unhealthySetIdentifiers.sorted()
        regionsDown = aws.regionsDown.sorted()
        faults = aws.activeFaults.map(FaultForm.init)
        functions = aws.functions.map { Function(name: $0.name, region: $0.region, runtimeAPI: $0.runtimeAPI) }
        requests = aws.requests.count
    }
}

struct HealthForm: Decodable {
    let region: String?
    let setIdentifier: String?
    let healthCheck: String?
    let healthy: Bool
}

struct ResolutionForm: Decodable {
    let name: String
    let mode: String
    let addresses: [String]?
}

struct AdvanceForm: Decodable {
    let seconds: Double
}

struct FaultForm: Codable {
    var number: Int?
    var effect: String
    var service: String?
    var operation: String?
    var region: String?
    var exceptServices: [String]?
    var times: Int?
    var seconds: Double?
    var count: Int?
    var status: Int?
    var code: String?
    var message: String?
    var contentType: String?
    var body: String?
    var headers: [String: String]?

    init(id: FaultID, fault: Fault) {
        number = id.number
        service = fault.service
        operation = fault.operation
        region = fault.region
        exceptServices = fault.exceptServices.isEmpty ? nil : fault.exceptServices.sorted()
        times = fault.times
        headers = fault.headers.isEmpty ? nil : fault.headers
        switch fault.effect {
        case .latency(let latency): (effect, seconds) = ("latency", latency.seconds)
        case .error(let status, let code, let message):
            (effect, self.status, self.code, self.message) = ("error", status, code, message)
        case .raw(let status, let contentType, let body):
            (effect, self.status, self.contentType, self.body) = ("raw", status, contentType, body)
        case .halfAnAnswer: effect = "halfAnAnswer"
        case .stale(let age): (effect, seconds) = ("stale", age.seconds)
        case .hang: effect = "hang"
        case .drop: effect = "drop"
        case .dropAfterwards: effect = "dropAfterwards"
        case .notification(.lost): effect = "loseNotification"
        case .notification(.repeated(let count)): (effect, self.count) = ("repeatNotification", count)
        case .notification(.delayed(let delay)): (effect, seconds) = ("delayNotification", delay.seconds)
        case .notification(.overtaken): effect = "reorderNotification"
        }
    }

    /// nil: no such effect.
    var fault: Fault? {
        let effect: Fault.Effect
        switch self.effect {
        case "latency": effect = .latency(.seconds(min(max(seconds ?? 1, 0), 3600)))
        case "error":
            effect = .error(
                status: status ?? 500, code: code ?? "InternalFailure", message: message ?? "An injected failure."
            )
        case "raw":
            effect = .raw(status: status ?? 200, contentType: contentType ?? "text/html", body: body ?? "")
        case "halfAnAnswer": effect = .halfAnAnswer
        case "stale": effect = .stale(.seconds(min(max(seconds ?? 10, 0), 120)))
        case "hang": effect = .hang
        case "drop": effect = .drop
        case "dropAfterwards": effect = .dropAfterwards
        case "loseNotification": effect = .notification(.lost)
        case "repeatNotification": effect = .notification(.repeated(min(max(count ?? 1, 1), 100)))
        case "delayNotification": effect = .notification(.delayed(.seconds(min(max(seconds ?? 60, 0), 86_400))))
        case "reorderNotification": effect = .notification(.overtaken)
        default: return nil
        }
        return Fault(
            effect, service: service, operation: operation, region: region, exceptServices: Set(exceptServices ?? []),
            times: times, headers: headers ?? [:]
        )
    }
}

struct RequestForm: Encodable {
    let number: Int
    let time: Date
    let service: String
    let operation: String
    let region: String
    let accessKeyId: String?
    let parameters: [String: String]
    let status: Int?
    let errorCode: String?
    let fault: Int?

    init(_ request: RecordedRequest) {
        number = request.number
        time = request.time
        service = request.service
        operation = request.operation
        region = request.region
        accessKeyId = request.accessKeyID
        parameters = request.parameters
        status = request.status
        errorCode = request.errorCode
        fault = request.fault?.number
    }
}

struct OutcomeForm: Encodable {
    let outcome: String
    var errorType: String?
    /// As text: what a function answers need not be JSON.
    var payload: String?

    init(_ outcome: InvocationOutcome) {
        switch outcome {
        case .response(let body): (self.outcome, payload) = ("response", String(decoding: body, as: UTF8.self))
        case .error(let type, let body):
            (self.outcome, errorType, payload) = ("error", type, String(decoding: body, as: UTF8.self))
        case .initError(let type, let body):
            (self.outcome, errorType, payload) = ("initError", type, String(decoding: body, as: UTF8.self))
        case .timedOut: self.outcome = "timedOut"
        case .notDelivered: self.outcome = "notDelivered"
        }
    }
}
