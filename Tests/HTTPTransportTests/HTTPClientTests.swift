import HTTPTransport
import Synchronization
import Testing

@Suite("The HTTP client")
struct HTTPClientTests {
    static let client = HTTPClient(caBundle: CABundle(environment: [:]))
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// Long enough for any machine; no test waits for it to pass.
    static var soon: ContinuousClock.Instant { .now + .seconds(60) }

    static func failure(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant? = soon, client: HTTPClient = client
    ) async -> HTTPTransportError? {
        do {
            _ = try await client.execute(request, deadline: deadline)
            return nil
        } catch {
            return error
        }
    }

    @Test("A request goes out byte for byte as it was given")
    func requestBytes() async throws {
        let server = try RawServer { _ in .bytes(Self.ok) }
        var request = HTTPRequest(
            method: "POST", url: "\(server.url)/a/../b//c%20d?x=%2F&x=", headers: ["X-Empty": "", "X-One": "1"],
            body: [0, 1, 255, 13, 10])
        request.headers.append("X-One", "2")
        let response = try await Self.client.execute(request, deadline: Self.soon)
        #expect(response.status == 200 && response.body == Array("ok".utf8))
        let received = try #require(server.requests.first)
        #expect(received.body == [0, 1, 255, 13, 10])
        let lines = received.head.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "POST /a/../b//c%20d?x=%2F&x= HTTP/1.1")
        // Nothing else than what HTTP needs and the caller gave.
        #expect(
            Set(lines.dropFirst()) == [
                "Host: 127.0.0.1:\(server.port)", "Content-Length: 5", "X-Empty:", "X-One: 1", "X-One: 2",
            ])
    }

    @Test("A POST without a body has the length 0, and a GET has none")
    func emptyBodies() async throws {
        let server = try RawServer { _ in .bytes(Self.ok) }
        _ = try await Self.client.execute(HTTPRequest(method: "POST", url: server.url), deadline: Self.soon)
        _ = try await Self.client.execute(HTTPRequest(method: "GET", url: server.url), deadline: Self.soon)
        #expect(server.requests.map { $0.head.contains("Content-Length: 0\r\n") } == [true, false])
    }

    @Test("A response of any status is a response", arguments: [200, 204, 301, 404, 500, 503])
    func statuses(status: Int) async throws {
        let server = try RawServer { _ in
            .bytes("HTTP/1.1 \(status) x\r\nContent-Length: 0\r\nX-A:  b \r\nx-a: c\r\n\r\n")
        }
        let response = try await Self.client.execute(HTTPRequest(method: "GET", url: server.url), deadline: Self.soon)
        #expect(response.status == status)
        #expect(response.headers["X-a"] == "b")
        #expect(response.headers.fields.filter { $0.name.lowercased() == "x-a" }.map(\.value) == ["b", "c"])
        // A redirect is not followed: a signature is for one host.
        #expect(server.requests.count == 1)
    }

    @Test("What an interim response said is not mixed into the final one")
    func interimResponse() async throws {
        let server = try RawServer { _ in .bytes("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n" + Self.ok) }
        let response = try await Self.client.execute(HTTPRequest(method: "GET", url: server.url), deadline: Self.soon)
        #expect(response.status == 200 && response.headers["X-Interim"] == nil)
    }

    @Test("The connection is kept, but for a request that must have one of its own")
    func connections() async throws {
        let server = try RawServer { _ in .bytes(Self.ok) }
        // One of its own: what others do on a client has a say in which connections it keeps.
        let client = HTTPClient(caBundle: CABundle(environment: [:]))
        var request = HTTPRequest(method: "POST", url: server.url)
        for fresh in [false, false, true, false] {
            request.needsFreshConnection = fresh
            _ = try await client.execute(request, deadline: Self.soon)
        }
        let used = server.requests.map(\.connection)
        #expect(used[0] == used[1])
        #expect(used[2] != used[1])
        #expect(server.connections == 2)
    }

    @Test("The connections to ten servers, asked one after the other, are kept all")
    func manyConnections() async throws {
        let servers = try (0..<10).map { _ in try RawServer { _ in .bytes(Self.ok) } }
        let client = HTTPClient(caBundle: CABundle(environment: [:]))
        for _ in 0..<3 {
            for server in servers {
                _ = try await client.execute(HTTPRequest(method: "GET", url: server.url), deadline: Self.soon)
            }
        }
        #expect(servers.map(\.connections) == Array(repeating: 1, count: 10))
    }

    @Test("A hundred requests at once all get their own answer")
    func concurrency() async throws {
        let server = try RawServer { request in
            let path = request.line.split(separator: " ")[1]
            return .bytes("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
        }
        let url = server.url
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let response = try await Self.client.execute(
                        HTTPRequest(method: "GET", url: "\(url)/\(number)"), deadline: Self.soon)
                    return response.body == Array("/\(number)".utf8)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(right == 100)
    }

    @Test("A body of several megabytes arrives whole")
    func largeBody() async throws {
        let text = String(repeating: "0123456789abcdef", count: 400_000)
        let server = try RawServer { _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
        }
        let response = try await Self.client.execute(
            HTTPRequest(method: "POST", url: server.url, body: Array(text.utf8)), deadline: Self.soon)
        #expect(response.body.elementsEqual(text.utf8))
        #expect(server.requests.first?.body.count == text.utf8.count)
    }

    @Test("A body or a header beyond its bound is refused")
    func tooLarge() async throws {
        let server = try RawServer { request in
            request.line.contains("/body")
                ? .bytes("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890")
                : .bytes(
                    "HTTP/1.1 200 OK\r\n"
                        + String(repeating: "X-Y: \(String(repeating: "z", count: 60_000))\r\n", count: 6))
        }
        for path in ["/body", "/header"] {
            var request = HTTPRequest(method: "GET", url: server.url + path)
            request.maximumBodySize = 10
            #expect(await Self.failure(request)?.code == .bodyTooLarge)
        }
    }

    @Test(
        "What is not a whole HTTP response is an error",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0",
        ])
    func brokenResponse(bytes: String) async throws {
        let server = try RawServer { _ in .bytes(bytes, thenClose: true) }
        let error = try #require(await Self.failure(HTTPRequest(method: "GET", url: server.url)))
        #expect(error.code == .connectionLost)
        #expect(error.requestMayHaveBeenSent)
    }

    @Test("A server that closes without an answer may have acted on the request")
    func lostAnswer() async throws {
        let server = try RawServer { _ in .close }
        var request = HTTPRequest(method: "POST", url: server.url, body: [1])
        request.needsFreshConnection = true
        let error = try #require(await Self.failure(request))
        #expect(error.code == .connectionLost)
        #expect(error.requestMayHaveBeenSent)
        // Not sent again behind our back.
        #expect(server.requests.count == 1)
    }

    @Test("Nothing was sent where there is nobody to connect to")
    func nobodyThere() async throws {
        let port = try RawServer { _ in .close }.port
        let error = try #require(await Self.failure(HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)")))
        #expect(error.code == .connectFailed || error.code == .connectionLost)
        let unresolved = try #require(await Self.failure(HTTPRequest(method: "GET", url: "http://nowhere.invalid")))
        #expect(unresolved.code == .nameNotResolved)
        #expect(!unresolved.requestMayHaveBeenSent)
    }

    @Test("A server that hangs costs no more than the deadline, and nobody else anything")
    func deadline() async throws {
        let server = try RawServer { $0.line.contains("/hang") ? .hang : .bytes(Self.ok) }
        let url = server.url
        async let hanging = Self.failure(
            HTTPRequest(method: "GET", url: url + "/hang"), deadline: .now + .milliseconds(150))
        let response = try await Self.client.execute(HTTPRequest(method: "GET", url: url), deadline: Self.soon)
        #expect(response.status == 200)
        let error = try #require(await hanging)
        #expect(error.code == .deadlineExceeded)
        #expect(error.requestMayHaveBeenSent)
    }

    @Test("A deadline that has passed sends nothing")
    func passedDeadline() async throws {
        let server = try RawServer { _ in .bytes(Self.ok) }
        let error = await Self.failure(HTTPRequest(method: "GET", url: server.url), deadline: .now - .seconds(1))
        #expect(error?.code == .deadlineExceeded)
        #expect(error?.requestMayHaveBeenSent == false)
        #expect(server.connections == 0)
    }

    @Test("A cancelled task stops waiting")
    func cancellation() async throws {
        let arrived = AsyncStream<Void>.makeStream()
        let server = try RawServer { _ in
            arrived.continuation.yield()
            return .hang
        }
        let url = server.url
        let task = Task { await Self.failure(HTTPRequest(method: "GET", url: url), deadline: nil) }
        for await _ in arrived.stream { break }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        // Cancelled before it begins: nothing is sent.
        let second = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.failure(HTTPRequest(method: "GET", url: url), deadline: nil)
        }
        #expect(await second.value?.code == .cancelled)
        #expect(server.requests.count == 1)
    }

    @Test(
        "What cannot be sent as it is, is refused",
        arguments: [
            HTTPRequest(method: "GET", url: "ftp://127.0.0.1/"), HTTPRequest(method: "GET", url: "file:///etc/passwd"),
            HTTPRequest(method: "GET", url: "http://"), HTTPRequest(method: "GET", url: ""),
            HTTPRequest(method: "GET", url: "http://127.0.0.1:99999/"),
            HTTPRequest(method: "G ET", url: "http://127.0.0.1/"),
            HTTPRequest(method: "", url: "http://127.0.0.1/"),
            HTTPRequest(method: "GET", url: "http://127.0.0.1:1/", headers: ["X": "a\r\nInjected: 1"]),
            HTTPRequest(method: "GET", url: "http://127.0.0.1:1/", headers: ["X\n": "a"]),
            HTTPRequest(method: "GET", url: "http://127.0.0.1:1/", headers: ["": "a"]),
        ])
    func invalidRequests(request: HTTPRequest) async throws {
        let error = try #require(await Self.failure(request))
        #expect(error.code == .invalidRequest)
        #expect(!error.requestMayHaveBeenSent)
    }

    @Test("A client that is let go of leaves nobody waiting")
    func closing() async throws {
        let server = try RawServer { _ in .bytes(Self.ok) }
        for _ in 0..<20 {
            let client = HTTPClient(caBundle: CABundle(environment: [:]))
            _ = try await client.execute(HTTPRequest(method: "GET", url: server.url), deadline: Self.soon)
        }
        #expect(server.requests.count == 20)
    }
}
