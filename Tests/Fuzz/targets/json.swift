import JSON

/// JSON texts: what is read is written as a text that reads the same.
func fuzz(_ input: [UInt8]) throws {
    guard let value = try? JSONValue(parsing: input) else { return }
    let again = try JSONValue(parsing: value.serialized())
    try require(again == value, "\(value)")
}
