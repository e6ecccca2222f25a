// sources: Sources/JSON/*.swift
// modules: CJansson

func fuzz(_ input: [UInt8]) throws {
    guard let value = try? JSONValue(parsing: input) else { return }
    let again = try JSONValue(parsing: value.serialized())
    try require(again == value, "\(value)")
}
