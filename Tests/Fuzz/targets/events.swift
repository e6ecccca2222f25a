import EndpointRecords
import Functions
import JSON

// Events of the functions. The first byte of an input says which: of the operator, of the endpoints, or a message of
// SNS in such an event.

private let ownRegion = "us-east-1"

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    let kind = input.byte()
    let payload = input.remainder()
    switch kind {
    case UInt8(ascii: "o"): try order(payload)
    case UInt8(ascii: "m"):
        let message = JSONValue.string(String(decoding: payload, as: UTF8.self))
        try notice(["Records": [["EventSource": "aws:sns", "Sns": ["Subject": "s", "Message": message]]]])
    default:
        guard let event = try? JSONValue(parsing: payload) else { return }
        try notice(event)
    }
}

// MARK: - Orders

private func order(_ payload: [UInt8]) throws {
    let event: OperatorEvent
    do throws(OperatorEventError) { event = try OperatorEvent(parsing: payload, ownRegion: ownRegion) } catch {
        try require(!error.reason.isEmpty, "no reason is given")
        return
    }
    let isOrder = [.failover, .switchover].contains(event.command)
    try require(event.watch == nil || ![.pause, .resume].contains(event.command), "a watch is paused by itself")
    try require(event.maximumLagSeconds.map { (0...86_400).contains($0) } ?? true, "\(event)")
    try require(event.maximumLagSeconds == nil || event.command == .switchover, "\(event)")
    try require(!event.allowsDataLoss || event.command == .failover, "data may be lost by \(event)")
    try require((event.rejoin != nil) == (event.command == .rejoin), "\(event)")
    try require(event.group == nil || isOrder || event.command == .detach, "\(event)")
    if let order = event.rejoin, order.isApplied, let id = order.options.oldClusterToDelete {
        try require(
            try JSONValue(parsing: payload)["confirm"] == .string(id), "\(id) is deleted, and nobody confirms it")
    }
    if let destination = try JSONValue(parsing: payload)["to"], event.by != "ARC Region switch" {
        try require(destination == .string(ownRegion) && isOrder, "an order for another place is carried out here")
    }
    guard event.rejoin == nil else { return }
    let again = try OperatorEvent(parsing: written(event), ownRegion: ownRegion)
    try require(again == event, "\(event) is read as \(again)")
}

private func written(_ event: OperatorEvent) -> [UInt8] {
    var members: [JSONValue.Member] = [.init("command", .string(event.command.rawValue))]
    let texts = [("watch", event.watch), ("group", event.group), ("by", event.by), ("reason", event.reason)]
    for (key, value) in texts { if let value { members.append(.init(key, .string(value))) } }
    if let lag = event.maximumLagSeconds { members.append(.init("maximumLagSeconds", .real(lag))) }
    if event.allowsDataLoss { members.append(.init("allowDataLoss", true)) }
    return JSONValue.object(members).serialized()
}

// MARK: - Notices

private func notice(_ event: JSONValue) throws {
    let notice = ClusterNotice(event: event)
    for text in texts(of: notice) {
        try require(text.isOneLine && text.unicodeScalars.count <= 201, "it is not fit to be shown: \(text)")
    }
    if case .messages(let messages) = notice, case .array(let records)? = event["Records"] {
        try require(messages.count == records.count, "\(records.count) records are \(messages.count) messages")
    }
    // Whoever asks for one group hears of no more than whoever asks for all.
    if notice.response(for: "sessions-use1", datastoreID: "ldgnf-sessions") == .reconcile {
        try require(notice.response(for: nil) == .reconcile, "it concerns one group, and none of all")
    }
    if notice.response(for: "sessions-use1") == .reconcile {
        let other = notice.response(for: "SESSIONS-USE1", datastoreID: "ldgnf-other")
        try require(other == .reconcile, "a datastore, or the case of a name, makes it hear of less")
    }
}

private func texts(of notice: ClusterNotice) -> [String] {
    func texts(_ names: ClusterNames) -> [String] { names.others + [names.group].compactMap(\.self) }
    switch notice {
    case .messages(let messages):
        return messages.flatMap { message -> [String] in
            switch message {
            case .event(let event): [event.name] + texts(event.names)
            case .other(let beginning): [beginning]
            case .test, .unreadable: []
            }
        }
    case .bridged(let type, let names): return [type] + texts(names)
    case .otherSource(let source, let type): return [source, type]
    case .schedule, .direct, .unreadable: return []
    }
}
