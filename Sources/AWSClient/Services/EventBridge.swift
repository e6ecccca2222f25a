internal import JSON

/// The operations of EventBridge that read the rules of the default event bus, the only one that has schedules.
/// See https://docs.aws.amazon.com/eventbridge/latest/APIReference/
package struct EventBridge: Sendable {
    /// 100 a page.
    static let maximumPages = 100

    private let client: AWSClient
    private let region: String?

    /// - Parameter region: nil for that of the configuration.
    package init(_ client: AWSClient, region: String? = nil) {
        self.client = client
        self.region = region
    }

    /// The names of the rules that start a target.
    ///
    /// - Parameter arn: of the target, such as a function, exactly as the rule has it.
    package func ruleNames(
        byTarget arn: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [String] {
        var names: [String] = []
        var tokens: Set<String> = []
        var input: JSONValue = ["TargetArn": .string(arn), "Limit": 100]
        for _ in 0..<Self.maximumPages {
            let page: (names: [String], next: String?) = try await client.json(
                call("ListRuleNamesByTarget", input), deadline: deadline
            ) { document throws(JSONError) in
                let document = JSONReader(document)
                var names: [String] = []
                for name in try document.required("RuleNames").array() { names.append(try name.string()) }
                return (names, try document.optional("NextToken")?.string())
            }
            names += page.names
            guard let next = page.next else { return names }
            guard tokens.insert(next).inserted else { break }
            input = ["TargetArn": .string(arn), "Limit": 100, "NextToken": .string(next)]
        }
        throw AWSError.endlessPages(of: "EventBridge ListRuleNamesByTarget")
    }

    /// A rule.
    ///
    /// - Throws: an error with the code `.notFound` where there is none of this name.
    package func rule(named name: String, deadline: ContinuousClock.Instant) async throws(AWSError) -> EventRule {
        do throws(AWSError) {
            return try await client.json(call("DescribeRule", ["Name": .string(name)]), deadline: deadline) {
                document throws(JSONError) in
                let document = JSONReader(document)
                let schedule = try document.optional("ScheduleExpression")?.string() ?? ""
                return EventRule(
                    name: try document.required("Name").string(), scheduleExpression: schedule.isEmpty ? nil : schedule,
                    // There are two states of this beginning, which differ in the events that a rule gets.
                    isEnabled: try document.required("State").string().hasPrefix("ENABLED"))
            }
        } catch {
            var error = error
            if error.awsCode == "ResourceNotFoundException" { error.code = .notFound }
            throw error
        }
    }

    private func call(_ operation: String, _ input: JSONValue) -> AWSCall {
        .json(.eventBridge, region: region, operation: operation, target: "AWSEvents", input: input)
    }
}
