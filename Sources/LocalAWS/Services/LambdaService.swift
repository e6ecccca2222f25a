import Foundation

/// Lambda's control plane, as far as it tells of a function. (The Runtime API of each function has a port
/// of its own.)
struct LambdaService: LocalService {
    let name = "lambda"

    let functions: @Sendable () -> [LocalFunction]

    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String]) {
        var parameters = Dictionary(request.queryPairs.map { ($0.name, $0.value) }) { first, _ in first }
        // /VERSION/functions/NAME/WHAT, decoded one by one.
        let path = request.path.split(separator: "/").map { FormCoding.decode($0) }
        guard path.count == 4, path[1] == "functions" else { return ("", parameters) }
        parameters["FunctionName"] = path[2]
        switch (request.method, path[0], path[3]) {
        case ("GET", "2015-03-31", "configuration"): return ("GetFunctionConfiguration", parameters)
        case ("GET", "2019-09-30", "concurrency"): return ("GetFunctionConcurrency", parameters)
        default: return ("", parameters)
        }
    }

    func perform(_ call: ServiceCall) throws -> ServiceAnswer {
        guard !call.operation.isEmpty else {
            throw AWSFailure(404, "UnknownOperationException", "There is no such operation here.")
        }
        let function = try function(call)
        let settings = function.settings
        var answer: [String: AnswerValue] = [:]
        if call.operation == "GetFunctionConcurrency" {
            answer["ReservedConcurrentExecutions"] = settings.reservedConcurrency.map { .integer($0) }
        } else {
            answer = Self.configuration(of: function, settings)
        }
        return ServiceAnswer(body: try AnswerValue.object(answer).json, headers: ["Content-Type": "application/json"])
    }

    private static func configuration(of function: LocalFunction, _ settings: FunctionSettings) -> [String: AnswerValue]
    {
        var answer: [String: AnswerValue] = [
            "FunctionName": .text(function.name), "FunctionArn": .text(function.arn),
            "Runtime": .text("provided.al2023"), "Role": .text(function.role), "Handler": .text(settings.handler),
            "Timeout": .integer(settings.timeout), "MemorySize": .integer(settings.memory),
            "Version": .text("$LATEST"), "PackageType": .text("Zip"), "State": .text("Active"),
            "LastUpdateStatus": .text("Successful"), "Architectures": .list([.text("x86_64")]),
        ]
        if !settings.environment.isEmpty {
            answer["Environment"] = .object(["Variables": .object(settings.environment.mapValues { .text($0) })])
        }
        return answer
    }

    /// By name, by ARN, or by the part of the ARN from the account on.
    private func function(_ call: ServiceCall) throws(AWSFailure) -> LocalFunction {
        let wanted = call.parameters["FunctionName"] ?? ""
        let found = functions().first { function in
            function.region == call.region
                && [function.name, function.arn, "\(CredentialStore.account):function:\(function.name)"].contains(
                    wanted)
        }
        guard let found else {
            let name = wanted.split(separator: ":").last ?? ""
            throw AWSFailure(
                404, "ResourceNotFoundException",
                "Function not found: arn:aws:lambda:\(call.region):\(CredentialStore.account):function:\(name)"
            )
        }
        return found
    }

    func answer(for failure: AWSFailure, to request: LocalHTTPRequest, requestID: String) -> ServiceAnswer {
        let body = AnswerValue.object([
            "Type": .text(failure.status < 500 ? "User" : "Service"), "Message": .text(failure.message),
        ])
        // Strings always encode; the fallback is for the compiler.
        return ServiceAnswer(
            status: failure.status, body: (try? body.json) ?? "{}",
            headers: ["Content-Type": "application/json", "x-amzn-ErrorType": failure.code]
        )
    }

    func refusal(of signature: AWSFailure, on request: LocalHTTPRequest) -> AWSFailure {
        JSONProtocol.refusal(of: signature, status: 403)
    }
}
