import FlyingFox
import FlyingSocks
import Foundation

/// One listening port on loopback. All that the rest of the emulator knows of its HTTP server.
final class HTTPListener: Sendable {
    typealias Handler = @Sendable (LocalHTTPRequest) async -> LocalHTTPReply

    /// Bodies up to this size are read in one piece. More than Lambda's largest payload, so that
    /// "too large" is for the emulated service to say.
    private static let largestBodyInOnePiece = 32 << 20

    let port: UInt16
    private let running: Task<Void, Never>

    /// - Parameter port: 0 takes a free one.
    init(port: UInt16, handler: @escaping Handler) async throws {
        let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
        let configuration = HTTPServer.Configuration(
            address: address,
            // Long polls and hung requests may last; a century is as good as no limit.
            timeout: 3_000_000_000,
            sharedRequestBufferSize: Self.largestBodyInOnePiece,
            sharedRequestReplaySize: Self.largestBodyInOnePiece,
            pool: PromptPool(),
            logger: .disabled
        )
        let server = HTTPServer(config: configuration, handler: Route(handler: handler))
        let failure = FailureBox()
        self.running = Task {
            do { try await server.run() } catch { await failure.set(error) }
        }
        // The server tells of a success, but not of a failure to listen: ask for either, in turns.
        while await !server.isListening {
            if let error = await failure.error { throw Self.describe(error, port: port) }
            await Task.yield()
        }
        guard case .ip4(_, let boundPort) = await server.listeningAddress else {
            throw LocalAWSError("The HTTP server listens, but does not say on which port.")
        }
        self.port = boundPort
    }

    /// Not by the server's own `stop`, which closes the socket under the task that accepts from it: that
    /// task may find another socket under the same number by then, and block a thread on it for ever.
    func stop() async {
        running.cancel()
        await running.value
    }

    private static func describe(_ error: any Error, port: UInt16) -> LocalAWSError {
        if case SocketError.failed(_, EADDRINUSE, _) = error {
            return LocalAWSError(
                "Port \(port) of 127.0.0.1 is taken by another program; choose another, or 0 for a free one.")
        }
        return LocalAWSError("Cannot listen on port \(port) of 127.0.0.1: \(error.localizedDescription)")
    }

    private actor FailureBox {
        var error: (any Error)?
        func set(_ error: any Error) { self.error = error }
    }

    private struct Route: HTTPHandler {
        let handler: Handler

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            var headers: [String: String] = [:]
            for (name, value) in request.headers {
                let name = name.rawValue.lowercased()
                headers[name] = headers[name].map { "\($0),\(value)" } ?? value
            }
            let reply = await handler(
                LocalHTTPRequest(
                    method: request.method.rawValue,
                    path: request.target.path(),
                    query: request.target.query(),
                    headers: headers,
                    body: try await request.bodyData
                )
            )
            switch reply {
            case .respond(let status, let headers, let body):
                var fields = HTTPHeaders()
                for (name, value) in headers { fields[HTTPHeader(name)] = value }
                return HTTPResponse(
                    statusCode: HTTPStatusCode(status, phrase: ReasonPhrase.of(status)),
                    headers: fields,
                    body: HTTPBodySequence(data: body, suggestedBufferSize: max(body.count, 1))
                )
            case .drop:
                return HTTPResponse(webSocket: Hangup())
            }
        }
    }

    /// The server has no call that closes a connection without an answer. A protocol switch whose
    /// handler fails does so, since the server asks the handler before it writes the response.
    private struct Hangup: WSHandler {
        func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
            throw SocketError.disconnected
        }
    }
}

private enum ReasonPhrase {
    static func of(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 202: "Accepted"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 410: "Gone"
        case 413: "Payload Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
