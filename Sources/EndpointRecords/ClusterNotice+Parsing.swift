package import JSON

extension ClusterNotice {
    /// Reads what the function was invoked with. Whatever that is, there is a case for it.
    package init(event: JSONValue) {
        switch event {
        case .null: self = .direct
        case .object:
            if let records = event["Records"] {
                self = Self.records(records)
            } else if case .string(let source)? = event["source"], case .string(let type)? = event["detail-type"] {
                self = Self.bridge(event, source: source, type: type)
            } else if event.text("source") == "schedule" {
                // As the Terraform module's rule sends it.
                self = .schedule
            } else {
                self = .direct
            }
        default: self = .unreadable(reason: .notAnObject(event.kind))
        }
    }

    /// SNS brings one to Lambda, by all that is known.
    private static let maximumRecords = 100
    /// SNS's own limit.
    private static let longestMessage = 262_144
    private static let prefix = "ElastiCache:"

    private static func records(_ value: JSONValue) -> ClusterNotice {
        guard case .array(let records) = value else { return .unreadable(reason: .noRecords) }
        guard !records.isEmpty else { return .unreadable(reason: .noRecords) }
        guard records.count <= maximumRecords else { return .unreadable(reason: .tooManyRecords(records.count)) }
        return .messages(records.map(message))
    }

    private static func message(_ record: JSONValue) -> Message {
        guard let notification = record["Sns"], case .string(let text)? = notification["Message"] else {
            return .unreadable(.noMessage(source: record.text("EventSource") ?? record.text("eventSource")))
        }
        guard text.utf8.count <= longestMessage else { return .unreadable(.messageTooLong(bytes: text.utf8.count)) }
        // The sample of Lambda's console, and what S3 and others send when they are told of a topic.
        let isSample = notification.text("Subject") == "TestInvoke"
        switch content(text) {
        case .other where isSample: return .test
        case let message: return message
        }
    }

    private static func content(_ text: String) -> Message {
        let trimmed = stripped(Substring(text))
        guard text.utf8.first(where: { !isBlank($0) }) == UInt8(ascii: "{") else { return plain(trimmed, text) }
        do throws(JSONError) {
            let body = try JSONValue(parsing: text.utf8)
            if let event = Event(body) { return .event(event) }
            if let name = body.text("Event"), name.hasSuffix(":TestEvent") { return .test }
            return .other(clipped(text))
        } catch {
            // The messages of old are no JSON for want of a quote, and say the same.
            if case .event(let event) = plain(trimmed, text) { return .event(event) }
            return .unreadable(.notJSON(clipped(error.reason)))
        }
    }

    /// `ElastiCache:Name : value`, with or without blanks and quotes.
    private static func plain(_ trimmed: Substring, _ text: String) -> Message {
        guard trimmed.hasPrefix(prefix) else { return .other(clipped(text)) }
        let parts = trimmed.dropFirst(prefix.count).split(separator: ":", maxSplits: 1).map(stripped)
        guard let name = parts.first, !name.isEmpty else { return .other(clipped(text)) }
        // What follows on a comma is another member of what was an object.
        let value = parts.dropFirst().first.map { stripped($0.prefix { $0 != "," }) } ?? ""
        return .event(
            Event(name: clipped(name), names: ClusterNames(others: value.isEmpty ? [] : [clipped(value)])))
    }

    private static func bridge(_ event: JSONValue, source: String, type: String) -> ClusterNotice {
        if type == "Scheduled Event" { return .schedule }
        guard source == "aws.elasticache" else {
            return .otherSource(clipped(source), detailType: clipped(type))
        }
        var names = ClusterNames()
        let detail = event["detail"]
        names.group = ["Replication Group ID", "replicationGroupId", "ReplicationGroupId"].lazy
            .compactMap { detail?.text($0) }.first.map { clipped($0) }
        if case .array(let resources)? = event["resources"] {
            for case .string(let arn) in resources.prefix(maximumRecords) {
                // arn:aws:elasticache:REGION:ACCOUNT:replicationgroup:ID
                if let id = arn.split(separator: ":").last { names.others.append(clipped(id)) }
            }
        }
        return .bridged(clipped(type), names: names)
    }

    /// Without blanks, quotes and braces at its ends.
    private static func stripped(_ text: Substring) -> Substring {
        var text = text
        func isOuter(_ character: Character?) -> Bool {
            character.map { $0.isWhitespace || "\"'{}".contains($0) } ?? false
        }
        while isOuter(text.first) { text.removeFirst() }
        while isOuter(text.last) { text.removeLast() }
        return text
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension ClusterNotice.Event {
    /// By the member whose key begins with `ElastiCache:`, wherever it stands; nil where there is none.
    fileprivate init?(_ body: JSONValue) {
        guard case .object(let members) = body,
            let member = members.first(where: { $0.key.hasPrefix("ElastiCache:") }),
            member.key.utf8.count > "ElastiCache:".utf8.count
        else { return nil }
        var names = ClusterNames(group: body.text("Replication Group ID").map { clipped($0) })
        if case .string(let value) = member.value, !value.isEmpty { names.others.append(clipped(value)) }
        if let node = body.text("Cache Cluster ID") { names.others.append(clipped(node)) }
        self.init(name: clipped(member.key.dropFirst("ElastiCache:".count)), names: names)
    }
}

extension JSONValue {
    /// The text of a member; nil where it is empty, too.
    fileprivate func text(_ key: String) -> String? {
        guard case .string(let text)? = self[key], !text.isEmpty else { return nil }
        return text
    }
}

/// Text of others for messages of ours: short, and on one line.
private func clipped(_ text: some StringProtocol) -> String {
    let limit = 200
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        guard count < limit else { return result + "…" }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: result += "?"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
