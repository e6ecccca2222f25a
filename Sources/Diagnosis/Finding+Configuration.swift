internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

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

    /// - Parameter policyIsKnown: false where some of it is wrong: what stands for that was not chosen by anybody.
    static func watched(_ watch: WatchConfiguration, policyIsKnown: Bool = true) -> Finding {
        let source = watch.hostedZoneID.map { "in zone \($0)" } ?? "by RECORD_TARGETS"
        let interval = watch.checkInterval.map { ", checked every \($0.inWords)" } ?? ""
        return .good(
            .configuration, .watched,
            "watches \(watch.dnsName) \(source) for \(watch.groupNames)\(interval)"
                + (policyIsKnown ? ": \(watch.policyWords)" : ""))
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

    /// - Parameters:
    ///   - confirmations: the most of any of the watches.
    ///   - period: from one invocation to the next; nil where it is not known.
    static func slowConfirmations(_ confirmations: Int, period: Duration?, _ watches: [String]) -> Finding {
        let wait = (period ?? .seconds(60)) * (confirmations - 1)
        return .warning(
            .configuration, .slowConfirmations,
            "CONFIRMATIONS is \(confirmations)\(among(watches)), and each invocation makes one check: a promotion is"
                + " asked for \(wait.inWords) later than at first sight"
                + (period.map { ", with one every \($0.inWords)" } ?? " where a schedule starts one a minute"),
            "Set CHECK_INTERVAL_SECONDS, to 1 say, so that one invocation confirms by itself.")
    }

    static func noCacheMaxAge(_ watches: [String]) -> Finding {
        .warning(
            .configuration, .noCacheMaxAge,
            "CACHE_MAX_AGE_SECONDS is 0\(among(watches)): where DNS stays with this region and somebody promotes the"
                + " member of another, that is not noticed",
            "Set it to 300: the members are then read again every five minutes.")
    }

    static func neverPromotesInAvailable(_ watches: [String]) -> Finding {
        .wrong(
            .configuration, .neverPromotesInAvailable,
            "PROMOTE_IN_STATUS lacks available\(among(watches)): a group with nothing under way is never promoted",
            "Leave it out, or add available.")
    }

    static func promotesInOtherStatus(_ statuses: [String], _ watches: [String]) -> Finding {
        .warning(
            .configuration, .promotesInOtherStatus,
            "PROMOTE_IN_STATUS has \(statuses.joined(separator: ", "))\(among(watches)): AWS refuses promotions of a"
                + " group that is being changed, or takes one on top of another, and no telling which one wins",
            "Leave it at available, unless AWS support told you otherwise.")
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
}
