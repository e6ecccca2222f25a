internal import JSON
internal import NameResolution
internal import Promotion

/// What the handler `operator` is asked to do.
package struct OperatorEvent: Sendable, Equatable {
    package enum Command: String, Sendable, CaseIterable {
        case status
        case pause
        case resume
        case failover
        case switchover
        case detach
        case history
        case rejoin
    }

    package var command: Command
    /// nil for all watches of the function.
    package var watch: String?
    /// Of an order: the id of one of a watch's two groups; nil for both.
    package var group: String?
    package var by: String?
    package var reason: String?
    /// What a switchover may lose, in seconds.
    package var maximumLagSeconds: Double?
    /// Of a failover: whether what has not been replicated may be lost.
    package var allowsDataLoss: Bool
    /// Of the command `rejoin`; nil with all others.
    package var rejoin: RejoinOrder?

    package init(
        command: Command, watch: String? = nil, group: String? = nil, by: String? = nil, reason: String? = nil,
        maximumLagSeconds: Double? = nil, allowsDataLoss: Bool = false
    ) {
        self.command = command
        self.watch = watch
        self.group = group
        self.by = by
        self.reason = reason
        self.maximumLagSeconds = maximumLagSeconds
        self.allowsDataLoss = allowsDataLoss
    }

    /// Reads `{"command":"failover"}`, as Step Functions and people send it, and the event of a custom action of an ARC
    /// Region switch plan.
    ///
    /// - Parameter ownRegion: where this runs. A plan that activates another region has come to the wrong function.
    package init(parsing payload: [UInt8], ownRegion: String) throws(OperatorEventError) {
        let event: JSONValue
        do throws(JSONError) { event = try JSONValue(parsing: payload) } catch {
            throw OperatorEventError(reason: "the event is no JSON (\(error)): \(Self.remedy)")
        }
        if event["command"] == nil, let plan = PlanEvent(event) {
            self = try plan.order(in: ownRegion)
            return
        }
        do throws(JSONError) { self = try Self.read(JSONReader(event), in: ownRegion) } catch {
            throw OperatorEventError(reason: "the event cannot be understood: \(error): \(Self.remedy)")
        }
    }

    private static func read(_ reader: JSONReader, in ownRegion: String) throws(JSONError) -> OperatorEvent {
        try reader.refuseMembers(
            except: ["command", "watch", "by", "reason", "maximumLagSeconds", "group", "to", "allowDataLoss"]
                + RejoinOrder.members)
        let word = try reader.required("command")
        guard let command = Command(rawValue: try word.string()) else {
            let known = Command.allCases.map(\.rawValue).joined(separator: ", ")
            throw word.error("\(try word.string().debugDescription) is not known; it is one of \(known)")
        }
        // Who names a watch does not expect all of them to be paused, or resumed.
        if let watch = try reader.member("watch"), command == .pause || command == .resume {
            throw watch.error(
                "does not go with \(command.rawValue), which is for all watches of the function: leave it out")
        }
        if let lag = try reader.member("maximumLagSeconds"), command != .switchover {
            throw lag.error("goes with switchover only, and this is \(command.rawValue)")
        }
        try checkDestination(reader, command, in: ownRegion)
        if let allowance = try reader.member("allowDataLoss"), command != .failover {
            throw allowance.error("goes with failover only, and this is \(command.rawValue)")
        }
        if let group = try reader.member("group"), ![.failover, .switchover, .detach].contains(command) {
            throw group.error("goes with failover, switchover and detach, and this is \(command.rawValue)")
        }
        for name in RejoinOrder.members where command != .rejoin {
            if let member = try reader.member(name) {
                throw member.error("goes with rejoin only, and this is \(command.rawValue)")
            }
        }
        var event = OperatorEvent(
            command: command, watch: try reader.member("watch")?.string(),
            group: try reader.member("group")?.string(), by: try reader.member("by")?.string(),
            reason: try reader.member("reason")?.string(),
            maximumLagSeconds: try reader.member("maximumLagSeconds")?.number(in: 0...86_400),
            allowsDataLoss: try reader.member("allowDataLoss")?.bool() ?? false)
        if command == .rejoin { event.rejoin = try RejoinOrder(reader) }
        return event
    }

    /// A function promotes the member of its own region; who names another one has sent the order to the wrong
    /// function.
    private static func checkDestination(
        _ reader: JSONReader, _ command: Command, in ownRegion: String
    ) throws(JSONError) {
        guard let destination = try reader.member("to") else { return }
        guard command == .failover || command == .switchover else {
            throw destination.error("goes with failover and switchover only, and this is \(command.rawValue)")
        }
        let region = try destination.string()
        guard region == ownRegion else {
            throw destination.error(
                "is \(region.debugDescription), and this function promotes the member of \(ownRegion), where it runs:"
                    + " send the order to the function in the region that is to become primary")
        }
    }

    private static let remedy =
        #"send {"command":"status"}, or one of pause, resume, failover, switchover, detach, history, rejoin"#
}

package struct OperatorEventError: Error, Sendable, CustomStringConvertible {
    package var reason: String
    package var description: String { reason }
}

/// The event of ARC Region switch. Its shape is not documented, so it is known by what a plan is made of, wherever in
/// the event that stands: the ARN of a plan, the mode, the action, the region.
private struct PlanEvent {
    private let members: [(key: String, text: String)]
    private let arn: String

    init?(_ event: JSONValue) {
        members = Self.texts(of: event, depth: 0)
        guard let arn = members.first(where: { $0.text.has(":arc-region-switch:") })?.text else { return nil }
        self.arn = arn
    }

    func order(in ownRegion: String) throws(OperatorEventError) -> OperatorEvent {
        if let action = members.first(where: { $0.key.has("action") && Self.isNoActivation($0.text) })?.text {
            throw OperatorEventError(
                reason: "the plan's action is \(action), and this step promotes the region that it runs in:"
                    + " put it into a workflow that activates a region, to be run in the activating region")
        }
        let activated = members.filter { member in
            isRegionName(member.text) && !member.key.has("deactiv")
                && (member.key.has("region") || member.key.has("activ"))
        }
        if let other = activated.first, !activated.contains(where: { $0.text == ownRegion }) {
            throw OperatorEventError(
                reason: "the plan is about \(other.text), and this function runs in \(ownRegion):"
                    + " let the step run in the activating region")
        }
        let modes = members.filter { $0.key.has("mode") }.map { $0.text.lowercased() }
        if let mode = modes.first(where: { !["graceful", "ungraceful"].contains($0) }) {
            throw OperatorEventError(
                reason: "the plan's mode is \(mode.debugDescription), neither graceful nor ungraceful")
        }
        // Without a mode it is an order all the same; the switchover's checks are for a plan that says it has time.
        let isGraceful = modes.contains("graceful")
        return OperatorEvent(
            command: isGraceful ? .switchover : .failover, by: "ARC Region switch", reason: arn,
            // That is what an ungraceful plan is.
            allowsDataLoss: !isGraceful)
    }

    private static func isNoActivation(_ action: String) -> Bool {
        let action = action.lowercased()
        return action.has("deactiv") || action.has("postrecovery")
    }

    /// The texts of an event with the keys, in lower case, that they stand under.
    private static func texts(of value: JSONValue, key: String = "", depth: Int) -> [(key: String, text: String)] {
        guard depth < 8 else { return [] }
        switch value {
        case .string(let text): return [(key, text)]
        case .array(let elements): return elements.flatMap { texts(of: $0, key: key, depth: depth + 1) }
        case .object(let members):
            return members.flatMap { texts(of: $0.value, key: $0.key.lowercased(), depth: depth + 1) }
        default: return []
        }
    }
}

extension String {
    /// `contains(_:)` of a string would bring Swift's regular expressions into the zip: a megabyte.
    fileprivate func has(_ part: String) -> Bool {
        let (whole, part) = (Array(utf8), Array(part.utf8))
        guard whole.count >= part.count else { return false }
        return (0...whole.count - part.count).contains { whole[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
