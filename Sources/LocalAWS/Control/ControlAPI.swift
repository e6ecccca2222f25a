import Foundation

/// What a stranger plays with: the world as JSON, under `/_local/`. Unsigned, and on loopback only.
struct ControlAPI {
    static let manual = """
        local-aws: an emulated AWS. Its control API, all answers JSON unless said otherwise:

        GET    /_local/                      this text
        GET    /_local/state                 names and where they lead, datastores, Aurora, parameters, topics, health,
                                             alarms, health checks, faults, functions
        GET    /_local/environment           variables for a process; ?region=us-west-2, ?function=NAME
        POST   /_local/health                {"region": "us-east-1", "healthy": false}, or "setIdentifier" for "region",
                                             or "healthCheck": the id of one of an endpoint
        POST   /_local/resolution            {"name": "app.example.com", "mode": "notFound" | "addresses" | "records",
                                             "addresses": ["10.1.1.10"]}
        POST   /_local/zones/ID              {"oneChangeAtATime": true, "listsComplaints": true}, or one of them: a change
                                             is refused while another is pending; a refused batch is answered in the
                                             other of Route 53's two forms, as a list of messages
        POST   /_local/regions/REGION/down   ?by=hang (default) or ?by=drop; &except=route53,sts
        POST   /_local/regions/REGION/up
        GET    /_local/faults
        POST   /_local/faults                {"effect": "latency" | "error" | "raw" | "halfAnAnswer" | "stale" (of
                                             ElastiCache's datastores: what was "seconds" ago) | "hang" | "drop" |
                                             "dropAfterwards", "service": "elasticache", "operation": "…",
                                             "region": "…", "exceptServices": ["sts"], "times": 1, "seconds": 0.5,
                                             "status": 503, "code": "…", "message": "…",
                                             "contentType": "text/html", "body": "…",
                                             "headers": {"x-amz-retry-after": "500"}}; all but the effect may be left out. Services are named as
                                             in signatures: elasticache, events (EventBridge), iam, lambda,
                                             monitoring (CloudWatch), rds, route53, secretsmanager, sns, ssm, sts.
                                             Of what SNS has for functions: "loseNotification", "repeatNotification"
                                             ("count" times more), "delayNotification" (by "seconds" of the emulated
                                             world), "reorderNotification" (the next one overtakes it); "region" and
                                             "times" as above
        DELETE /_local/faults                all of them
        DELETE /_local/faults/NUMBER
        POST   /_local/datastores/ID/failovers   {"behavior": "succeed" | "refuse" | "stall" | "revert"}
        POST   /_local/datastores/ID/lag     {"seconds": 0.4}, or null for no datapoints in CloudWatch
        \(clusterManual)
        \(auroraManual)
        POST   /_local/topics                {"name": "promotions", "region": "us-west-2"}
        GET    /_local/messages              what was published to topics; ?topic=NAME or ARN
        POST   /_local/secrets               {"name": "redis", "region": "us-west-2", "value": "…"}, or null to remove it
        POST   /_local/permissions           {"denied": ["elasticache:FailoverGlobalReplicationGroup"]}: what IAM's
                                             simulator denies; all else is allowed
        GET    /_local/requests              what AWS services were asked; ?after=NUMBER
        DELETE /_local/requests
        POST   /_local/clock/advance         {"seconds": 90}, if the clock is a manual one
        POST   /_local/functions/NAME        what Lambda and EventBridge say of it: {"timeout": 60, "memory": 128,
                                             "handler": "…", "environment": {}, "role": "…", "reservedConcurrency": 1,
                                             "schedule": "rate(1 minute)", "ruleEnabled": true}; all may be left out
        POST   /_local/functions/NAME/invocations   the event as body; ?timeout=30 (seconds). Waits for the outcome

        """

    let aws: LocalAWS

    func handle(_ request: LocalHTTPRequest) async -> LocalHTTPReply {
        let path = request.path.split(separator: "/").dropFirst().map { FormCoding.decode($0) }
        do {
            switch (request.method, path.first, path.count) {
            case ("GET", nil, _): return .text(200, Self.manual)
            case ("GET", "state", 1): return try json(ControlState(of: aws))
            case ("GET", "environment", 1): return try environment(request)
            case ("POST", "health", 1): return try health(request)
            case ("POST", "resolution", 1): return try resolution(request)
            case ("POST", "zones", 2): return try zone(request, path[1])
            case ("POST", "regions", 3): return try region(request, name: path[1], to: path[2])
            case ("GET", "faults", 1): return try json(ControlState(of: aws).faults)
            case ("POST", "faults", 1): return try inject(request)
            case ("DELETE", "faults", 1): return try removeFaults(aws.activeFaults.map(\.id))
            case ("DELETE", "faults", 2): return try removeFaults([faultID(path[1])])
            case ("GET", "requests", 1):
                let after = Int(request.queryValue("after") ?? "0") ?? 0
                return try json(aws.requests.filter { $0.number > after }.map(RequestForm.init))
            case ("DELETE", "requests", 1):
                aws.clearRequests()
                return try json(ControlState(of: aws))
            case ("POST", "datastores", 3): return try datastore(request, path[1], path[2])
            case (_, "globalclusters", _): return try globalClusters(request, Array(path.dropFirst()))
            case ("GET", "dbclusters", 1): return try json(ControlState(of: aws).dbClusters)
            case (_, "groups", _): return try groups(request, Array(path.dropFirst()))
            case ("POST", "topics", 1): return try addTopic(request)
            case ("GET", "messages", 1): return try messages(request)
            case ("POST", "secrets", 1): return try setSecret(request)
            case ("POST", "permissions", 1): return try permissions(request)
            case ("POST", "functions", 2): return try configure(request, path[1])
            case ("POST", "clock", 2) where path[1] == "advance": return try advance(request)
            case ("POST", "functions", 3) where path[2] == "invocations": return try await invoke(request, path[1])
            default:
                throw Refusal(404, "There is no \(request.method) \(request.path); GET /_local/ says what there is.")
            }
        } catch let refusal as Refusal {
            return refusal.reply
        } catch is DecodingError {
            return Refusal(400, "The body is not the JSON object that GET /_local/ describes.").reply
        } catch {
            return Refusal(500, error.localizedDescription).reply
        }
    }

    struct Refusal: Error {
        let status: Int
        let message: String

        init(_ status: Int, _ message: String) {
            self.status = status
            self.message = message
        }

        var reply: LocalHTTPReply {
            .json(status, (try? ControlAPI.encoder.encode(["error": message])) ?? Data())
        }
    }

    static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }

    func json(_ value: some Encodable) throws -> LocalHTTPReply {
        .json(200, try Self.encoder.encode(value) + Data("\n".utf8))
    }

    func body<Form: Decodable>(_ request: LocalHTTPRequest, as form: Form.Type) throws -> Form {
        try JSONDecoder().decode(form, from: request.body)
    }

    private func environment(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        if let name = request.queryValue("function") {
            guard let function = aws.function(name) else { throw Refusal(404, "There is no function \(name).") }
            return try json(aws.environment(for: function))
        }
        return try json(aws.environment(forRegion: request.queryValue("region") ?? LocalAWS.Sample.primaryRegion))
    }

    private func health(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        let form = try body(request, as: HealthForm.self)
        switch (form.region, form.setIdentifier, form.healthCheck) {
        case (let region?, nil, nil):
            let known = Set(aws.world.snapshot.targets.values.map(\.region)).sorted()
            guard known.contains(region) else {
                throw Refusal(400, "No record leads to \(region); there are \(known.joined(separator: ", ")).")
            }
            try aws.setHealthy(form.healthy, region: region)
        case (nil, let identifier?, nil): try aws.setHealthy(form.healthy, setIdentifier: identifier)
        case (nil, nil, let check?):
            do throws(LocalAWSError) {
                try aws.setHealthy(form.healthy, healthCheck: check)
            } catch {
                throw Refusal(400, error.description)
            }
        default: throw Refusal(400, "Give one of region, setIdentifier and healthCheck.")
        }
        return try json(ControlState(of: aws))
    }

    private func resolution(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        let form = try body(request, as: ResolutionForm.self)
        switch form.mode {
        case "notFound": try aws.setResolution(.notFound, of: form.name)
        case "addresses": try aws.setResolution(.addresses(form.addresses ?? []), of: form.name)
        case "records": try aws.setResolution(nil, of: form.name)
        default: throw Refusal(400, "The mode '\(form.mode)' is none of notFound, addresses and records.")
        }
        return try json(ControlState(of: aws))
    }

    private func region(_ request: LocalHTTPRequest, name: String, to state: String) throws -> LocalHTTPReply {
        switch (state, request.queryValue("by") ?? "hang") {
        case ("up", _): aws.bringUp(region: name)
        case ("down", let way) where way == "hang" || way == "drop":
            let spared = (request.queryValue("except") ?? "").split(separator: ",").map(String.init)
            aws.takeDown(region: name, by: way == "drop" ? .drop : .hang, except: Set(spared))
        default: throw Refusal(400, "A region goes up, or down by hang or drop.")
        }
        return try json(ControlState(of: aws))
    }

    private func inject(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        let form = try body(request, as: FaultForm.self)
        guard let fault = form.fault else {
            throw Refusal(400, "There is no effect '\(form.effect)'; GET /_local/ lists them.")
        }
        let known = aws.services.map(\.name).sorted()
        for service in fault.exceptServices.union(fault.service.map { [$0] } ?? []) where !known.contains(service) {
            throw Refusal(400, "There is no service \(service); there are \(known.joined(separator: ", ")).")
        }
        return try json(FaultForm(id: aws.inject(fault), fault: fault))
    }

    private func faultID(_ text: String) throws -> FaultID {
        guard let number = Int(text), let known = aws.activeFaults.first(where: { $0.id.number == number }) else {
            throw Refusal(404, "There is no fault \(text).")
        }
        return known.id
    }

    private func removeFaults(_ ids: [FaultID]) throws -> LocalHTTPReply {
        for id in ids { aws.remove(id) }
        return try json(ControlState(of: aws).faults)
    }

    private func advance(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        guard aws.clock.mode == .manual else {
            throw Refusal(400, "The clock runs by itself; start with --manual-clock.")
        }
        let form = try body(request, as: AdvanceForm.self)
        guard (0...1e9).contains(form.seconds) else { throw Refusal(400, "The seconds must be between 0 and 1e9.") }
        aws.clock.advance(by: .seconds(form.seconds))
        return try json(ControlState(of: aws))
    }

    private func invoke(_ request: LocalHTTPRequest, _ name: String) async throws -> LocalHTTPReply {
        guard let function = aws.function(name) else { throw Refusal(404, "There is no function \(name).") }
        let timeout = Double(request.queryValue("timeout") ?? "30") ?? 0
        guard timeout > 0, timeout <= 900 else { throw Refusal(400, "The timeout must be between 0 and 900 seconds.") }
        let payload = request.body.isEmpty ? Data("{}".utf8) : request.body
        return try json(OutcomeForm(await function.invoke(payload, timeout: .seconds(timeout))))
    }
}
