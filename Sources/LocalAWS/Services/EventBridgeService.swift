/// The rules that invoke the functions: one each, unless told otherwise.
struct EventBridgeService: JSONService {
    let name = "events"
    let target = "AWSEvents"
    let jsonVersion = "1.1"
    let operations: Set<String> = ["DescribeRule", "ListRuleNamesByTarget"]

    let functions: @Sendable () -> [LocalFunction]

    func result(of call: ServiceCall) throws -> AnswerValue {
        let bus = call.parameters["EventBusName"] ?? "default"
        guard bus == "default" else {
            throw AWSFailure(400, "ResourceNotFoundException", "Event bus \(bus) does not exist.")
        }
        let rules = functions().filter { $0.region == call.region }.compactMap { function in
            function.settings.rule.map { (name: $0.name ?? function.name, rule: $0, targetARN: function.arn) }
        }
        guard call.operation == "DescribeRule" else {
            let target = try Self.required("TargetArn", call)
            return .object(["RuleNames": .list(rules.filter { $0.targetARN == target }.map { .text($0.name) })])
        }
        let name = try Self.required("Name", call)
        guard let found = rules.first(where: { $0.name == name }) else {
            throw AWSFailure(400, "ResourceNotFoundException", "Rule \(name) does not exist on EventBus default.")
        }
        return .object([
            "Name": .text(name),
            "Arn": .text("arn:aws:events:\(call.region):\(CredentialStore.account):rule/\(name)"),
            "ScheduleExpression": .text(found.rule.schedule),
            "State": .text(found.rule.isEnabled ? "ENABLED" : "DISABLED"), "EventBusName": .text("default"),
            "CreatedBy": .text(CredentialStore.account),
        ])
    }

    private static func required(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> String {
        guard let value = call.parameters[name], !value.isEmpty else {
            throw AWSFailure(
                400, "ValidationException",
                "1 validation error detected: Value at '\(name)' failed to satisfy constraint: Member must not be null"
            )
        }
        return value
    }
}
