internal import LambdaRuntime

/// The functions that one zip serves, by the handler that Lambda is given.
package enum FunctionName: String, Sendable, CaseIterable {
    case promoter
    case `operator`
    case probe
    case endpoints

    /// Handlers that users have where this zip takes the place of the original tool's: a custom runtime's
    /// is `bootstrap` by custom, and the tool's published Terraform has its name.
    private static let inherited = ["bootstrap", "aws-global-elasticache-promoter"]

    /// - Parameter handler: `_HANDLER`. Lambda's emulator sets none.
    package init(handler: String?) throws(UnknownHandler) {
        guard let handler, !handler.isEmpty, !Self.inherited.contains(handler) else {
            self = .promoter
            return
        }
        guard let function = FunctionName(rawValue: handler) else { throw UnknownHandler(handler: handler) }
        self = function
    }
}

package struct UnknownHandler: Error, CustomStringConvertible {
    package var handler: String

    package var description: String {
        let known = FunctionName.allCases.map(\.rawValue).joined(separator: ", ")
        return "there is no function \(handler.debugDescription): set the handler to \(known)"
    }
}

extension UnknownHandler: LambdaReportable {
    package var lambdaErrorType: String { "UnknownHandler" }
}
