import LambdaRuntime
import Logging
import Synchronization

@testable import AWSClient
@testable import HTTPTransport

// Headers as servers send them: lines as libcurl hands them over (`l`), those of the Runtime API (`r`), and those that
// an error of AWS comes with (`a`).

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    switch input.byte() {
    case UInt8(ascii: "l"): try lines(input.remainder())
    case UInt8(ascii: "r"): try runtime(&input)
    default: try refusal(&input)
    }
}

// MARK: - Lines

/// Each line is in memory of its own, which ends where it does.
private func lines(_ bytes: [UInt8]) throws {
    let transfer = try Transfer(HTTPRequest(method: "GET", url: "http://localhost/"), deadline: nil, certificates: nil)
    let outcome = Mutex<HTTPResponse?>(nil)
    transfer.whenFinished { result in outcome.withLock { $0 = try? result.get() } }
    var expected: [(name: String, value: String)] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let line = line + [UInt8(ascii: "\n")]
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: line.count, alignment: 1)
        copy.copyBytes(from: line)
        let taken = transfer.receiveHeader(UnsafeRawBufferPointer(copy))
        copy.deallocate()
        try require(taken == line.count, "\(taken) of \(line.count) bytes are taken")
        if line.starts(with: "HTTP/".utf8) { expected = [] } else if let field = field(line) { expected.append(field) }
    }
    let body = Array(bytes.prefix(100))
    try require(body.withUnsafeBytes { transfer.receiveBody($0) } == body.count, "the body is not taken")
    _ = transfer.complete(.init(0))
    guard let response = outcome.withLock({ $0 }) else { throw WrongResult(reason: "there is no response") }
    let fields = response.headers.fields
    try require(fields.map(\.name) == expected.map(\.name), "\(fields) instead of \(expected)")
    try require(fields.map(\.value) == expected.map(\.value), "\(fields) instead of \(expected)")
    try require(response.body == body, "the body is another")
    for (name, _) in expected where name.utf8.allSatisfy({ $0 < 0x80 }) {
        let first = expected.first { $0.name.lowercased() == name.lowercased() }?.value
        try require(response.headers[name.uppercased()] == first, "\(name) is another in capitals")
    }
}

/// A second reading of a line: by the texts instead of the bytes.
private func field(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    var value = Array(line[(colon + 1)...])
    while let last = value.last, [9, 10, 13, 32].contains(last) { value.removeLast() }
    while let first = value.first, [9, 10, 13, 32].contains(first) { value.removeFirst() }
    return (String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
}

// MARK: - The Runtime API

private let names = [
    "Lambda-Runtime-Aws-Request-Id", "Lambda-Runtime-Deadline-Ms", "Lambda-Runtime-Trace-Id",
    "Lambda-Runtime-Invocation-Id", "Lambda-Runtime-Invoked-Function-Arn", "lambda-runtime-aws-request-id",
]

private func headers(_ input: inout Input, _ names: [String]) -> HTTPHeaders {
    var headers = HTTPHeaders()
    for line in input.parts(by: UInt8(ascii: "\n")) {
        var line = Input(line)
        headers.append(line.choice(of: names), line.text())
    }
    return headers
}

/// Two statuses, and a header in each line, of which the first byte is the name.
private func runtime(_ input: inout Input) throws {
    let statuses = [200, 202, 403, 500, 410, 413, 400]
    let (status, taken) = (input.choice(of: statuses), input.choice(of: statuses))
    let headers = headers(&input, names)
    let server = Server([
        HTTPResponse(status: status, headers: headers, body: Array("{}".utf8)), HTTPResponse(status: taken),
        HTTPResponse(status: 500),
    ])
    let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
    let runtime = LambdaRuntime(
        address: "127.0.0.1:9001", executor: server, logger: logger,
        wallClock: { WallClockTime(millisecondsSince1970: 1_772_000_000_000) })
    let seen = Mutex<Invocation?>(nil)
    let start = ContinuousClock.now
    do {
        try CallingThread.shared.run {
            try await runtime.run { invocation in
                seen.withLock { $0 = invocation }
                return Array("null".utf8)
            }
        }
    } catch is LambdaRuntimeError {}
    guard let invocation = seen.withLock({ $0 }) else {
        let id = headers[names[0]] ?? ""
        return try require(status != 200 || id.isEmpty || !id.utf8.allSatisfy(isPlain), "\(id) is refused")
    }
    try require(!invocation.requestID.isEmpty && invocation.requestID.utf8.allSatisfy(isPlain), "\(invocation)")
    try require(invocation.deadline > start, "it is over before it began")
    try require(invocation.deadline - start < .seconds(1220), "it may last for \(invocation.deadline - start)")
    guard server.requests.count > 1 else { throw WrongResult(reason: "it is not answered") }
    let answer = server.requests[1]
    let path = "invocation/\(invocation.requestID)/response"
    try require(answer.url == "http://127.0.0.1:9001/2018-06-01/runtime/\(path)", answer.url)
    try require(answer.headers[names[3]] == headers[names[3]], "the id of the invocation is another")
}

private func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
}

// MARK: - Errors of AWS

private let errorNames = ["x-amz-retry-after", "Date", "x-amzn-RequestId", "x-amzn-ErrorType", "Location"]
private let codes = [
    "Throttling", "RequestExpired", "AccessDenied", "InternalFailure", "SignatureDoesNotMatch", "ExpiredToken",
]

/// A status, an error of AWS, whether the call may be repeated, and a header in each line.
private func refusal(_ input: inout Input) throws {
    let status = input.choice(of: [400, 503, 200, 301, 403, 500])
    let code = input.choice(of: codes)
    let isRepeatable = input.byte() & 1 == 1
    let headers = headers(&input, errorNames)
    let body = Array("<ErrorResponse><Error><Code>\(code)</Code><Message>m</Message></Error></ErrorResponse>".utf8)
    var call = AWSCall.query(.sts, region: nil, operation: "GetCallerIdentity", parameters: [])
    call.isRepeatable = isRepeatable
    let response = HTTPResponse(status: status, headers: headers, body: body)
    let reader = AnswerReader(call: call, host: "sts.amazonaws.com", credentials: nil)
    do throws(AWSError) {
        _ = try reader.xml(response, root: "GetCallerIdentityResponse") { _ throws(XMLError) in }
        throw AWSError(.library, "it is taken for an answer")
    } catch {
        try require(error.code == .refused && error.awsCode == code, "\(error)")
        try require(error.description.isOneLine, "it tears a line of the log: \(error)")
        try require(error.retryAfterMilliseconds.map { $0 >= 0 } ?? true, "\(error)")
        guard let reason = RetryPolicy.reason(for: error, isRepeatable: isRepeatable, clockIsOff: true) else { return }
        for attempt in [1, 7, 100] {
            let delay = RetryPolicy.delay(
                after: attempt, reason: reason, random: 0.999, retryAfterMilliseconds: error.retryAfterMilliseconds)
            try require((.zero ... .seconds(25)).contains(delay), "it waits for \(delay)")
        }
    }
    let server = Server([response])
    let client = try server.client()
    do {
        try CallingThread.shared.run { _ = try await STS(client).getCallerIdentity(deadline: Server.deadline) }
    } catch let error as AWSError {
        try require(error.attempts == server.requests.count && error.attempts <= 2, "\(error)")
    }
    guard let signed = server.requests.last?.headers["X-Amz-Date"] else { throw WrongResult(reason: "not signed") }
    // The latest date that a server can name is in the year 10000.
    try require((16...17).contains(signed.utf8.count) && signed.hasSuffix("Z"), "it is signed at \(signed)")
}
