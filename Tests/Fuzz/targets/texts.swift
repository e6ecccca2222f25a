import HTTPTransport

@testable import AWSClient
@testable import Diagnosis
@testable import PostgresClient

// Times, schedules and errors in the forms that services write them, and what goes into a URL. The first byte of an
// input says which.

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    let kind = input.byte()
    let text = input.text()
    switch kind {
    case UInt8(ascii: "t"): try time(text)
    case UInt8(ascii: "d"): try date(text)
    case UInt8(ascii: "s"): try schedule(text)
    case UInt8(ascii: "p"): try message(text)
    case UInt8(ascii: "u"): try canonical(text)
    case UInt8(ascii: "n"): try notification(text)
    default: try encoding(text)
    }
}

// MARK: - Times

private func time(_ text: String) throws {
    guard let time = Timestamp(iso8601: text) else { return }
    let bytes = Array(text.utf8)
    let local = try days(bytes, year: 0, month: 5, day: 8) * 86_400 + clock(bytes, 11)
    let zone = bytes[
        (bytes.lastIndex { $0 == UInt8(ascii: "Z") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } ?? 0)...]
    var offset: Int64 = 0
    if zone.first != UInt8(ascii: "Z") {
        let zone = Array(zone)
        offset = (number(zone[1..<3]) * 60 + number(zone[4..<6])) * (zone[0] == UInt8(ascii: "-") ? -60 : 60)
    }
    let (year, month, day) = (number(bytes[0..<4]), number(bytes[5..<7]), number(bytes[8..<10]))
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    try require((1...12).contains(month) && (1...Int64(length)).contains(day), "\(text) is in no calendar")
    try require(time.secondsSince1970 == local - offset, "\(text) is \(time.secondsSince1970)")
    if time.iso8601.utf8.count == 20, time.secondsSince1970 > -62_167_219_200 {
        try require(Timestamp(iso8601: time.iso8601) == time, "\(time.iso8601) is another time")
    }
}

private func date(_ text: String) throws {
    guard let time = Timestamp(httpDate: text) else { return }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = time.iso8601.utf8.split { !(0x30...0x39).contains($0) }.map { number(Array($0)[...]) }
    let words = text.split(separator: " ")
    try require(parts.count == 6 && words.count == 6, "\(text) is \(time.iso8601)")
    // The last second of a minute may be the 60th.
    guard !words[4].hasSuffix("60") else { return }
    try require(String(words[2]) == months[Int(parts[1] - 1)], "\(text) is \(time.iso8601)")
    try require(Int64(words[1]) == parts[2] && Int64(words[3]) == parts[0], "\(text) is \(time.iso8601)")
    let clock = words[4].split(separator: ":").map { Int64($0) }
    try require(clock == [parts[3], parts[4], parts[5]], "\(text) is \(time.iso8601)")
}

/// Days since 1970 of the Gregorian calendar, by the count of leap days.
private func days(_ bytes: [UInt8], year: Int, month: Int, day: Int) throws -> Int64 {
    let (y, m, d) = (number(bytes[year..<year + 4]), number(bytes[month..<month + 2]), number(bytes[day..<day + 2]))
    // Years that begin in March have their leap day at the end.
    let years = m > 2 ? y : y - 1
    let before = (153 * ((m + 9) % 12) + 2) / 5 + d - 1
    let leaps = (years + 400) / 4 - (years + 400) / 100 + (years + 400) / 400 - 97
    return years * 365 + leaps + before - 719_468
}

private func clock(_ bytes: [UInt8], _ start: Int) -> Int64 {
    number(bytes[start..<start + 2]) * 3600 + number(bytes[start + 3..<start + 5]) * 60
        + number(bytes[start + 6..<start + 8])
}

private func number(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(0) { $0 * 10 + Int64($1) - 0x30 } }

private func schedule(_ text: String) throws {
    guard let period = SchedulePeriod.of(text) else { return }
    try require((.seconds(60) ... .seconds(86_400_000_000)).contains(period), "\(text) is \(period)")
    try require(period.components.seconds % 60 == 0 && period.components.attoseconds == 0, "\(text) is \(period)")
    if text.hasPrefix("cron") { try require(period <= .seconds(3600), "\(text) is \(period)") }
}

// MARK: - Errors

private func message(_ text: String) throws {
    let message = PostgresMessage(text)
    try require(message.reason.isEmpty || !message.reason.utf8.contains(10), "it has two lines: \(message.reason)")
    guard let state = message.sqlState else { return try require(!message.reason.isEmpty, "no reason is given") }
    try require(state.utf8.count == 5 && text.has(":  \(state): \(message.reason)"), "\(state) is not in \(text)")
    try require(state.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }, state)
}

/// What was an error, or whatever a service says, goes out as subject and message of a mail.
private func notification(_ text: String) throws {
    if let subject = SNS.fittingSubject(text) {
        try require((1...SNS.maximumSubjectLength).contains(subject.utf8.count), subject)
        try require(subject.utf8.allSatisfy { (0x20...0x7E).contains($0) }, subject)
        try require(!subject.has("  ") && !subject.hasPrefix(" ") && !subject.hasSuffix(" "), "\"\(subject)\"")
        try require(SNS.fittingSubject(subject) == subject, subject)
    }
    let printable = AWSError.printable(text, limit: 50)
    try require(printable.isOneLine && printable.unicodeScalars.count <= 50 * 12 + 1, printable)
}

// MARK: - URLs

private func encoding(_ text: String) throws {
    let encoded = PercentEncoding.encode(text)
    try require(decoded(encoded) == Array(text.utf8), encoded)
    try require(encoded.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"/?&=#+:@".utf8.contains($0) }, encoded)
    try require(decoded(PercentEncoding.encode(text, keepingSlashes: true)) == Array(text.utf8), encoded)
    let form = PercentEncoding.form([("name", text), (text, "value")])
    try require(form == "name=\(encoded)&\(encoded)=value", form)
    let call = AWSCall.restXML(.route53, region: nil, operation: "o", path: ["2013-04-01", text], query: [("n", text)])
    do {
        let url = try WebURL(parsing: "https://route53.amazonaws.com\(call.path)?\(call.query ?? "")")
        try require(url.path == "/2013-04-01/\(encoded)" && url.query == "n=\(encoded)", "\(url)")
    } catch let error as WebURL.Problem { throw WrongResult(reason: "it cannot be asked for: \(error.reason)") }
}

private func decoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        let digits = rest.prefix(2)
        guard byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
            bytes.append(byte)
            continue
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return bytes
}

/// The canonical form of a request: what is in it is sorted, and nothing is lost or added.
private func canonical(_ text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var request = HTTPRequest(method: "GET", url: "https://example.com\(lines.first ?? "")")
    for line in lines.dropFirst() {
        let name = line.prefix { $0 != ":" }
        request.headers.append(String(name), String(line.dropFirst(name.count + 1)))
    }
    guard let canonical = try? SignatureV4.canonicalRequest(request, bodyHash: SignatureV4.hashOfEmptyBody),
        let url = try? WebURL(parsing: request.url)
    else { return }
    let names = canonical.signedHeaders.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    try require(names.contains { $0.elementsEqual("host".utf8) }, canonical.text)
    let query = canonical.text.utf8.split(separator: 10, omittingEmptySubsequences: false)[2]
    let count = url.query.map { $0.isEmpty ? 0 : $0.utf8.filter { $0 == UInt8(ascii: "&") }.count + 1 } ?? 0
    let pairs = query.isEmpty ? [] : query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
    try require(pairs.count == count, canonical.text)
    var again = request
    again.url = "https://\(url.authority)\(url.path)?\(String(Substring(query)))"
    let second = try? SignatureV4.canonicalRequest(again, bodyHash: SignatureV4.hashOfEmptyBody)
    try require(second == canonical, "\(canonical.text) is the second time \(second?.text ?? "")")
}
