internal import AWSClient
internal import Functions

/// The function as it has to be to run what was checked.
enum FunctionChecks {
    /// What a check takes at the longest where nothing is wrong, by the module's own limits.
    private static let shortestTimeout = 10
    static let longestTimeout = 900
    /// The next invocation comes late by so much, whatever the schedule says.
    private static let tolerance = Duration.seconds(2)

    /// - Parameters:
    ///   - checked: the configuration that was checked; nil where there is none.
    ///   - differences: our variables that the function has otherwise than what was checked.
    static func findings(
        _ reading: FunctionReading, checked: PromoterConfiguration?, differences: [String]
    ) -> [Finding] {
        let function: LambdaFunctionConfiguration
        switch reading.configuration {
        case .failure(let error): return [.functionUnreadable(reading.name, error)]
        case .success(let it): function = it
        }
        var findings = [Finding.functionExists(function)]
        if (try? FunctionName(handler: function.handler)) != .promoter { findings.append(.wrongHandler(function)) }
        if let problem = function.environmentProblem { findings.append(.variablesUnreadable(function, problem)) }
        findings += differences.map { .differs($0, function.environment[$0]) }
        findings += schedule(reading.rules)
        findings.append(
            fit(function.timeoutSeconds, reading.period, isContinuous: checked?.shortestCheckInterval != nil))
        if case .success(let reserved)? = reading.concurrency { findings.append(.concurrency(reserved)) }
        return findings
    }

    private static func schedule(_ rules: Result<[EventRule], AWSError>?) -> [Finding] {
        switch rules {
        case nil: []
        case .failure(let error)?: [.scheduleUnknown(error)]
        case .success(let rules)? where rules.isEmpty: [.notScheduled]
        case .success(let rules)? where !rules.contains(where: \.isEnabled): [.scheduleDisabled(rules)]
        case .success?: []
        }
    }

    private static func fit(_ timeout: Int, _ period: Duration?, isContinuous: Bool) -> Finding {
        guard timeout >= shortestTimeout else { return .timeoutTooShort(timeout, least: shortestTimeout) }
        guard let period else { return .timeoutFits(timeout, nil) }
        let longest = Duration.seconds(longestTimeout)
        if isContinuous, period > longest + tolerance { return .scheduleTooSlow(period) }
        if isContinuous, Duration.seconds(timeout) + tolerance < period { return .timeoutLeavesGap(timeout, period) }
        guard Duration.seconds(timeout) <= period + tolerance else {
            return .timeoutLongerThanSchedule(timeout, period)
        }
        return .timeoutFits(timeout, period)
    }
}
