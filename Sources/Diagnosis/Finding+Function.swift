internal import AWSClient
internal import Functions
internal import Promotion

extension Finding {
    static func functionUnreadable(_ name: String, _ error: AWSError) -> Finding {
        if error.code == .notFound {
            return .wrong(
                .function, .functionMissing, "there is no function \(name) here",
                "Correct --function or --region, or deploy it.")
        }
        return .wrong(
            .function, .functionUnreadable, "the function \(name) cannot be read: \(clause(error))",
            error.remedy ?? "Without it its variables are not known, and those of this environment were checked.")
    }

    static func functionExists(_ function: LambdaFunctionConfiguration) -> Finding {
        let architecture = function.architectures.joined(separator: ", ")
        return .good(
            .function, .functionExists,
            "\(function.arn): \(architecture.isEmpty ? "x86_64" : architecture), \(function.memoryMB) MB,"
                + " timeout \(function.timeoutSeconds) s")
    }

    static func wrongHandler(_ function: LambdaFunctionConfiguration) -> Finding {
        .wrong(
            .function, .wrongHandler, "its handler is \(function.handler.debugDescription), which promotes nothing",
            "Set the handler to promoter.")
    }

    static func variablesUnreadable(_ function: LambdaFunctionConfiguration, _ problem: String) -> Finding {
        .wrong(
            .function, .variablesUnreadable, "its variables cannot be decrypted (\(problem))",
            "Allow kms:Decrypt with its key to its role, and to whoever runs this.")
    }

    static func differs(_ variable: String, _ value: String?) -> Finding {
        .warning(
            .function, .differs,
            value.map { "its \(variable) is \($0.debugDescription), which is not what was checked" }
                ?? "it has no \(variable), and one was checked",
            "Set it in the function, or leave the option out to check what the function has.")
    }

    static func timeoutTooShort(_ timeout: Int, least: Int) -> Finding {
        .warning(
            .function, .timeoutTooShort, "its timeout is \(timeout) s", "Make it \(least) s or more: AWS may be slow.")
    }

    static func timeoutLeavesGap(_ timeout: Int, _ period: Duration) -> Finding {
        .warning(
            .function, .timeoutLeavesGap,
            "its timeout is \(timeout) s, and it is started every \(period.inWords):"
                + " between the two nothing is checked",
            "Make the timeout as long as the schedule's interval.")
    }

    static func scheduleTooSlow(_ period: Duration) -> Finding {
        .warning(
            .function, .scheduleTooSlow,
            "it is started every \(period.inWords), and runs \(FunctionChecks.longestTimeout) s at most:"
                + " between the two nothing is checked",
            "Start it every 15 minutes or more often, with a timeout as long.")
    }

    static func timeoutLongerThanSchedule(_ timeout: Int, _ period: Duration) -> Finding {
        .warning(
            .function, .timeoutLongerThanSchedule,
            "its timeout is \(timeout) s, and it is started every \(period.inWords)",
            "While one invocation hangs the next is refused: make the timeout as long as the interval at most.")
    }

    static func timeoutFits(_ timeout: Int, _ period: Duration?) -> Finding {
        .good(
            .function, .timeoutFits,
            "its timeout of \(timeout) s is enough" + (period.map { ", and it is started every \($0.inWords)" } ?? ""))
    }

    static let notScheduled = Finding.warning(
        .function, .notScheduled, "no rule of EventBridge's default bus starts it",
        "Make one with 'rate(1 minute)', unless something else starts it, such as EventBridge Scheduler.")

    static func scheduleDisabled(_ rules: [EventRule]) -> Finding {
        .wrong(
            .function, .scheduleDisabled, "\(list(rules.map(\.name))) would start it, and is disabled",
            "Enable it: 'aws events enable-rule --name \(rules.first?.name ?? "NAME")'.")
    }

    static func scheduleUnknown(_ error: AWSError) -> Finding {
        .warning(
            .function, .scheduleUnknown, "what starts it could not be read: \(clause(error))",
            error.remedy ?? "Look at its triggers in the console.")
    }

    static func concurrency(_ reserved: Int?) -> Finding {
        switch reserved {
        case 1: .good(.function, .concurrencyIsOne, "one at a time of it runs")
        case 0:
            .wrong(
                .function, .concurrencyIsZero, "its reserved concurrency is 0: it never runs",
                "Set the reserved concurrency to 1; to stop promotions there is 'promoter pause'.")
        default:
            .warning(
                .function, .concurrencyNotReserved,
                reserved.map { "its reserved concurrency is \($0)" } ?? "it has no reserved concurrency",
                "Set it to 1: two at a time would count confirmations and the hold-down apart.")
        }
    }
}
