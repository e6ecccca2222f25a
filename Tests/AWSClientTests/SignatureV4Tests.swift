import AWSClient
import HTTPTransport
import Testing

/// The vectors are those that AWS has published: the documented example of IAM ListUsers, and the
/// `get-vanilla` family of the Signature Version 4 test suite.
@Suite struct SignatureV4Tests {
    static let time = Timestamp(secondsSince1970: 1_440_938_160)
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    static let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret(secret), source: "a test")

    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var method = "GET"
        var url = "https://example.amazonaws.com/"
        var headers: [(String, String)] = []
        var body = ""
        /// The SHA-256 of the canonical request, where the suite's string to sign is known to us.
        var hash: String?
        var signedHeaders = "host;x-amz-date"
        var signature: String

        var testDescription: String { name }
    }

    static let vectors = [
        Vector(
            name: "get-vanilla", hash: "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            name: "get-vanilla-query-order-key-case", url: "https://example.amazonaws.com/?Param2=value2&Param1=value1",
            hash: "816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Vector(
            name: "get-vanilla-empty-query-key", url: "https://example.amazonaws.com/?Param1=value1",
            hash: "1e24db194ed7d0eec2de28d7369675a243488e08526e8c1c73571282f7c517ab",
            signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        Vector(
            name: "get-vanilla-query-unreserved",
            url: "https://example.amazonaws.com/"
                + "?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                + "=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        Vector(
            name: "get-vanilla-utf8-query", url: "https://example.amazonaws.com/?%E1%88%B4=bar",
            signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        Vector(
            name: "get-unreserved",
            url: "https://example.amazonaws.com/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        Vector(
            name: "get-relative", url: "https://example.amazonaws.com/example/..",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            name: "get-slashes", url: "https://example.amazonaws.com//",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            name: "get-slash-pointless-dot", url: "https://example.amazonaws.com/./example",
            signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        Vector(
            name: "get-header-key-duplicate",
            headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
            signedHeaders: "host;my-header1;x-amz-date",
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        Vector(
            name: "get-header-value-order",
            headers: [
                ("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2"),
            ],
            signedHeaders: "host;my-header1;x-amz-date",
            signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
        Vector(
            name: "get-header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            signedHeaders: "host;my-header1;my-header2;x-amz-date",
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Vector(
            name: "post-vanilla", method: "POST",
            hash: "553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87",
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Vector(
            name: "post-header-key-sort", method: "POST", headers: [("My-Header1", "value1")],
            signedHeaders: "host;my-header1;x-amz-date",
            signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
        Vector(
            name: "post-x-www-form-urlencoded", method: "POST",
            headers: [("Content-Type", "application/x-www-form-urlencoded")], body: "Param1=value1",
            signedHeaders: "content-type;host;x-amz-date",
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        Vector(
            name: "post-x-www-form-urlencoded-parameters", method: "POST",
            headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf8")], body: "Param1=value1",
            signedHeaders: "content-type;host;x-amz-date",
            signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"),
    ]

    @Test("Signatures are those of the published test suite", arguments: vectors)
    func suite(_ vector: Vector) throws {
        var request = HTTPRequest(method: vector.method, url: vector.url, body: Array(vector.body.utf8))
        for (name, value) in vector.headers { request.headers.append(name, value) }
        let bodyHash =
            vector.body.isEmpty
            ? SignatureV4.hashOfEmptyBody : "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"
        try SignatureV4(credentials: Self.credentials, region: "us-east-1", service: "service")
            .sign(&request, at: Self.time, bodyHash: bodyHash, keys: SigningKeyCache())
        #expect(
            request.headers["Authorization"]
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=\(vector.signedHeaders), Signature=\(vector.signature)")
        if let hash = vector.hash {
            let canonical = try SignatureV4.canonicalRequest(request, bodyHash: bodyHash)
            let scope = SignatureV4.Scope(date: "20150830", region: "us-east-1", service: "service")
            let text = try SignatureV4.stringToSign(canonical.text, at: Self.time, scope: scope)
            #expect(text == "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n\(hash)")
        }
    }

    static let listUsersScope = SignatureV4.Scope(date: "20150830", region: "us-east-1", service: "iam")
    static let listUsersCanonical = """
        GET
        /
        Action=ListUsers&Version=2010-05-08
        content-type:application/x-www-form-urlencoded; charset=utf-8
        host:iam.amazonaws.com
        x-amz-date:20150830T123600Z

        content-type;host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """
    static let listUsersText = """
        AWS4-HMAC-SHA256
        20150830T123600Z
        20150830/us-east-1/iam/aws4_request
        f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59
        """

    @Test("The canonical request is that of the documented example")
    func canonicalRequest() throws {
        let request = HTTPRequest(
            method: "GET", url: "https://iam.amazonaws.com/?Version=2010-05-08&Action=ListUsers",
            headers: [
                "X-Amz-Date": "20150830T123600Z", "Host": "iam.amazonaws.com",
                "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            ])
        let canonical = try SignatureV4.canonicalRequest(request, bodyHash: SignatureV4.hashOfEmptyBody)
        #expect(canonical.text == Self.listUsersCanonical)
        #expect(canonical.signedHeaders == "content-type;host;x-amz-date")
    }

    @Test("The string to sign is that of the documented example")
    func stringToSign() throws {
        let text = try SignatureV4.stringToSign(Self.listUsersCanonical, at: Self.time, scope: Self.listUsersScope)
        #expect(text == Self.listUsersText)
    }

    @Test("The signing key is that of the documented example")
    func signingKey() throws {
        let key = try SignatureV4.key(secret: Secret(Self.secret), scope: Self.listUsersScope)
        let digits = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(digits == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
    }

    @Test("The signature is that of the documented example")
    func signature() throws {
        let key = try SignatureV4.key(secret: Secret(Self.secret), scope: Self.listUsersScope)
        let signature = try SignatureV4.signature(of: Self.listUsersText, key: key)
        #expect(signature == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
    }

    @Test("A session token is sent and signed, as in post-sts-header-before")
    func sessionToken() throws {
        var credentials = Self.credentials
        credentials.sessionToken = Secret(
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YU"
                + "uwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8Y"
                + "QcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICC"
                + "R/oLxBA==")
        var request = HTTPRequest(method: "POST", url: "https://example.amazonaws.com/")
        try SignatureV4(credentials: credentials, region: "us-east-1", service: "service")
            .sign(&request, at: Self.time, bodyHash: SignatureV4.hashOfEmptyBody, keys: SigningKeyCache())
        #expect(
            request.headers["Authorization"]?.hasSuffix(
                "SignedHeaders=host;x-amz-date;x-amz-security-token, "
                    + "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead") == true)
    }

    @Test("Signing again replaces what the first time left")
    func signingAgain() throws {
        var once = HTTPRequest(method: "GET", url: "https://example.amazonaws.com/")
        let signer = SignatureV4(credentials: Self.credentials, region: "us-east-1", service: "service")
        let keys = SigningKeyCache()
        try signer.sign(&once, at: Self.time, bodyHash: SignatureV4.hashOfEmptyBody, keys: keys)
        var twice = HTTPRequest(method: "GET", url: "https://example.amazonaws.com/")
        try signer.sign(
            &twice, at: Self.time.adding(seconds: 86400), bodyHash: SignatureV4.hashOfEmptyBody, keys: keys)
        try signer.sign(&twice, at: Self.time, bodyHash: SignatureV4.hashOfEmptyBody, keys: keys)
        #expect(once.headers == twice.headers)
    }

    @Test("Another secret under the same scope gets another key")
    func changedSecret() throws {
        let keys = SigningKeyCache()
        let values = try ["one", "two", "one"].map { secret in
            var request = HTTPRequest(method: "GET", url: "https://example.amazonaws.com/")
            let credentials = AWSCredentials(accessKeyID: "A", secretAccessKey: Secret(secret), source: "a test")
            try SignatureV4(credentials: credentials, region: "us-east-1", service: "service")
                .sign(&request, at: Self.time, bodyHash: SignatureV4.hashOfEmptyBody, keys: keys)
            return request.headers["Authorization"]
        }
        #expect(values[0] != values[1])
        #expect(values[0] == values[2])
    }
}
