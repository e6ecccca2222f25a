/// What libpq says of a connection that was not made, taken apart.
///
/// Of a login that the server refuses there is no more than this text: `PQresultErrorField` is for statements alone. At
/// the verbosity that is asked for it is
///
///     connection to server at "a.example.com" (10.0.0.1), port 5432 failed: FATAL:  57P03: the database system …
///     LOCATION:  ProcessStartupPacket, postmaster.c:2413
///
/// with the word for FATAL in the server's language; what libpq itself has to say comes without the five characters.
struct PostgresMessage {
    private(set) var sqlState: String?
    private(set) var reason: String

    init(_ text: String) {
        // By characters: a return and a line feed are one of them, and not a line feed.
        let lines = text.split(whereSeparator: \.isNewline).map(Array.init)
        for line in lines {
            guard let state = Self.stateIndex(in: line) else { continue }
            sqlState = String(line[state..<state + 5])
            reason = String(line[(state + 7)...])
            return
        }
        var first = lines.first ?? []
        // The address is said where the failure is told of.
        let end: [Character] = Array(" failed: ")
        if let index = first.indices.first(where: { first[$0...].starts(with: end) }) {
            first.removeFirst(index + end.count)
        }
        let words = ([first] + lines.dropFirst()).map { String($0).droppingTabs }.filter { !$0.isEmpty }
        reason = words.isEmpty ? "libpq gives no reason" : words.joined(separator: " ")
    }

    /// Where an SQLSTATE begins, between `:  ` and `: `.
    private static func stateIndex(in line: [Character]) -> Int? {
        line.indices.first { index in
            guard index >= 3, index + 7 <= line.count, line[index - 3..<index] == [":", " ", " "],
                line[index + 5] == ":", line[index + 6] == " "
            else { return false }
            return line[index..<index + 5].allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) }
        }
    }
}

extension String {
    /// libpq begins its second lines with one.
    fileprivate var droppingTabs: String { String(drop { $0 == "\t" || $0 == " " }) }
}
