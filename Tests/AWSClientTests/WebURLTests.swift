import AWSClient
import Testing

@Suite struct WebURLTests {
    @Test(
        "URLs are taken apart and put together in one form",
        arguments: [
            ("http://localhost:4566", "http://localhost:4566/", "localhost:4566"),
            ("HTTPS://Example.COM:443/a?b=c", "https://example.com/a?b=c", "example.com"),
            ("http://example.com:80", "http://example.com/", "example.com"),
            ("https://example.com:80/", "https://example.com:80/", "example.com:80"),
            ("http://[::1]:8080/x/", "http://[::1]:8080/x/", "[::1]:8080"),
            ("http://h?x", "http://h/?x", "h"),
        ])
    func parsing(text: String, normal: String, authority: String) throws {
        let url = try WebURL(parsing: text)
        #expect(url.text == normal)
        #expect(url.authority == authority)
    }

    @Test(
        "What is no URL of a web server is refused",
        arguments: [
            "", "localhost:4566", "ftp://x/", "http://", "http:///x", "http://:80", "http://h:0", "http://h:65536",
            "http://h:+1", "http://h:", "http://a b/", "http://u:p@h/", "http://h/#f", "http://h/\n", "http://[::1",
            "http://[x]/",
            "http://[127.0.0.1]/", "http://[::1]x/", "http://h\\x", "http://ü.example/", "https:/h", "://h",
        ])
    func refusing(text: String) {
        #expect(throws: WebURL.Problem.self) { try WebURL(parsing: text) }
    }
}
