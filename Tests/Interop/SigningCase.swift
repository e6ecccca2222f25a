/// One request that is hard to sign, as `sign_with_botocore.py` reads it.
struct SigningCase: Codable, Sendable {
    var name: String
    var method = "GET"
    /// With a query only where `params` is nil.
    var url = "https://elasticache.eu-west-1.amazonaws.com/"
    /// Not encoded: both sides encode them.
    var params: [[String]]?
    var headers: [[String]] = []
    var body = ""
    var time = "20150830T123600Z"
    var region = "us-east-1"
    var service = "service"
    var accessKey = "AKIDEXAMPLE"
    var secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    var token: String?

    static let table: [SigningCase] = paths + queries + parameters + headers + others

    private static let paths = [
        "", "/", "//", "///", "/.", "/./", "/..", "/../..", "/a/", "/a//b", "//a///b//", "/a/./b", "/a/../b",
        "/a/../../b",
        "/a/b/..", "/a/b/../", "/a/.../b", "/a%20b", "/a%2Fb", "/a%2fb/", "/%", "/%zz", "/%25", "/%E1%88%B4", "/~a-b._",
        "/a+b", "/a*b", "/a:b@c", "/a;b=c,d", "/!$&'()", "/2013-04-01/hostedzone/Z1/rrset",
    ].map { path in
        SigningCase(name: "path \(path)", url: "https://example.amazonaws.com\(path)")
    }

    private static let queries = [
        "", "a", "a=", "=b", "=", "a&a", "b=2&a=1", "a=2&a=1", "a=1&a=1", "a=b=c", "A=1&a=2&B=3", "a-b=1&a=2&ab=3",
        "a=1&a-=2&a.=3", "a=%20&a=%2B&a=%2A", "a=x~y", "a=-._~", "%E1%88%B4=bar", "a&&b", "a=1&", "a=/x/y",
        "a10=1&a9=2",
    ].map { query in
        SigningCase(name: "query \(query)", url: "https://example.amazonaws.com/?\(query)")
    }

    private static let parameters = [
        [["a", ""]], [["a", "1"], ["a", "0"], ["A", "2"]], [["a b", "c d"]], [["a", "+"], ["b", "*"], ["c", "~"]],
        [["name", "*.example.com"], ["type", "A"], ["identifier", "x/y z"], ["maxitems", "300"]],
        [["ü", "ሴ"], ["emoji", "👩‍🚀"], ["combining", "e\u{301}"]], [["&", "="], ["=", "&"], ["?", "#"]],
        [["%", "%20"], ["%41", "A"]], [["a", "\"'<>\\^`{|}"]], [["a", "line\nbreak\ttab\u{0}null"]],
        [["", "x"], ["x", ""]],
    ].enumerated().map { index, pairs in
        SigningCase(name: "parameters \(index)", params: pairs)
    }

    private static let headers = [
        [["My-Header", "  a   b  "]], [["My-Header", "\ta\t\tb "]], [["My-Header", "\"a   b   c\""]],
        [["My-Header", ""]],
        [["My-Header", "b"], ["My-Header", "a"]], [["My-Header", "b"], ["my-header", " a  c "], ["MY-HEADER", "b"]],
        [["Zebra", "1"], ["alpha", "2"], ["X-Amz-Z", "3"], ["x-amz-a", "4"]],
        [["a-b", "1"], ["a", "2"], ["ab", "3"]],
        [["My-Header", "a,b ,  c"]], [["Host", "other.example.com"]], [["Host", "Other.Example.com:8080"]],
        [["User-Agent", "x"], ["X-Amzn-Trace-Id", "Root=1"], ["Connection", "close"], ["Expect", "100-continue"]],
        [["amz-sdk-invocation-id", "1"], ["amz-sdk-request", "attempt=1; max=3"], ["Transfer-Encoding", "chunked"]],
        [["X-Amz-Date", "20000101T000000Z"], ["Authorization", "old"], ["X-Amz-Security-Token", "old"]],
    ].enumerated().map { index, fields in
        SigningCase(name: "headers \(index)", headers: fields, token: index == 13 ? "new" : nil)
    }

    private static let form = [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]]

    private static let others = [
        SigningCase(name: "form", method: "POST", headers: form, body: "Action=ListUsers&Version=2010-05-08"),
        SigningCase(name: "body without type", method: "POST", body: "x"),
        SigningCase(name: "body in UTF-8", method: "PUT", body: "ü\u{0}\r\n👩‍🚀"),
        SigningCase(
            name: "long body", method: "POST", headers: form, body: String(repeating: "0123456789", count: 20_000)),
        SigningCase(name: "no body", method: "DELETE"),
        SigningCase(name: "token", token: "AQoDYXdzEPT//////////wEXAMPLE+/=="),
        SigningCase(name: "token and body", method: "POST", headers: form, body: "a=b", token: "t"),
        SigningCase(name: "leap day", time: "20240229T235959Z"),
        SigningCase(name: "end of a year", time: "19991231T235959Z"),
        SigningCase(name: "far away", time: "21000228T000000Z"),
        SigningCase(name: "another region and service", region: "cn-northwest-1", service: "route53"),
        SigningCase(name: "port", url: "https://example.com:8443/"),
        SigningCase(name: "default port of https", url: "https://example.com:443/"),
        SigningCase(name: "default port of http", url: "http://example.com:80/"),
        SigningCase(name: "port of the other scheme", url: "http://example.com:443/"),
        SigningCase(name: "IPv4", url: "http://127.0.0.1:4566/"),
        SigningCase(name: "IPv6", url: "http://[::1]:4566/a"),
        SigningCase(name: "host in capitals", url: "https://EXAMPLE.com/"),
        SigningCase(name: "no path but a query", url: "https://example.com?a=b"),
        SigningCase(name: "secret with odd characters", secretKey: "sécret key+/=\u{1F511}"),
    ]
}
