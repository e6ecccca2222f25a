import Foundation

/// What the control API changes in datastores, topics, permissions and functions.
extension ControlAPI {
    func datastore(_ request: LocalHTTPRequest, _ id: String, _ what: String) throws -> LocalHTTPReply {
        guard aws.datastore(id) != nil else { throw Refusal(404, "There is no datastore \(id).") }
        switch what {
        case "failovers":
            let form = try body(request, as: FailoverForm.self)
            guard let behavior = FailoverBehavior(rawValue: form.behavior) else {
                let known = FailoverBehavior.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal(400, "The behavior '\(form.behavior)' is none of \(known).")
            }
            try aws.setFailoverBehavior(behavior, ofDatastore: id)
        case "lag":
            let form = try body(request, as: LagForm.self)
            if let seconds = form.seconds, !(0...1e6).contains(seconds) {
                throw Refusal(400, "The seconds must be between 0 and 1e6, or null.")
            }
            try aws.setLag(form.seconds, ofDatastore: id)
        default: throw Refusal(404, "A datastore has failovers and lag, not \(what).")
        }
        return try json(ControlState(of: aws))
    }

    func zone(_ request: LocalHTTPRequest, _ id: String) throws -> LocalHTTPReply {
        let form = try body(request, as: ZoneForm.self)
        let isThere = aws.setChanges(
            ofZone: id, oneAtATime: form.oneChangeAtATime, listsComplaints: form.listsComplaints)
        guard isThere else {
            throw Refusal(404, "There is no hosted zone \(id).")
        }
        return try json(ControlState(of: aws))
    }

    func addTopic(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        let form = try body(request, as: TopicForm.self)
        guard Topic.isName(form.name) else {
            throw Refusal(400, "A topic's name has 1 to 256 letters, digits, hyphens and underscores.")
        }
        return try json(["topicARN": aws.addTopic(form.name, region: form.region)])
    }

    func messages(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        guard let topic = request.queryValue("topic") else { return try json(aws.messages) }
        let known = aws.world.snapshot.topics.keys.filter { $0 == topic || $0.hasSuffix(":\(topic)") }
        guard !known.isEmpty else { throw Refusal(404, "There is no topic \(topic).") }
        return try json(aws.messages.filter { known.contains($0.topicARN) })
    }

    func setSecret(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        let form = try body(request, as: SecretForm.self)
        aws.setSecret(form.name, to: form.value, region: form.region)
        return try json(ControlState(of: aws))
    }

    func permissions(_ request: LocalHTTPRequest) throws -> LocalHTTPReply {
        aws.deny(actions: Set(try body(request, as: PermissionsForm.self).denied))
        return try json(ControlState(of: aws))
    }

    func configure(_ request: LocalHTTPRequest, _ name: String) throws -> LocalHTTPReply {
        guard let function = aws.function(name) else { throw Refusal(404, "There is no function \(name).") }
        let form = try body(request, as: FunctionForm.self)
        function.settings = form.applied(to: function.settings)
        return try json(FunctionForm(function.settings))
    }
}

struct FailoverForm: Decodable {
    let behavior: String
}

struct LagForm: Decodable {
    /// null or missing: no datapoints.
    let seconds: Double?
}

/// What is missing stays as it is.
struct ZoneForm: Decodable {
    let oneChangeAtATime: Bool?
    let listsComplaints: Bool?
}

struct TopicForm: Decodable {
    let name: String
    let region: String
}

struct SecretForm: Decodable {
    let name: String
    let region: String
    /// null or missing: there is none of that name.
    let value: String?
}

struct PermissionsForm: Decodable {
    let denied: [String]
}

/// What is missing stays as it is.
struct FunctionForm: Codable {
    var timeout: Int?
    var memory: Int?
    var handler: String?
    var environment: [String: String]?
    var role: String?
    /// -1: none.
    var reservedConcurrency: Int?
    /// Of the rule; empty: there is no rule.
    var schedule: String?
    var ruleEnabled: Bool?

    init(_ settings: FunctionSettings) {
        (timeout, memory, handler) = (settings.timeout, settings.memory, settings.handler)
        (environment, role) = (settings.environment, settings.role)
        reservedConcurrency = settings.reservedConcurrency ?? -1
        (schedule, ruleEnabled) = (settings.rule?.schedule ?? "", settings.rule?.isEnabled)
    }

    func applied(to settings: FunctionSettings) -> FunctionSettings {
        var settings = settings
        settings.timeout = timeout ?? settings.timeout
        settings.memory = memory ?? settings.memory
        settings.handler = handler ?? settings.handler
        settings.environment = environment ?? settings.environment
        settings.role = role ?? settings.role
        if let reservedConcurrency {
            settings.reservedConcurrency = reservedConcurrency < 0 ? nil : reservedConcurrency
        }
        if let schedule {
            var rule = settings.rule ?? FunctionSettings.Rule()
            rule.schedule = schedule
            settings.rule = schedule.isEmpty ? nil : rule
        }
        if let ruleEnabled { settings.rule?.isEnabled = ruleEnabled }
        return settings
    }
}
