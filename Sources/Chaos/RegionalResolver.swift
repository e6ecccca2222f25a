import Foundation
internal import LocalAWS
import Synchronization

/// The name server of a region: what its functions are told, which is not always what is true.
final class RegionalResolver: Sendable {
    enum Trouble: String, Sendable, CaseIterable {
        case silent = "no answer"
        case fails = "SERVFAIL"
        case doesNotExist = "NXDOMAIN"
        case answersOld = "an old answer"
        case answersBoth = "both regions"
        case answersElse = "somewhere else"
    }

    private struct State {
        var answers: [DNSAnswer] = []
        /// What the name led to before.
        var old: [String] = []
        var trouble: Trouble?
    }

    private let name = DNSName(LocalAWS.Sample.recordName)
    private let targets: [Target]
    private let hosts: HostsFile
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: of the hosts file that stands for it.
    ///   - targets: of the name's records.
    init(path: String, targets: [Target]) throws {
        hosts = try HostsFile(path: path)
        self.targets = targets
    }

    var environment: [String: String] { hosts.environment }

    /// What is true from now on.
    func take(_ answers: [DNSAnswer]) throws {
        try state.withLock { state in
            if let before = Self.addresses(of: name, in: state.answers), before != Self.addresses(of: name, in: answers)
            {
                state.old = before
            }
            state.answers = answers
            try write(state)
        }
    }

    func set(_ trouble: Trouble?) throws {
        try state.withLock { state in
            state.trouble = trouble
            try write(state)
        }
        hosts.setFailing(trouble == .fails)
        hosts.setHanging(trouble == .silent)
    }

    private func write(_ state: State) throws {
        var answers = state.answers
        if state.trouble == .doesNotExist { answers.removeAll { $0.name == name } }
        for index in answers.indices where answers[index].name == name {
            switch state.trouble {
            case .answersOld where !state.old.isEmpty: answers[index].addresses = state.old
            case .answersBoth: answers[index].addresses = targets.flatMap(\.addresses)
            case .answersElse: answers[index].addresses = ["192.0.2.1"]
            default: break
            }
        }
        try hosts.write(answers)
    }

    private static func addresses(of name: DNSName, in answers: [DNSAnswer]) -> [String]? {
        answers.first { $0.name == name }?.addresses
    }
}
