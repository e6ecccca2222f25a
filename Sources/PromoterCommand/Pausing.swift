import ArgumentParser
import Functions
import JSON
import Promotion

struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pause the promotions of the function in this region, without a deployment.",
        discussion: """
            Writes PAUSE_PARAMETER in AWS_REGION; the function reads it at most once a minute. Each region has its own: \
            pause them all. 'promoter failover' works all the same.
            """)

    @OptionGroup var options: WatchOptions
    @OptionGroup var signature: Signature

    @Option(name: .long, help: "Why, for those who find it paused.")
    var reason: String?

    func run() async throws {
        try await options.operate(isOfAll: true) { operation in
            try options.say(
                try await operation.pause(by: signature.name, reason: reason, deadline: options.deadline),
                in: operation.assembly.region)
        }
    }
}

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End the pause in this region.")

    @OptionGroup var options: WatchOptions

    func run() async throws {
        try await options.operate(isOfAll: true) { operation in
            try options.say(try await operation.resume(deadline: options.deadline), in: operation.assembly.region)
        }
    }
}

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the promotions in this region, the latest first.",
        discussion: """
            They are kept in the parameter beside PAUSE_PARAMETER, with '-history' after its name: the last two dozen or \
            so. All else is in the logs. 'notSeen' is one that has begun, and of whose end nobody knows: the process \
            that followed it ended before.
            """)

    @OptionGroup var options: WatchOptions

    func run() async throws {
        try await options.operate { operation in
            let entries = try await operation.history(of: options.watchName, deadline: options.deadline)
            switch options.output {
            case .json: try Terminal.say(.array(entries.map(\.json)))
            case .text:
                guard !entries.isEmpty else {
                    return try Terminal.say("No promotion in \(operation.assembly.region) yet.")
                }
                let rows = entries.map { entry in
                    [
                        entry.time, entry.watch, entry.member, entry.outcome,
                        entry.seconds.map { "\(Int($0.rounded())) s" } ?? "-", entry.by ?? "DNS",
                    ]
                }
                try Terminal.say(Terminal.table([["TIME", "WATCH", "MEMBER", "OUTCOME", "TOOK", "BY"]] + rows))
            }
        }
    }
}

extension WatchOptions {
    fileprivate func say(_ change: PauseSwitch.Change, in region: String) throws {
        switch output {
        case .json: try Terminal.say(change.json.adding([.init("region", .string(region))]))
        case .text: try Terminal.say("\(region): \(change.sentence)")
        }
    }

    /// Runs what an operator wants done; what fails is said, and the exit code is 1.
    ///
    /// - Parameter isOfAll: it is about all watches of the function, and one cannot be picked.
    func operate(isOfAll: Bool = false, _ body: (Operator) async throws -> Void) async throws {
        if isOfAll, watchName != nil {
            throw ValidationError("a pause is of all watches of the function: leave --watch out")
        }
        let assembly = try assembly()
        do {
            try await body(
                Operator(assembly: assembly, reporter: Reporter(assembly: assembly, logger: Terminal.logger)))
        } catch let error as ExitCode {
            throw error
        } catch {
            Terminal.complain(["\(error)"])
            throw ExitCode.failure
        }
    }
}
