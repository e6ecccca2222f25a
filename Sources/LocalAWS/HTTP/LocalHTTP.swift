package import Foundation

/// A request as it came over the wire: path and query still encoded, as a signature needs them.
package struct LocalHTTPRequest: Sendable {
    package var method: String
    package var path: String
    package var query: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: Data

    package init(method: String, path: String, query: String = "", headers: [String: String] = [:], body: Data = Data())
    {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The query's pairs, decoded.
    package var queryPairs: [(name: String, value: String)] { FormCoding.pairs(of: query) }

    package func queryValue(_ name: String) -> String? {
        queryPairs.first { $0.name == name }?.value
    }
}

package enum LocalHTTPReply: Sendable {
    case respond(status: Int, headers: [String: String] = [:], body: Data = Data())
    /// The connection is closed without a byte of answer.
    case drop

    static func json(_ status: Int, _ body: Data) -> LocalHTTPReply {
        .respond(status: status, headers: ["Content-Type": "application/json"], body: body)
    }

    static func text(_ status: Int, _ text: String) -> LocalHTTPReply {
        .respond(status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Data(text.utf8))
    }
}

/// `application/x-www-form-urlencoded`, which query strings and the bodies of the query protocol share.
enum FormCoding {
    static func pairs(of text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(halves.first ?? ""), decode(halves.count > 1 ? halves[1] : ""))
        }
    }

    static func decode(_ text: Substring) -> String {
        let blanks = String(text.replacing("+", with: " "))
        return blanks.removingPercentEncoding ?? blanks
    }

    /// RFC 3986: all but the unreserved characters, upper-case hexadecimal.
    static func percentEncode(_ bytes: some Sequence<UInt8>, keeping kept: String = "") -> String {
        var result = ""
        for byte in bytes {
            let scalar = Unicode.Scalar(byte)
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(scalar)
            default:
                if kept.unicodeScalars.contains(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    let digits = String(byte, radix: 16, uppercase: true)
                    result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
                }
            }
        }
        return result
    }
}
