// What libFuzzer calls for each input. It is compiled with one file of targets/ at a time, which has
// `func fuzz(_ input: [UInt8]) throws`, and linked with the modules of the product: see .ci/fuzz.

/// What an input has shown to be wrong.
struct WrongResult: Error {
    var reason: String
}

func require(_ holds: Bool, _ reason: @autoclosure () -> String) throws {
    guard holds else { throw WrongResult(reason: reason()) }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do { try fuzz(Array(UnsafeBufferPointer(start: bytes, count: count))) } catch {
        // libFuzzer takes it for a crash, and keeps the input.
        fatalError("\(error)")
    }
    return 0
}
