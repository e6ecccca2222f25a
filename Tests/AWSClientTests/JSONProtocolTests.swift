import AWSClient
import HTTPTransport
import JSON
import Testing

@Suite struct JSONProtocolTests {
    private func call(_ outcome: FakeExecutor.Outcome) async throws -> (HTTPRequest?, String?, AWSError?) {
        let world = World()
        let executor = FakeExecutor(outcome)
        let client = try world.client(executor)
        let input: JSONValue = ["Name": "/a"]
        var call = AWSCall.json(.ssm, region: nil, operation: "GetParameter", target: "AmazonSSM", input: input)
        call.answerHoldsSecrets = true
        do throws(AWSError) {
            let value = try await client.json(call, deadline: world.deadline) { document throws(JSONError) in
                guard case .string(let value)? = document["Value"] else {
                    throw JSONError(path: "Value", reason: "is missing in \(document)")
                }
                return value
            }
            return (executor.requests.first, value, nil)
        } catch {
            return (executor.requests.first, nil, error)
        }
    }

    @Test("A call is a JSON object with its operation in a header")
    func request() async throws {
        let (request, value, _) = try await call(.xml(200, #"{"Value":"x"}"#))
        #expect(value == "x")
        #expect(request?.url == "https://ssm.eu-west-1.amazonaws.com/")
        #expect(request?.headers["X-Amz-Target"] == "AmazonSSM.GetParameter")
        #expect(request?.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(request.map { String(decoding: $0.body, as: UTF8.self) } == #"{"Name":"/a"}"#)
    }

    @Test(
        "The error is named by a header or by the body",
        arguments: [
            (["x-amzn-ErrorType": "ResourceNotFoundException"], "{}"),
            (["X-Amzn-Errortype": "ResourceNotFoundException:http://internal.amazon.com/coral/com.amazon/"], "{}"),
            (["x-amzn-ErrorType": "com.amazonaws.lambda#ResourceNotFoundException:http://x#y"], ""),
            (["x-amzn-ErrorType": "ResourceNotFoundException"], #"{"__type":"Other"}"#),
            ([:], #"{"code":"ResourceNotFoundException"}"#),
            ([:], #"{"Code":"com.amazonaws.lambda#ResourceNotFoundException"}"#),
            ([:], #"{"__type":"ResourceNotFoundException:http://x/"}"#),
        ] as [(HTTPHeaders, String)])
    func errorType(headers: HTTPHeaders, body: String) async throws {
        let (_, _, error) = try await call(.xml(404, body, headers: headers))
        #expect(error?.awsCode == "ResourceNotFoundException")
        #expect(error?.code == .refused)
    }

    @Test(
        "A header or member that names no error makes none",
        arguments: [(["x-amzn-ErrorType": ""], "{}"), ([:], #"{"code":404}"#), ([:], ##"{"__type":"#"}"##)]
            as [(HTTPHeaders, String)])
    func noErrorType(headers: HTTPHeaders, body: String) async throws {
        let (_, _, error) = try await call(.xml(404, body, headers: headers))
        #expect(error?.code == .unexpectedAnswer)
    }

    @Test("A header that names an error does not make one of a success")
    func successWithErrorType() async throws {
        let (_, value, _) = try await call(.xml(200, #"{"Value":"x"}"#, headers: ["x-amzn-ErrorType": "E"]))
        #expect(value == "x")
    }

    @Test(
        "Whatever else comes is an error, and quotes no secret",
        arguments: [
            (400, #"{"__type":"com.amazonaws.ssm#ParameterNotFound","message":"m"}"#, "ParameterNotFound"),
            (400, #"{"__type":"AccessDeniedException","Message":"m"}"#, "AccessDeniedException"),
            (400, "<html>hush</html>", nil), (200, #"{"Value":"hush"#, nil), (200, "", nil), (200, "{}", nil),
            (200, #"{"Other":"hush"}"#, nil),
            (302, "{}", nil),
        ] as [(Int, String, String?)])
    func errors(status: Int, body: String, awsCode: String?) async throws {
        let (_, value, error) = try await call(.xml(status, body))
        #expect(value == nil)
        #expect(error?.awsCode == awsCode)
        #expect(error?.code == (awsCode == nil ? .unexpectedAnswer : .refused))
        #expect(error?.description.contains("hush") == false)
    }
}
