internal import AWSClient
package import Functions

/// How the deployed function is set up.
struct FunctionReading: Sendable {
    var name: String
    var configuration: Result<LambdaFunctionConfiguration, AWSError>
    var concurrency: Result<Int?, AWSError>?
    /// The rules of EventBridge that start it.
    var rules: Result<[EventRule], AWSError>?

    static func take(
        _ name: String, client: AWSClient, region: String, deadline: ContinuousClock.Instant
    ) async -> FunctionReading {
        let functions = LambdaFunctions(client, region: region)
        do throws(AWSError) {
            let configuration = try await functions.configuration(of: name, deadline: deadline)
            async let concurrency = concurrency(of: name, functions, deadline)
            async let rules = rules(for: configuration.arn, EventBridge(client, region: region), deadline)
            return FunctionReading(
                name: name, configuration: .success(configuration), concurrency: await concurrency, rules: await rules)
        } catch { return FunctionReading(name: name, configuration: .failure(error)) }
    }

    private static func concurrency(
        of name: String, _ functions: LambdaFunctions, _ deadline: ContinuousClock.Instant
    ) async -> Result<Int?, AWSError> {
        do throws(AWSError) {
            return .success(try await functions.reservedConcurrency(of: name, deadline: deadline))
        } catch { return .failure(error) }
    }

    private static func rules(
        for arn: String, _ eventBridge: EventBridge, _ deadline: ContinuousClock.Instant
    ) async -> Result<[EventRule], AWSError> {
        do throws(AWSError) {
            var rules: [EventRule] = []
            for name in try await eventBridge.ruleNames(byTarget: arn, deadline: deadline) {
                rules.append(try await eventBridge.rule(named: name, deadline: deadline))
            }
            return .success(rules)
        } catch { return .failure(error) }
    }
}

extension FunctionReading {
    /// The ARN of its role; nil where it is not known.
    var role: String? {
        if case .success(let function) = configuration { function.roleARN } else { nil }
    }

    /// The time from one start of it to the next, by the most frequent of the rules that are enabled; nil where it is
    /// not known.
    var period: Duration? {
        guard case .success(let rules)? = rules else { return nil }
        return rules.filter(\.isEnabled).compactMap { $0.scheduleExpression.flatMap(SchedulePeriod.of) }.min()
    }
}

extension PromoterConfiguration {
    /// Of the watch that is checked most often; nil where none is checked more than once an invocation.
    package var shortestCheckInterval: Duration? { watches.compactMap(\.checkInterval).min() }
}
