/// The operation of Identity and Access Management that is used.
/// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
package struct IAM: Sendable {
    /// Whether a principal may do one thing with one resource.
    package struct Simulation: Sendable, Equatable {
        package enum Decision: Sendable, Equatable {
            case allowed
            /// A statement forbids it.
            case explicitDeny
            /// No statement allows it.
            case implicitDeny
            /// One that AWS has added since: nothing may be concluded from it.
            case other(String)

            init(_ text: String) {
                self =
                    switch text {
                    case "allowed": .allowed
                    case "explicitDeny": .explicitDeny
                    case "implicitDeny": .implicitDeny
                    default: .other(text)
                    }
            }
        }

        /// As in `elasticache:FailoverGlobalReplicationGroup`.
        package var action: String
        /// Its ARN, or `*`.
        package var resource: String
        package var decision: Decision

        package init(action: String, resource: String, decision: Decision) {
            self.action = action
            self.resource = resource
            self.decision = decision
        }
    }

    /// What a request has that policies may ask for, as in `route53:ChangeResourceRecordSetsActions`: a list of strings.
    package struct ContextEntry: Sendable, Equatable {
        package var key: String
        package var values: [String]

        package init(key: String, values: [String]) {
            self.key = key
            self.values = values
        }
    }

    /// A page has a hundred results where nothing else is asked for.
    static let maximumPages = 100

    private let client: AWSClient

    /// Its endpoint is the one of the partition that the region of the configuration is in.
    package init(_ client: AWSClient) {
        self.client = client
    }

    /// What the policies of a role or user say to each action with each resource. Nothing is carried out.
    ///
    /// Policies of the resources themselves, of the organization and of sessions have no part in it.
    ///
    /// - Parameters:
    ///   - principalARN: of a role, not of a session of one.
    ///   - resources: ARNs; none for `*`.
    ///   - context: of the requests; a condition on a key that is not here counts as it does for a request without it.
    /// - Throws: an error with the code `.notFound` where there is no such principal.
    package func simulatePrincipalPolicy(
        principalARN: String, actions: [String], resources: [String], context: [ContextEntry] = [],
        deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [Simulation] {
        var parameters: [(name: String, value: String?)] = [("PolicySourceArn", principalARN)]
        parameters += actions.enumerated().map { ("ActionNames.member.\($0 + 1)", $1) }
        parameters += resources.enumerated().map { ("ResourceArns.member.\($0 + 1)", $1) }
        for (index, entry) in context.enumerated() {
            let place = "ContextEntries.member.\(index + 1)"
            parameters += [("\(place).ContextKeyName", entry.key), ("\(place).ContextKeyType", "stringList")]
            parameters += entry.values.enumerated().map { ("\(place).ContextKeyValues.member.\($0 + 1)", $1) }
        }
        var simulations: [Simulation] = []
        var markers: Set<String> = []
        var marker: String?
        for _ in 0..<Self.maximumPages {
            let page = try await page(parameters + [("Marker", marker)], deadline: deadline)
            simulations += page.simulations
            guard let next = page.marker else { return simulations }
            guard markers.insert(next).inserted else { break }
            marker = next
        }
        throw AWSError.endlessPages(of: "IAM SimulatePrincipalPolicy")
    }

    private struct Page {
        var simulations: [Simulation] = []
        var marker: String?
    }

    private func page(
        _ parameters: [(name: String, value: String?)], deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> Page {
        let call = AWSCall.query(.iam, region: nil, operation: "SimulatePrincipalPolicy", parameters: parameters)
        do throws(AWSError) {
            return try await client.query(call, deadline: deadline) { result throws(XMLError) in
                var page = Page()
                for element in result.list("EvaluationResults", of: "member") {
                    page.simulations += try Self.simulations(element)
                }
                if try result.boolean("IsTruncated") ?? false { page.marker = try result.required("Marker") }
                return page
            }
        } catch {
            var error = error
            if error.awsCode == "NoSuchEntity" { error.code = .notFound }
            throw error
        }
    }

    /// The resource of the result itself is the pattern of such resources, not one that was asked about, where the
    /// result has those below it.
    private static func simulations(_ element: XMLElement) throws(XMLError) -> [Simulation] {
        let action = try element.required("EvalActionName")
        let decision = try element.required("EvalDecision")
        var simulations: [Simulation] = []
        for specific in element.list("ResourceSpecificResults", of: "member") {
            simulations.append(
                Simulation(
                    action: action, resource: try specific.required("EvalResourceName"),
                    decision: .init(try specific.required("EvalResourceDecision"))))
        }
        guard simulations.isEmpty else { return simulations }
        return [
            Simulation(
                action: action, resource: element.optional("EvalResourceName") ?? "*", decision: .init(decision))
        ]
    }
}
