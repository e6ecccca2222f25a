package import Failover
internal import JSON

/// A pause as it is written down: `{"paused":true,"by":"…","reason":"…","since":"…"}`. An operator without promoter at
/// hand may write `true` or `paused`, and `false` or `running`, in the console.
struct PauseNote: Equatable {
    var pause: PauseKnowledge.Pause

    static let running = "running"

    init(pause: PauseKnowledge.Pause) {
        self.pause = pause
    }

    /// - Parameter value: of the parameter; nil where there is none.
    /// - Returns: nil where nothing is paused. What cannot be understood pauses: whoever wrote it meant something.
    init?(reading value: String?) {
        let word = (value ?? "").lowercased().filter { !$0.isWhitespace && $0 != "\"" }
        guard !["", "false", "running", "resumed", "off"].contains(word) else { return nil }
        pause = PauseKnowledge.Pause()
        guard let value, let note = try? JSONValue(parsing: value.utf8), case .object = note else {
            if !["true", "paused", "on"].contains(word) { pause.reason = value }
            return
        }
        func text(_ key: String) -> String? {
            if case .string(let text)? = note[key] { text } else { nil }
        }
        if note["paused"] == .bool(false) { return nil }
        pause = PauseKnowledge.Pause(by: text("by"), reason: text("reason"), since: text("since"))
    }

    var text: String {
        var members: [JSONValue.Member] = [.init("paused", .bool(true))]
        if let by = pause.by { members.append(.init("by", .string(by))) }
        if let reason = pause.reason { members.append(.init("reason", .string(reason))) }
        if let since = pause.since { members.append(.init("since", .string(since))) }
        return String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
    }
}

extension PauseKnowledge {
    /// - Parameter value: of the parameter; nil where there is none.
    package init(parameter value: String?) {
        self = PauseNote(reading: value).map { .paused($0.pause) } ?? .none
    }
}
