import Testing
@Suite struct InteropStub { @Test func stub() {} }
