internal import Glibc

/// A name was not resolved.
package struct ResolutionError: Error, Sendable, Equatable {
    package enum Code: Sendable, Hashable {
        /// The name does not exist (`EAI_NONAME`).
        case notFound
        /// The name exists, but has neither A nor AAAA records (`EAI_NODATA`).
        case noData
        /// No answer from any name server, or one that says that it failed (`EAI_AGAIN`).
        case temporary
        /// The caller's deadline passed first.
        case timedOut
        case cancelled
        /// No host name by its form: nobody was asked.
        case invalidName
        /// Any other status: of `getaddrinfo`, or `errno` where that said `EAI_SYSTEM` or where no
        /// thread could be started.
        case failed(Int32)
    }

    package let code: Code
    /// The name as it was asked for.
    package let name: String
    /// What the C library or this module says about it.
    package let reason: String

    package init(_ code: Code, name: String, reason: String) {
        self.code = code
        self.name = name
        self.reason = reason
    }

    /// - Parameters:
    ///   - status: what `getaddrinfo` returned, other than 0.
    ///   - systemError: `errno` after it; counts only for `EAI_SYSTEM`.
    package init(status: Int32, systemError: Int32, name: String) {
        let code: Code =
            switch status {
            case EAI_NONAME: .notFound
            case Self.noDataStatus, Self.addressFamilyStatus: .noData
            case EAI_AGAIN: .temporary
            case EAI_SYSTEM: .failed(systemError)
            default: .failed(status)
            }
        // The texts of gai_strerror are static; that of strerror lives until this thread asks again.
        let reason =
            status == EAI_SYSTEM ? Self.text(ofSystemError: systemError) : String(cString: gai_strerror(status))
        self.init(code, name: name, reason: reason)
    }

    static func text(ofSystemError number: Int32) -> String {
        guard let text = strerror(number) else { return "error \(number)" }
        return String(cString: text)
    }

    // glibc hides these two behind _GNU_SOURCE, which Swift's Glibc module is built without.
    private static let noDataStatus: Int32 = -5
    private static let addressFamilyStatus: Int32 = -9
}

extension ResolutionError: CustomStringConvertible {
    package var description: String {
        // Names come from users: one with a line break must not tear a log line.
        let name = name.debugDescription
        return switch code {
        case .notFound:
            "the name \(name) does not exist (\(reason)): check its spelling and that the resolver sees its zone"
        case .noData:
            "the name \(name) has no address (\(reason)): check that its record is of type A, AAAA or CNAME"
        case .temporary:
            "no name server has answered for \(name) (\(reason)): check that they can be reached and the zone's delegation"
        case .timedOut:
            "resolving \(name) was given up (\(reason)): check that the name servers can be reached"
        case .cancelled:
            "resolving \(name) was cancelled (\(reason)): check what ended the invocation"
        case .invalidName:
            "\(name) is not a host name (\(reason)): check its spelling"
        case .failed(let number):
            "resolving \(name) failed with error \(number) (\(reason)): check the host's limits and resolver configuration"
        }
    }
}
