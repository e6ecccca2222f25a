package import HTTPTransport

/// A call of an AWS service did not give what was asked for, or could not be made.
package struct AWSError: Error, Sendable {
    package enum Code: Sendable, Equatable {
        /// A variable, a profile or an argument is wrong.
        case invalidConfiguration
        /// No source has credentials, or the one that is set up could not give them.
        case noCredentials
        /// AWS answered with an error of its own: see `awsCode`.
        case refused
        /// AWS knows nothing by the name that was asked for.
        case notFound
        /// There is an answer, but none that this operation can have.
        case unexpectedAnswer
        /// There is no answer: see `underlying`, an `HTTPTransportError`.
        case noAnswer
        /// The deadline of the caller passed.
        case deadlineExceeded
        case cancelled
        /// libcrypto failed.
        case library
    }

    package var code: Code
    /// What went wrong, a clause without the facts below.
    package var message: String
    /// Service and operation, as in `ElastiCache FailoverGlobalReplicationGroup`; nil where no call was made.
    package var activity: String?
    package var host: String?
    /// The HTTP status of the answer.
    package var status: Int?
    package var requestID: String?
    /// The error code of AWS, as in `InvalidGlobalReplicationGroupState`.
    package var awsCode: String?
    /// The first bytes of an answer that could not be understood, printable.
    package var bodyExcerpt: String?
    /// How often the request was sent, or tried to be.
    package var attempts = 0
    /// What would help, a whole sentence.
    package var remedy: String?
    /// True where a request that changes something may or may not have been carried out. Nobody may
    /// conclude then that nothing happened, and nobody may send it again without looking first.
    package var outcomeIsUnknown = false
    package var underlying: (any Error)?
    /// From `x-amz-retry-after`, in milliseconds, and from `Date`: what the next attempt goes by.
    var retryAfterMilliseconds: Int64?
    var serverDate: Timestamp?

    package init(_ code: Code, _ message: String, remedy: String? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.underlying = underlying
    }

    package var transportError: HTTPTransportError? { underlying as? HTTPTransportError }
}

extension AWSError: CustomStringConvertible {
    package var description: String {
        var text = activity.map { "\($0)\(host.map { " at \($0)" } ?? "") failed: " } ?? ""
        text += message
        var facts: [String] = []
        if let awsCode { facts.append("AWS error \(awsCode)") }
        if let status { facts.append("HTTP status \(status)") }
        if let requestID { facts.append("request id \(requestID)") }
        if attempts > 1 { facts.append("\(attempts) attempts") }
        if let bodyExcerpt { facts.append("the body \(bodyExcerpt.isEmpty ? "is empty" : "begins \(bodyExcerpt)")") }
        if !facts.isEmpty { text += " (\(facts.joined(separator: "; ")))" }
        text = Self.sentence(text)
        if outcomeIsUnknown { text += " Whether AWS carried the request out is unknown." }
        if let remedy { text += " \(remedy)" }
        return text
    }

    private static func sentence(_ text: String) -> String {
        text.hasSuffix(".") || text.hasSuffix("!") || text.hasSuffix("?") ? text : text + "."
    }

    /// Text from outside the process, fit for one line of a log: control characters escaped, clipped.
    static func printable(_ text: String, limit: Int = 500) -> String {
        var result = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < limit else { return result + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The first 200 bytes of a body, printable.
    static func excerpt(_ body: [UInt8]) -> String {
        printable(String(decoding: body.prefix(200), as: UTF8.self)) + (body.count > 200 ? "…" : "")
    }
}
