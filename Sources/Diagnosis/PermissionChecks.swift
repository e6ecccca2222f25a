internal import AWSClient
internal import Functions

/// What is known of an action that the functions need.
enum PermissionReading: Sendable {
    /// It was done, for each of its resources.
    case done(action: String, failures: [AWSError])
    case simulated(action: String, principal: String, [IAM.Simulation])
    case notSimulated(actions: [String], why: Why)

    enum Why: Sendable {
        /// The caller is none whose policies IAM simulates, or not known.
        case noPrincipal
        /// There is no such role; its path is not known.
        case pathUnknown(String)
        case failed(AWSError)
    }
}

/// Asks IAM what the policies of a principal say.
struct PermissionSimulator: Sendable {
    let iam: IAM
    let principal: Principal?
    let deadline: ContinuousClock.Instant

    /// IAM gives every pair of action and resource a result.
    private static let mostResources = 50

    func read(_ groups: [NeededActions.Group]) async -> [PermissionReading] {
        let actions = groups.flatMap(\.actions)
        guard !actions.isEmpty else { return [] }
        guard let principal else { return [.notSimulated(actions: actions, why: .noPrincipal)] }
        var readings: [PermissionReading] = []
        do throws(AWSError) {
            for group in groups { readings += try await read(group, principal) }
            return readings
        } catch {
            // Whatever keeps one from being simulated does so with the others: said once.
            let why: PermissionReading.Why =
                error.code == .notFound && principal.mayLackPath ? .pathUnknown(principal.arn) : .failed(error)
            return [.notSimulated(actions: actions, why: why)]
        }
    }

    private func read(_ group: NeededActions.Group, _ principal: Principal) async throws(AWSError)
        -> [PermissionReading]
    {
        var simulations: [IAM.Simulation] = []
        for start in stride(from: 0, to: max(1, group.resources.count), by: Self.mostResources) {
            simulations += try await iam.simulatePrincipalPolicy(
                principalARN: principal.arn, actions: group.actions,
                resources: Array(group.resources.dropFirst(start).prefix(Self.mostResources)), context: group.context,
                deadline: deadline)
        }
        return group.actions.map { action in
            let own = simulations.filter { $0.action.lowercased() == action.lowercased() }
            return .simulated(action: action, principal: principal.arn, own)
        }
    }
}

extension Finding {
    /// - Returns: nil where what went wrong was no matter of permissions: then it is said where it belongs.
    static func permission(_ reading: PermissionReading) -> Finding? {
        switch reading {
        case .done(let action, let failures):
            if let denial = failures.first(where: \.isAboutPermissions) {
                return .wrong(
                    .permission, .denied, "\(action) is denied: \(clause(denial))",
                    denial.remedy ?? "Allow it in the policy of the role.")
            }
            return failures.isEmpty ? .good(.permission, .allowed, "\(action) is allowed: it was done") : nil
        case .simulated(let action, let principal, let simulations):
            return simulated(action, principal, simulations)
        case .notSimulated(let actions, let why):
            let reason: String
            let remedy: String
            switch why {
            case .noPrincipal:
                reason = "the caller is not known, or is no role or user whose policies could be simulated"
                remedy = "Give --function, whose role is simulated then, or run this as a role or user that STS knows."
            case .pathUnknown(let arn):
                reason = "there is no role \(arn); it has a path, which the caller's ARN leaves out"
                remedy = "Give --function, whose role has its path in its ARN, or try it in a drill."
            case .failed(let error) where error.isAboutPermissions:
                reason = clause(error)
                remedy = "Allow iam:SimulatePrincipalPolicy to whoever runs this, or try it in a drill."
            case .failed(let error):
                reason = clause(error)
                remedy = error.remedy ?? "Run this from where IAM can be reached, or try it in a drill."
            }
            return .warning(
                .permission, .notSimulated, "not checked: \(actions.joined(separator: ", ")): \(reason)", remedy)
        }
    }

    private static func simulated(_ action: String, _ principal: String, _ simulations: [IAM.Simulation]) -> Finding {
        let refused = simulations.filter { $0.decision == .implicitDeny || $0.decision == .explicitDeny }
        if let first = refused.first {
            let forbidden = refused.contains { $0.decision == .explicitDeny }
            return .wrong(
                .permission, .denied,
                "\(principal) may not do \(action) with \(list(refused.map(\.resource)))"
                    + (forbidden ? ": a statement forbids it" : ""),
                "Allow \(action) with \(refused.count == 1 ? first.resource : "them") in the policy of the role"
                    + (forbidden ? ", and take out what forbids it." : "."))
        }
        guard !simulations.isEmpty, simulations.allSatisfy({ $0.decision == .allowed }) else {
            return .warning(
                .permission, .notSimulated, "not checked: \(action): IAM does not say whether it is allowed",
                "Try it in a drill.")
        }
        return .good(.permission, .allowed, "\(action) is allowed by the policies of \(principal)")
    }
}
