internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// What is wrong with the configuration, or may be an oversight, and what is watched.
enum ConfigurationChecks {
    /// - Parameter wrong: variables that are wrong, so that what stands for them was not chosen by anybody.
    static func findings(of configuration: PromoterConfiguration, wrong: [String] = []) -> [Finding] {
        let watches = configuration.watches
        var findings = watches.map { Finding.watched($0).of($0.name) }
        func warn(_ variable: String, _ finding: ([String]) -> Finding, where isSo: (WatchConfiguration) -> Bool) {
            guard !wrong.contains(variable) else { return }
            let names = watches.filter(isSo).map(\.name)
            if !names.isEmpty { findings.append(finding(watches.count == 1 ? [] : names)) }
        }
        // One line each, however many watches have it from the environment.
        warn("CONFIRMATIONS", Finding.oneConfirmation) { $0.policy.confirmations == 1 }
        warn("HOLD_DOWN_SECONDS", Finding.noHoldDown) { $0.policy.holdDown == .zero }
        warn("DRY_RUN", Finding.dryRun) { $0.policy.dryRun }
        warn("PAUSED", Finding.paused) { $0.policy.paused }
        return findings
    }
}

extension Finding {
    static func wrongValue(_ problem: ConfigurationError.Problem) -> Finding {
        let text =
            switch problem.value {
            case nil: "\(problem.variable) is not set"
            case "": "\(problem.variable) is not right"
            case let value?:
                "\(problem.variable) is \((value.count > 100 ? "\(value.prefix(100))…" : value).debugDescription)"
            }
        return .wrong(.configuration, .wrongValue, text, sentence(problem.remedy))
    }

    /// Of AWS's own variables and files: nothing can be asked of AWS then.
    static func wrongAWSConfiguration(_ error: AWSError) -> Finding {
        .wrong(
            .configuration, .wrongAWSConfiguration, clause(error), error.remedy ?? "Correct it and run this again.")
    }

    static func noSuchWatch(_ name: String, known: [String]) -> Finding {
        .wrong(
            .configuration, .noSuchWatch, "there is no watch \(name.debugDescription)",
            "The watches are \(list(known)).")
    }

    static func watched(_ watch: WatchConfiguration) -> Finding {
        let source = watch.hostedZoneID.map { "in zone \($0)" } ?? "by RECORD_TARGETS"
        let interval = watch.checkInterval.map { ", checked every \($0.inWords)" } ?? ""
        return .good(
            .configuration, .watched,
            "watches \(watch.dnsName) \(source) for \(watch.globalDatastoreID)\(interval): \(watch.policy.words)")
    }

    static func oneConfirmation(_ watches: [String]) -> Finding {
        .warning(
            .configuration, .oneConfirmation, "CONFIRMATIONS is 1\(among(watches)): one odd answer of DNS promotes",
            "Set it to 2, or leave it if you want promotions at first sight.")
    }

    static func noHoldDown(_ watches: [String]) -> Finding {
        .warning(
            .configuration, .noHoldDown,
            "HOLD_DOWN_SECONDS is 0\(among(watches)): DNS that flaps makes promotion follow promotion",
            "Set it to 300, or leave it if nothing may be waited for.")
    }

    static func dryRun(_ watches: [String]) -> Finding {
        .warning(
            .configuration, .dryRun, "DRY_RUN is set\(among(watches)): nothing is promoted",
            "Take it out when you have seen that it would do the right thing.")
    }

    static func paused(_ watches: [String]) -> Finding {
        .warning(
            .configuration, .paused, "PAUSED is set\(among(watches)): nothing is looked at, and nothing promoted",
            "Take it out to resume.")
    }

    private static func among(_ watches: [String]) -> String { watches.isEmpty ? "" : " for \(list(watches))" }

    /// Names, as many as people read.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }

    /// A remedy as the errors of the configuration have it.
    static func sentence(_ clause: String) -> String {
        let text = clause.prefix(1).uppercased() + clause.dropFirst()
        return text.hasSuffix(".") ? text : "\(text)."
    }

    /// An error as a clause, without what would help: that is the remedy.
    static func clause(_ error: any Error) -> String {
        var text: String
        if var error = error as? AWSError {
            error.remedy = nil
            text = "\(error)"
        } else {
            text = "\(error)"
        }
        while text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
