import Testing

@testable import PostgresClient

@Suite("What libpq says of a connection that was not made")
struct PostgresMessageTests {
    @Test(
        "is told by the server's code, where it is the server that says it",
        arguments: [
            (
                "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01: no such password\nLOCATION:  auth\n",
                "28P01", "no such password"
            ),
            (
                "connection to server at \"a\" (10.0.0.1), port 1 failed: FATAL:  57P03: starting up", "57P03",
                "starting up"
            ),
            // In another language, and after a line of libpq's own.
            ("connection failed: \nFATALE:  53300: più di quanti: ne ha\n", "53300", "più di quanti: ne ha"),
            (
                "connection to server at \"a\", port 1 failed: Connection refused\n\tIs it running?\n", nil,
                "Connection refused Is it running?"
            ),
            (
                "connection to server at \"a\", port 1 failed: SSL error: certificate verify failed\n", nil,
                "SSL error: certificate verify failed"
            ),
            (
                "server closed the connection unexpectedly\n\tThis probably means\n", nil,
                "server closed the connection unexpectedly This probably means"
            ),
            ("FATAL:  28p01: x", nil, "FATAL:  28p01: x"), ("FATAL:  28P01:", nil, "FATAL:  28P01:"),
            ("FATAL:  28P01: no such\r\nuser", "28P01", "no such"), ("lost\r\n\tagain", nil, "lost again"),
            (":  28P01: ", "28P01", ""), ("", nil, "libpq gives no reason"), ("\n\n", nil, "libpq gives no reason"),
        ] as [(String, String?, String)])
    func parsed(text: String, sqlState: String?, reason: String) {
        let message = PostgresMessage(text)
        #expect(message.sqlState == sqlState)
        #expect(message.reason == reason)
    }
}
