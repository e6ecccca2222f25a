internal import AWSClient
internal import HTTPTransport
internal import JSON

/// A request to AWS, taken apart as far as the worlds need it.
struct ServiceCall: Sendable {
    /// As in the name of its host: `elasticache`.
    let service: String
    /// Whose endpoint it is.
    let region: String
    /// Where it comes from.
    let origin: Witness.Source
    let operation: String
    /// Of a form, or of the outermost object of JSON.
    let parameters: [String: String]
    /// As in `20260101T003005Z`.
    private let date: String?

    init(_ request: HTTPRequest, from origin: Witness.Source) {
        self.origin = origin
        date = request.headers["X-Amz-Date"]
        let host = request.url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        let labels = host.split(separator: ".")
        service = labels.first.map(String.init) ?? ""
        region = labels.count > 3 ? String(labels[1]) : "us-east-1"
        let target = request.headers["X-Amz-Target"]?.split(separator: ".").last
        if service == "route53" {
            (operation, parameters) = Self.route53(request)
        } else if let target {
            operation = String(target)
            var members: [String: String] = [:]
            if case .object(let object)? = try? JSONValue(parsing: request.body) {
                for member in object { if case .string(let text) = member.value { members[member.key] = text } }
            }
            parameters = members
        } else {
            var form: [String: String] = [:]
            for pair in request.body.split(separator: UInt8(ascii: "&")) {
                let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                form[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
            }
            operation = form["Action"] ?? ""
            parameters = form
        }
    }

    /// Whether it asks for a change of who is primary.
    var isChange: Bool {
        [
            "FailoverGlobalReplicationGroup", "DisassociateGlobalReplicationGroup", "FailoverGlobalCluster",
            "SwitchoverGlobalCluster", "RemoveFromGlobalCluster",
        ].contains(operation)
    }

    /// - Parameter service: as in the name of its host; `changes` for all that changes who is primary, nil for any.
    func isOf(_ service: String?) -> Bool { service.map { $0 == "changes" ? isChange : $0 == self.service } ?? true }

    var change: Witness.Change {
        ["DisassociateGlobalReplicationGroup", "RemoveFromGlobalCluster"].contains(operation) ? .detachment : .promotion
    }

    /// Who is to be changed.
    var memberID: String {
        parameters["PrimaryReplicationGroupId"] ?? parameters["ReplicationGroupId"]
            ?? parameters["TargetDbClusterIdentifier"] ?? parameters["DbClusterIdentifier"] ?? ""
    }

    /// By the clock of who sent it.
    var signedAt: Timestamp? {
        guard let date, date.count == 16 else { return nil }
        let parts = [(0, 4), (4, 6), (6, 8), (9, 11), (11, 13), (13, 15)].map {
            date.utf8.dropFirst($0.0).prefix($0.1 - $0.0)
        }
        let digits = parts.map { String(decoding: $0, as: UTF8.self) }
        return Timestamp(
            iso8601: "\(digits[0])-\(digits[1])-\(digits[2])T\(digits[3]):\(digits[4]):\(digits[5])Z")
    }

    static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                decoded.append(byte)
                continue
            }
            decoded.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
