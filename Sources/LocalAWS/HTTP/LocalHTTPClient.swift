import FlyingFox
import FlyingSocks
package import Foundation

/// Asks a port on loopback: for the command line's control requests, and for tests.
package enum LocalHTTPClient {
    package struct Answer: Sendable {
        package let status: Int
        /// Names in lower case.
        package let headers: [String: String]
        package let body: Data
    }

    package static func send(
        _ method: String, _ path: String, query: [(String, String)] = [], headers: [String: String] = [:],
        body: Data = Data(), toPort port: UInt16
    ) async throws -> Answer {
        var fields: [HTTPHeader: String] = [HTTPHeader("Host"): "127.0.0.1:\(port)"]
        for (name, value) in headers { fields[HTTPHeader(name)] = value }
        let request = HTTPRequest(
            method: HTTPMethod(method), version: .http11, path: path,
            query: query.map { .init(name: $0.0, value: $0.1) }, headers: fields, body: body
        )
        var client = HTTPClient()
        let response: HTTPResponse
        do {
            response = try await client.sendHTTPRequest(request, to: sockaddr_in.inet(ip4: "127.0.0.1", port: port))
        } catch {
            throw LocalAWSError("Nothing answers on port \(port) of 127.0.0.1: \(error.localizedDescription)")
        }
        var answered: [String: String] = [:]
        for (name, value) in response.headers { answered[name.rawValue.lowercased()] = value }
        return Answer(status: response.statusCode.code, headers: answered, body: try await response.bodyData)
    }
}
